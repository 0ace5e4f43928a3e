/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief design.md, "schedule": "An executor whose thread dies (a fault in a function,
 * k_thread_abort) is never silent: [...] the fatal error handler sees it."
 */

#include <zephyr/fatal.h>
#include <zephyr/kernel.h>

#include <micrort/micrort.h>

#ifdef CONFIG_MICRORT_EXECUTOR_APPLICATION

static K_THREAD_STACK_DEFINE(stack, 2048);
static struct k_work_q queue;

/* Not essential: that the executor is on it is micrort's affair. */
static void start_executor(void)
{
	k_work_queue_start(&queue, stack, K_THREAD_STACK_SIZEOF(stack), -1, NULL);
	(void)micrort_executor_start_on(&queue);
}

#else

static void start_executor(void)
{
}

#endif

void k_sys_fatal_error_handler(unsigned int reason, const struct arch_esf *esf)
{
	ARG_UNUSED(esf);

	printk("the handler sees %u in the %s thread\n", reason,
	       k_current_get() == micrort_executor_thread() ? "executor's" : "wrong");
	while (true) {
	}
}

static void end_thread(void *arg)
{
	ARG_UNUSED(arg);

	k_thread_abort(k_current_get());
}

int main(void)
{
	start_executor();
	if (micrort_schedule(end_thread, NULL) != 0) {
		printk("it was refused\n");
	}
	k_msleep(100);
	printk("nobody has seen it\n");

	return 0;
}
