/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief Where scheduled functions run.
 */

#include <zephyr/init.h>
#include <zephyr/kernel.h>

#include "port.h"

static K_MUTEX_DEFINE(pass_mutex);

int micrort_port_pass_try_lock(void)
{
	return k_mutex_lock(&pass_mutex, K_NO_WAIT);
}

void micrort_port_pass_unlock(void)
{
	(void)k_mutex_unlock(&pass_mutex);
}

void micrort_port_pass_wait(void)
{
	(void)k_mutex_lock(&pass_mutex, K_FOREVER);
	(void)k_mutex_unlock(&pass_mutex);
}

#ifdef CONFIG_MICRORT_EXECUTOR_POLL

void micrort_port_wake_executor(void)
{
	micrort_port_wake_sleepers();
}

static k_tid_t ended_poller;

/*
 * Only its owner may unlock a mutex, and the owner is gone: whoever runs this takes its place. In
 * a thread of its own, because a thread may end in a fault, which is an exception. The owner may
 * also be a thread in micrort_critical_enter(), which gives the mutex back by itself.
 */
static void give_mutex_back(struct k_work *work)
{
	ARG_UNUSED(work);

	if (pass_mutex.owner == ended_poller) {
		pass_mutex.owner = k_current_get();
		pass_mutex.owner_orig_prio = k_thread_priority_get(pass_mutex.owner);
		(void)k_mutex_unlock(&pass_mutex);
	}
	micrort_executor_abandoned();
}

static K_WORK_DEFINE(abandoned_work, give_mutex_back);

void micrort_port_pass_abandoned(k_tid_t thread)
{
	/* One at a time: the pass stays claimed until the work has run. */
	ended_poller = thread;
	(void)k_work_submit(&abandoned_work);
}

k_tid_t micrort_executor_thread(void)
{
	return NULL;
}

static int executor_init(void)
{
	micrort_executor_start();

	return 0;
}

#else

void micrort_port_pass_abandoned(k_tid_t thread)
{
	ARG_UNUSED(thread);
	/* An executor without its thread runs nothing any more. */
}

#ifdef CONFIG_MICRORT_EXECUTOR_DEDICATED

BUILD_ASSERT(IN_RANGE(CONFIG_MICRORT_EXECUTOR_PRIORITY, K_HIGHEST_THREAD_PRIO,
		      K_LOWEST_APPLICATION_THREAD_PRIO),
	     "CONFIG_MICRORT_EXECUTOR_PRIORITY is no priority of this kernel: see "
	     "CONFIG_NUM_COOP_PRIORITIES and CONFIG_NUM_PREEMPT_PRIORITIES");

static K_KERNEL_STACK_DEFINE(executor_stack, CONFIG_MICRORT_EXECUTOR_STACK_SIZE);
static struct k_thread executor;
static K_SEM_DEFINE(wake, 0, 1);

void micrort_port_wake_executor(void)
{
	k_sem_give(&wake);
}

k_tid_t micrort_executor_thread(void)
{
	return &executor;
}

static void run_passes(void *p1, void *p2, void *p3)
{
	ARG_UNUSED(p1);
	ARG_UNUSED(p2);
	ARG_UNUSED(p3);

	while (true) {
		(void)k_sem_take(&wake, K_FOREVER);
		micrort_executor_pass();
		if (k_sem_count_get(&wake) != 0) {
			/* The next pass follows at once: other threads first. */
			k_yield();
		}
	}
}

static int executor_init(void)
{
	k_thread_create(&executor, executor_stack, K_KERNEL_STACK_SIZEOF(executor_stack),
			run_passes, NULL, NULL, NULL, CONFIG_MICRORT_EXECUTOR_PRIORITY, 0,
			K_NO_WAIT);
	(void)k_thread_name_set(&executor, "micrort");
	micrort_executor_start();

	return 0;
}

#else /* CONFIG_MICRORT_EXECUTOR_SYSTEM */

static void pass(struct k_work *work)
{
	ARG_UNUSED(work);

	micrort_executor_pass();
}

static K_WORK_DEFINE(pass_work, pass);

static void submit(struct k_timer *timer);

static K_TIMER_DEFINE(retry, submit, NULL);

/* The application may drain or plug the system work queue, which then refuses for a while. */
static void submit(struct k_timer *timer)
{
	ARG_UNUSED(timer);

	if (k_work_submit(&pass_work) < 0) {
		k_timer_start(&retry, K_MSEC(1), K_NO_WAIT);
	}
}

void micrort_port_wake_executor(void)
{
	submit(NULL);
}

k_tid_t micrort_executor_thread(void)
{
	return k_work_queue_thread_get(&k_sys_work_q);
}

static int executor_init(void)
{
	micrort_executor_start();

	return 0;
}

#endif /* CONFIG_MICRORT_EXECUTOR_DEDICATED */
#endif /* CONFIG_MICRORT_EXECUTOR_POLL */

SYS_INIT(executor_init, POST_KERNEL, CONFIG_MICRORT_INIT_PRIORITY);

void micrort_port_wake_executor_later(void)
{
	micrort_port_wake_executor();
}
