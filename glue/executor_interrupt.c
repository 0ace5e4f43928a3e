/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief The executor that is an interrupt of the NVIC.
 *
 * One CPU: while functions run no thread does, so a thread never finds a pass under way.
 */

#include <zephyr/init.h>
#include <zephyr/irq.h>

#include <cmsis_core.h>

#include "executor.h"

#define LINE CONFIG_MICRORT_EXECUTOR_IRQ

#define LOWEST_PRIORITY (BIT_MASK(NUM_IRQ_PRIO_BITS) - _IRQ_PRIO_OFFSET)
#define PRIORITY                                                                                   \
	(CONFIG_MICRORT_EXECUTOR_IRQ_PRIORITY < 0 ? LOWEST_PRIORITY                                \
						  : CONFIG_MICRORT_EXECUTOR_IRQ_PRIORITY)

BUILD_ASSERT(IN_RANGE(LINE, 0, CONFIG_NUM_IRQS - 1),
	     "CONFIG_MICRORT_EXECUTOR_IRQ must be a line of the NVIC that nothing else uses, below "
	     "CONFIG_NUM_IRQS");
BUILD_ASSERT(PRIORITY <= LOWEST_PRIORITY,
	     "CONFIG_MICRORT_EXECUTOR_IRQ_PRIORITY is no priority of this CPU: 0 is the highest, -1 stands "
	     "for the lowest");

void micrort_port_wake_executor(void)
{
	NVIC_SetPendingIRQ(LINE);
}

static void wake(struct k_timer *timer)
{
	ARG_UNUSED(timer);

	micrort_port_wake_executor();
}

static K_TIMER_DEFINE(later, wake, NULL);

void micrort_port_wake_executor_later(void)
{
	k_timer_start(&later, MICRORT_PAUSE, K_NO_WAIT);
}

void micrort_port_pass_wait(void)
{
	/* No pass is under way. */
}

void micrort_port_pass_unlock(void)
{
	/* Nor has a thread one to abandon. */
}

void micrort_port_pass_abandoned(k_tid_t thread)
{
	ARG_UNUSED(thread);
	/* Nor to leave behind. */
}

k_tid_t micrort_executor_thread(void)
{
	return NULL;
}

static void pass(const void *arg)
{
	ARG_UNUSED(arg);

	micrort_executor_pass_in_interrupt();
}

static int executor_init(void)
{
	/* Not a direct one, which costs 4 instructions less: Zephyr does not see two owners of a line then. */
	IRQ_CONNECT(LINE, PRIORITY, pass, NULL, 0);
	irq_enable(LINE);
	micrort_executor_start();

	return 0;
}

SYS_INIT(executor_init, POST_KERNEL, CONFIG_MICRORT_INIT_PRIORITY);
