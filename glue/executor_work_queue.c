/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief The executor that is a work item: on a work queue of micrort's own, on the system's, or on
 * the application's.
 */

#include <errno.h>

#include <zephyr/init.h>

#include <micrort/schedule.h>

#include "executor.h"

#if defined(CONFIG_MICRORT_EXECUTOR_WORK_QUEUE)

static K_KERNEL_STACK_DEFINE(executor_stack, CONFIG_MICRORT_EXECUTOR_STACK_SIZE);
static struct k_work_q own_queue;

static struct k_work_q *queue(void)
{
	return &own_queue;
}

#elif defined(CONFIG_MICRORT_EXECUTOR_SYSTEM)

static struct k_work_q *queue(void)
{
	return &k_sys_work_q;
}

#else /* CONFIG_MICRORT_EXECUTOR_APPLICATION */

static atomic_ptr_t application_queue;

static struct k_work_q *queue(void)
{
	return atomic_ptr_get(&application_queue);
}

int micrort_executor_start_on(struct k_work_q *queue)
{
	if (queue == NULL) {
		return -EINVAL;
	}
	if (!atomic_ptr_cas(&application_queue, NULL, queue)) {
		return -EALREADY;
	}
	micrort_executor_start();

	return 0;
}

#endif

static void pass(struct k_work *work)
{
	ARG_UNUSED(work);

	micrort_executor_pass();
}

static K_WORK_DEFINE(pass_work, pass);

#ifdef CONFIG_MICRORT_EXECUTOR_WORK_QUEUE

/* Nobody else has the queue, so it never refuses. */
void micrort_port_wake_executor(void)
{
	(void)k_work_submit_to_queue(&own_queue, &pass_work);
}

void micrort_port_wake_executor_later(void)
{
	k_sleep(K_TICKS(1));
	micrort_port_wake_executor();
}

#else

static void submit(struct k_timer *timer)
{
	ARG_UNUSED(timer);

	/* A queue that somebody drains or plugs refuses for a while. */
	if (k_work_submit_to_queue(queue(), &pass_work) < 0) {
		micrort_port_wake_executor_later();
	}
}

static K_TIMER_DEFINE(later, submit, NULL);

void micrort_port_wake_executor(void)
{
	submit(NULL);
}

/* Nothing may block a queue that others use. */
void micrort_port_wake_executor_later(void)
{
	/* Not put off by every call of a producer's while the queue refuses. */
	if (k_timer_remaining_ticks(&later) == 0) {
		k_timer_start(&later, MICRORT_PAUSE, K_NO_WAIT);
	}
}

#endif

void micrort_port_pass_abandoned(k_tid_t thread)
{
	ARG_UNUSED(thread);

	/*
	 * No function runs any more. The kernel itself panics at the end of an essential thread,
	 * which an application's queue need not be.
	 */
	if (IS_ENABLED(CONFIG_MICRORT_EXECUTOR_APPLICATION)) {
		micrort_port_panic();
	}
}

k_tid_t micrort_executor_thread(void)
{
	struct k_work_q *current = queue();

	return current == NULL ? NULL : k_work_queue_thread_get(current);
}

#ifndef CONFIG_MICRORT_EXECUTOR_APPLICATION

static int executor_init(void)
{
#ifdef CONFIG_MICRORT_EXECUTOR_WORK_QUEUE
	static const struct k_work_queue_config config = {
		.name = "micrort",
		.essential = true,
	};

	k_work_queue_init(&own_queue);
	k_work_queue_start(&own_queue, executor_stack, K_KERNEL_STACK_SIZEOF(executor_stack),
			   CONFIG_MICRORT_EXECUTOR_PRIORITY, &config);
#endif
	micrort_executor_start();

	return 0;
}

SYS_INIT(executor_init, POST_KERNEL, CONFIG_MICRORT_INIT_PRIORITY);

#endif
