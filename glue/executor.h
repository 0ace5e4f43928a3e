/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief What the executors share.
 */

#ifndef MICRORT_GLUE_EXECUTOR_H_
#define MICRORT_GLUE_EXECUTOR_H_

#include <zephyr/kernel.h>

#include "port.h"

/** Held during a pass. */
extern struct k_mutex micrort_pass_mutex;

/**
 * Pause of an executor that a timer wakes. A whole tick at least: k_timer_start() counts from the begin of the
 * current tick. With one tick, passes that always end just before the next tick would leave no pause.
 */
#define MICRORT_PAUSE K_TICKS(2)

#ifdef CONFIG_MICRORT_EXECUTOR_PRIORITY
BUILD_ASSERT(IN_RANGE(CONFIG_MICRORT_EXECUTOR_PRIORITY, K_HIGHEST_THREAD_PRIO,
		      K_LOWEST_APPLICATION_THREAD_PRIO),
	     "CONFIG_MICRORT_EXECUTOR_PRIORITY is no priority of this kernel: see "
	     "CONFIG_NUM_COOP_PRIORITIES and CONFIG_NUM_PREEMPT_PRIORITIES");
#endif

#endif /* MICRORT_GLUE_EXECUTOR_H_ */
