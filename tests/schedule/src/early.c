/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief design.md, "schedule": "Before the work queue runs (early boot) the call is accepted, and
 * what was queued runs once it starts."
 */

#include <zephyr/init.h>
#include <zephyr/ztest.h>

#include "executor.h"

/* The executor starts at CONFIG_MICRORT_INIT_PRIORITY of POST_KERNEL; this is one before it. */
BUILD_ASSERT(CONFIG_MICRORT_INIT_PRIORITY == 60);
#define LAST_PRIORITY_BEFORE 59

#define EARLY_MAX 64

static int accepted[EARLY_MAX];
static int accepted_count;
static int ran[EARLY_MAX];
static volatile int ran_count;
static bool executor_may_run;
static int ran_too_early;
static int refused;
static int unexpected;

static void note(int number)
{
	ran_too_early += !executor_may_run;
	if (ran_count < EARLY_MAX) {
		ran[ran_count] = number;
	}
	ran_count++;
}

static void early_function(void *number)
{
	note(POINTER_TO_INT(number));
}

static void early_task(struct micrort_task *task);

static struct micrort_task early_tasks[3] = {
	[0 ... 2] = MICRORT_TASK_INITIALIZER(early_task),
};

static void early_task(struct micrort_task *task)
{
	note(100 + (int)(task - early_tasks));
}

static void schedule_function(int number)
{
	int result = micrort_schedule(early_function, INT_TO_POINTER(number));

	if (result == 0) {
		accepted[accepted_count++] = number;
	} else if (result == -ENOBUFS) {
		refused++;
	} else {
		unexpected++;
	}
}

static void schedule_task(int index)
{
	int result = micrort_task_schedule(&early_tasks[index]);

	if (result == 0) {
		accepted[accepted_count++] = 100 + index;
	} else {
		unexpected++;
	}
	/* Joined as at any time. */
	unexpected += micrort_task_schedule(&early_tasks[index]) != MICRORT_TASK_JOINED;
}

static int at_pre_kernel_1(void)
{
	schedule_function(1);
	schedule_task(0);
	return 0;
}

static int at_pre_kernel_2(void)
{
	schedule_task(1);
	schedule_function(2);
	return 0;
}

static int at_post_kernel(void)
{
	/* More than there is room for. */
	for (int i = 0; i <= DEPTH; i++) {
		schedule_function(3 + i);
	}
	schedule_task(2);
	unexpected += micrort_schedule(NULL, NULL) != -EINVAL;
	return 0;
}

static int just_before_start(void)
{
	executor_may_run = true;
	return 0;
}

SYS_INIT(at_pre_kernel_1, PRE_KERNEL_1, 1);
SYS_INIT(at_pre_kernel_2, PRE_KERNEL_2, 1);
/* The system work queue is running by then. */
SYS_INIT(at_post_kernel, POST_KERNEL, 50);
SYS_INIT(just_before_start, POST_KERNEL, LAST_PRIORITY_BEFORE);

ZTEST_SUITE(boot, NULL, NULL, NULL, NULL, NULL);

ZTEST(boot, test_queued_before_the_executor_runs_in_order_after_its_start)
{
	/* The suite that sorts first: with the poll executor nothing has been run so far. */
	settle();
	zassert_equal(unexpected, 0);
	zassert_equal(ran_too_early, 0, "%d ran before the executor had started", ran_too_early);
	zassert_equal(accepted_count, MIN(DEPTH + 3, EARLY_MAX));
	zassert_equal(ran_count, accepted_count);
	for (int i = 0; i < accepted_count; i++) {
		zassert_equal(ran[i], accepted[i], "%d ran at place %d, not %d", ran[i], i,
			      accepted[i]);
	}
	/* What did not fit was refused and counted. */
	zassert_equal(refused, 3);
	zassert_true(stats_now().refused >= 3);
}
