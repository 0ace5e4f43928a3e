/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief One way to write a test for all executors.
 */

#ifndef MICRORT_TESTS_EXECUTOR_H_
#define MICRORT_TESTS_EXECUTOR_H_

#include <micrort/micrort.h>

#include "trace.h"

#define DEPTH CONFIG_MICRORT_SCHEDULE_DEPTH

#if defined(CONFIG_MICRORT_EXECUTOR_WORK_QUEUE) || defined(CONFIG_MICRORT_EXECUTOR_THREAD)
#define EXECUTOR_PRIORITY CONFIG_MICRORT_EXECUTOR_PRIORITY
#elif defined(CONFIG_MICRORT_EXECUTOR_SYSTEM)
#define EXECUTOR_PRIORITY CONFIG_SYSTEM_WORKQUEUE_PRIORITY
#elif defined(CONFIG_MICRORT_EXECUTOR_APPLICATION)
/* Of the queue that the test starts. */
#define EXECUTOR_PRIORITY (-1)
#elif defined(CONFIG_MICRORT_EXECUTOR_INTERRUPT)
/* Before all threads. */
#define EXECUTOR_PRIORITY (K_HIGHEST_THREAD_PRIO - 1)
#else
/* Of the polling thread that executor_begin() starts. */
#define EXECUTOR_PRIORITY 10
#endif

#define EXECUTOR_IS_POLL      IS_ENABLED(CONFIG_MICRORT_EXECUTOR_POLL)
#define EXECUTOR_IS_INTERRUPT IS_ENABLED(CONFIG_MICRORT_EXECUTOR_INTERRUPT)

/** Wait until everything that was queued has run; with the poll executor, run it. */
void settle(void);

/** Give everything that may run time to run. */
void let_others_run(void);

/**
 * Have functions run while the test goes on: with the poll executor, helper thread 0 polls.
 * Without settle() nothing runs until the test's thread blocks.
 */
void executor_begin(void);
void executor_end(void);

/** Queue entry @a number, 0 to 63, for the trace: odd ones as functions while they fit. */
void queue_number(int number);

/**
 * Skip the test where functions run in an interrupt, which cannot do what it needs. What they get
 * instead is in tests/schedule/src/interrupt.c. Behind the test's variables.
 */
#define NEEDS_A_THREAD(_why)                                                                       \
	do {                                                                                       \
		if (EXECUTOR_IS_INTERRUPT) {                                                       \
			TC_PRINT("skipped: functions run in an interrupt: " _why "\n");            \
			ztest_test_skip();                                                         \
		}                                                                                  \
	} while (false)

/** In a function: let time pass, in which others can run that may. */
void spend_time(int milliseconds);

/** Statistics at this moment. */
struct micrort_schedule_stats stats_now(void);

/** What is queued at this moment. */
uint32_t queued_now(void);

/** Wait until @a flag is true, and fail the test if it stays false. */
void wait_for(const volatile bool *flag);

#endif /* MICRORT_TESTS_EXECUTOR_H_ */
