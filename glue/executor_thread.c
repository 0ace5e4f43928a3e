/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief The executor that is a thread of micrort's own.
 */

#include <zephyr/init.h>

#include "executor.h"

static K_KERNEL_STACK_DEFINE(executor_stack, CONFIG_MICRORT_EXECUTOR_STACK_SIZE);
static struct k_thread executor;

#if defined(CONFIG_SMP) || defined(CONFIG_USE_SWITCH)

/* A CPU that comes late would resume a function; and arch_switch() must not hold a lock. */
static K_SEM_DEFINE(wake, 0, 1);

void micrort_port_wake_executor(void)
{
	k_sem_give(&wake);
}

static void wait_until_woken(void)
{
	(void)k_sem_take(&wake, K_FOREVER);
}

static bool is_woken(void)
{
	return k_sem_count_get(&wake) != 0;
}

#else

/* k_sem_give() takes half as long again as to resume a thread. */
static volatile bool woken;
static bool suspended;

/* Of kernel/include/ksched.h: nothing public does as little. */
void z_reschedule_irqlock(uint32_t key);

void micrort_port_wake_executor(void)
{
	unsigned int key = irq_lock();

	woken = true;
	/*
	 * In the same section, so that no late call resumes a function that has suspended itself:
	 * with interrupts locked k_thread_resume() does not switch.
	 */
	if (suspended) {
		k_thread_resume(&executor);
	}
	irq_unlock(key);
	z_reschedule_irqlock(arch_irq_lock());
}

static void wait_until_woken(void)
{
	unsigned int key = irq_lock();

	/* Interrupts are locked until another thread runs, so no call comes in between. */
	if (!woken) {
		suspended = true;
		k_thread_suspend(&executor);
		suspended = false;
	}
	woken = false;
	irq_unlock(key);
}

static bool is_woken(void)
{
	return woken;
}

#endif

void micrort_port_wake_executor_later(void)
{
	k_sleep(K_TICKS(1));
	micrort_port_wake_executor();
}

void micrort_port_pass_abandoned(k_tid_t thread)
{
	ARG_UNUSED(thread);
	/* The thread is essential: the kernel panics. */
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
		wait_until_woken();
		micrort_executor_pass();
		if (is_woken()) {
			/* The next pass follows at once: other threads first. */
			k_yield();
		}
	}
}

static int executor_init(void)
{
	k_thread_create(&executor, executor_stack, K_KERNEL_STACK_SIZEOF(executor_stack),
			run_passes, NULL, NULL, NULL, CONFIG_MICRORT_EXECUTOR_PRIORITY,
			K_ESSENTIAL, K_NO_WAIT);
	(void)k_thread_name_set(&executor, "micrort");
	micrort_executor_start();

	return 0;
}

SYS_INIT(executor_init, POST_KERNEL, CONFIG_MICRORT_INIT_PRIORITY);
