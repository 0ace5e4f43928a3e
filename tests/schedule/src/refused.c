/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief A work queue that refuses work for a while, because the application drains or plugs it,
 * loses nothing that was scheduled.
 */

#include <zephyr/ztest.h>

#include "executor.h"
#include "helpers.h"
#include "interrupts.h"

static void before(void *fixture)
{
	ARG_UNUSED(fixture);
	trace_reset();
}

ZTEST_SUITE(refused, NULL, NULL, before, helpers_after, NULL);

static struct k_work_q *queue(void)
{
	return CONTAINER_OF(micrort_executor_thread(), struct k_work_q, thread);
}

static void queue_one(void *number)
{
	queue_number(POINTER_TO_INT(number));
}

ZTEST(refused, test_plugged)
{
	zassert_true(k_work_queue_drain(queue(), true) >= 0);
	queue_number(0);
	interrupt_low(queue_one, INT_TO_POINTER(1));
	let_others_run();
	queue_number(2);
	let_others_run();
	TRACE_EXPECT_NOTHING();
	zassert_ok(k_work_queue_unplug(queue()));
	settle();
	TRACE_EXPECT(0, 1, 2);
}

static K_SEM_DEFINE(item_started, 0, 1);
static K_SEM_DEFINE(item_may_end, 0, 1);

static void wait_to_end(struct k_work *work)
{
	ARG_UNUSED(work);
	k_sem_give(&item_started);
	(void)k_sem_take(&item_may_end, PATIENCE);
}

static K_WORK_DEFINE(item, wait_to_end);

static void drain(void *p1, void *p2, void *p3)
{
	(void)k_work_queue_drain(queue(), false);
}

/** While it drains, a queue takes work from its own thread only. */
ZTEST(refused, test_draining)
{
	zassert_true(k_work_submit_to_queue(queue(), &item) > 0);
	zassert_ok(k_sem_take(&item_started, PATIENCE));
	helper_start(1, 0, drain, NULL);
	let_others_run();
	queue_number(0);
	interrupt_low(queue_one, INT_TO_POINTER(1));
	TRACE_EXPECT_NOTHING();
	k_sem_give(&item_may_end);
	helper_join(1);
	settle();
	TRACE_EXPECT(0, 1);
}

static int left;

static void again(struct micrort_task *task)
{
	trace_add(left);
	if (left-- > 0) {
		(void)micrort_task_schedule(task);
	}
}

static MICRORT_TASK_DEFINE(again_task, again);

/** What functions schedule meanwhile is taken: it comes from the queue's own thread. */
ZTEST(refused, test_function_schedules_itself_while_the_queue_drains)
{
	left = 3;
	zassert_true(k_work_submit_to_queue(queue(), &item) > 0);
	zassert_ok(k_sem_take(&item_started, PATIENCE));
	zassert_ok(micrort_task_schedule(&again_task));
	helper_start(1, 0, drain, NULL);
	let_others_run();
	k_sem_give(&item_may_end);
	helper_join(1);
	TRACE_EXPECT(3, 2, 1, 0);
}
