/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief Tasks can be taken back and waited for; what is queued can be visited.
 */

#include <string.h>

#include <zephyr/ztest.h>

#include "executor.h"
#include "helpers.h"
#include "interrupts.h"

static void before(void *fixture)
{
	ARG_UNUSED(fixture);
	trace_reset();
}

ZTEST_SUITE(cancel, NULL, NULL, before, helpers_after, NULL);

/** The memory of a connection, with a task in it. */
struct connection {
	struct micrort_task received;
	int number;
};

static void on_received(struct micrort_task *task)
{
	trace_add(CONTAINER_OF(task, struct connection, received)->number);
}

static void connect(struct connection *connection, int number)
{
	*connection = (struct connection){
		.received = MICRORT_TASK_INITIALIZER(on_received),
		.number = number,
	};
}

/** First, last, in the middle and alone: those around it keep their order. */
ZTEST(cancel, test_cancel_takes_only_that_one)
{
	struct connection connections[3];

	for (int cancelled = 0; cancelled < 3; cancelled++) {
		trace_reset();
		zassert_ok(micrort_critical_enter());
		for (int i = 0; i < 3; i++) {
			connect(&connections[i], i);
			zassert_ok(micrort_task_schedule(&connections[i].received));
		}
		zassert_true(micrort_task_is_queued(&connections[cancelled].received));
		zassert_ok(micrort_task_cancel(&connections[cancelled].received));
		zassert_false(micrort_task_is_queued(&connections[cancelled].received));
		memset(&connections[cancelled], 0xa5, sizeof(struct connection));
		queue_number(7);
		zassert_ok(micrort_critical_exit());
		settle();
		zassert_equal(trace_count(), 3);
		zassert_equal(trace_at(0), cancelled == 0 ? 1 : 0);
		zassert_equal(trace_at(1), cancelled == 2 ? 1 : 2);
		zassert_equal(trace_at(2), 7);
	}
}

/** Cancelled and scheduled again: it runs once, at its new place. */
ZTEST(cancel, test_cancelled_task_can_be_scheduled_again)
{
	struct connection connection;

	connect(&connection, 5);
	zassert_ok(micrort_task_cancel(&connection.received));
	zassert_ok(micrort_critical_enter());
	zassert_ok(micrort_task_schedule(&connection.received));
	queue_number(1);
	zassert_ok(micrort_task_cancel(&connection.received));
	zassert_ok(micrort_task_schedule(&connection.received));
	zassert_ok(micrort_critical_exit());
	settle();
	TRACE_EXPECT(1, 5);
}

/** The queue has room for the next function at once, and the counters agree. */
ZTEST(cancel, test_queue_that_was_emptied_goes_on)
{
	struct micrort_schedule_stats stats = stats_now();
	struct connection connection;

	connect(&connection, 5);
	for (int i = 0; i < 10; i++) {
		zassert_true(micrort_task_schedule(&connection.received) >= 0);
		(void)micrort_task_cancel_sync(&connection.received);
		queue_number(i);
		settle();
		zassert_equal(trace_at(trace_count() - 1), i);
	}
	zassert_equal(stats_now().refused, stats.refused);
}

ZTEST(cancel, test_null_is_refused)
{
	zassert_false(micrort_task_is_queued(NULL));
	zassert_equal(micrort_task_cancel(NULL), -EINVAL);
	zassert_equal(micrort_task_cancel_sync(NULL), -EINVAL);
	zassert_equal(micrort_task_flush(NULL), -EINVAL);
	zassert_equal(micrort_schedule_foreach(NULL, NULL), -EINVAL);
}

static K_SEM_DEFINE(started, 0, 1);
static K_SEM_DEFINE(may_end, 0, 1);
static int answers_inside[4];

static void waits(struct micrort_task *task)
{
	k_sem_give(&started);
	k_sem_take(&may_end, K_FOREVER);
	answers_inside[0] = micrort_task_cancel_sync(task);
	(void)micrort_task_schedule(task);
	answers_inside[1] = micrort_task_cancel_sync(task);
	answers_inside[2] = micrort_flush();
	answers_inside[3] = micrort_task_cancel(task);
	trace_add(1);
}

static MICRORT_TASK_DEFINE(waiting, waits);
static volatile int other_answer;

static void cancel_and_wait(void *p1, void *p2, void *p3)
{
	other_answer = micrort_task_cancel_sync(&waiting);
	trace_add(2);
}

static void flush_all(void *p1, void *p2, void *p3)
{
	other_answer = micrort_flush();
	trace_add(3);
}

static void flush_task(void *p1, void *p2, void *p3)
{
	other_answer = micrort_task_flush(&waiting);
	trace_add(4);
}

/** A function that is running is said to, and waited for; inside of it nobody waits for himself. */
ZTEST(cancel, test_cancel_sync_waits_for_the_function)
{
	NEEDS_A_THREAD("they do not block");
	executor_begin();
	zassert_ok(micrort_task_schedule(&waiting));
	zassert_ok(k_sem_take(&started, PATIENCE));
	zassert_equal(micrort_task_cancel(&waiting), MICRORT_TASK_RUNNING);
	/* Queued once more, while it runs. */
	zassert_ok(micrort_task_schedule(&waiting));
	other_answer = -1;
	helper_start(1, 0, cancel_and_wait, NULL);
	let_others_run();
	zassert_equal(other_answer, -1);
	zassert_false(micrort_task_is_queued(&waiting));
	k_sem_give(&may_end);
	helper_join(1);
	TRACE_EXPECT(1, 2);
	zassert_equal(other_answer, 1);
	zassert_equal(answers_inside[0], 0, "not queued");
	zassert_equal(answers_inside[1], 1, "taken back by its own function");
	zassert_equal(answers_inside[2], -EDEADLK);
	zassert_equal(answers_inside[3], MICRORT_TASK_RUNNING);
	zassert_ok(micrort_task_cancel(&waiting));
	executor_end();
}

/** A flush waits for what runs and what was queued before, and no longer. */
ZTEST(cancel, test_flush_waits)
{
	NEEDS_A_THREAD("they do not block");
	executor_begin();
	zassert_ok(micrort_flush());
	zassert_ok(micrort_task_flush(&waiting));
	zassert_ok(micrort_task_schedule(&waiting));
	zassert_ok(k_sem_take(&started, PATIENCE));
	queue_number(9);
	helper_start(1, 0, flush_all, NULL);
	let_others_run();
	TRACE_EXPECT_NOTHING();
	k_sem_give(&may_end);
	helper_join(1);
	TRACE_EXPECT(1, 9, 3);
	zassert_ok(other_answer);

	trace_reset();
	zassert_ok(micrort_task_schedule(&waiting));
	zassert_ok(k_sem_take(&started, PATIENCE));
	helper_start(1, 0, flush_task, NULL);
	let_others_run();
	TRACE_EXPECT_NOTHING();
	k_sem_give(&may_end);
	helper_join(1);
	TRACE_EXPECT(1, 4);
	zassert_equal(other_answer, 1);
	executor_end();
}

/** A thread that is aborted in a flush leaves nothing behind. */
ZTEST(cancel, test_flush_that_is_aborted)
{
	NEEDS_A_THREAD("they do not block");
	executor_begin();
	zassert_ok(micrort_task_schedule(&waiting));
	zassert_ok(k_sem_take(&started, PATIENCE));
	helper_start(1, 0, flush_all, NULL);
	let_others_run();
	helper_abort(1);
	k_sem_give(&may_end);
	settle();
	queue_number(6);
	settle();
	TRACE_EXPECT(1, 6);
	executor_end();
}

/** It would wait for itself. */
ZTEST(cancel, test_flush_in_a_region_is_refused)
{
	zassert_ok(micrort_critical_enter());
	zassert_equal(micrort_flush(), -EDEADLK);
	zassert_ok(micrort_critical_exit());
	zassert_ok(micrort_flush());
}

static int in_interrupt[4];

static void ignore(const struct micrort_scheduled *scheduled, void *context)
{
	ARG_UNUSED(scheduled);
	ARG_UNUSED(context);
}

static void call_all(void *arg)
{
	in_interrupt[0] = micrort_flush();
	in_interrupt[1] = micrort_schedule_foreach(ignore, NULL);
	in_interrupt[2] = micrort_task_cancel_sync(&waiting);
	in_interrupt[3] = micrort_critical_enter_no_wait();
}

ZTEST(cancel, test_interrupts_do_not_wait)
{
	interrupt_low(call_all, NULL);
	zassert_equal(in_interrupt[0], -EWOULDBLOCK);
	zassert_equal(in_interrupt[1], -EWOULDBLOCK);
	zassert_equal(in_interrupt[2], 0, "there was nothing to wait for");
	zassert_equal(in_interrupt[3], -EWOULDBLOCK);
}

/** A region that does not wait: the function goes on, and no further one starts. */
ZTEST(cancel, test_enter_no_wait)
{
	NEEDS_A_THREAD("they do not block");
	executor_begin();
	zassert_ok(micrort_critical_enter_no_wait());
	zassert_ok(micrort_critical_exit());
	zassert_ok(micrort_task_schedule(&waiting));
	zassert_ok(k_sem_take(&started, PATIENCE));
	queue_number(8);
	zassert_equal(micrort_critical_enter_no_wait(), 1);
	k_sem_give(&may_end);
	let_others_run();
	TRACE_EXPECT(1);
	zassert_ok(micrort_critical_exit());
	settle();
	TRACE_EXPECT(1, 8);
	executor_end();
}

static void visit(const struct micrort_scheduled *scheduled, void *context)
{
	int *seen = context;

	zassert_is_null(scheduled->arg2);
	trace_add(scheduled->fn == trace_function ? POINTER_TO_INT(scheduled->arg)
						  : (scheduled->arg == &waiting ? 40 : -1));
	(*seen)++;
	/* What is queued meanwhile may be seen; what is taken back is not. */
	(void)micrort_task_cancel(&waiting);
}

/** Everything that is queued, in its order; and what runs comes first. */
ZTEST(cancel, test_foreach_shows_what_was_given)
{
	int seen = 0;

	zassert_ok(micrort_critical_enter());
	/* An even number is a task. */
	queue_number(2);
	zassert_ok(micrort_task_schedule(&waiting));
	zassert_ok(micrort_schedule(trace_function, INT_TO_POINTER(21)));
	zassert_ok(micrort_schedule_foreach(visit, &seen));
	TRACE_EXPECT(-1, 21);
	zassert_equal(seen, 2);
	zassert_ok(micrort_critical_exit());
	settle();
	TRACE_EXPECT(-1, 21, 2, 21);

	/* No thread sees one running. */
	if (EXECUTOR_IS_INTERRUPT) {
		return;
	}
	executor_begin();
	trace_reset();
	zassert_ok(micrort_task_schedule(&waiting));
	zassert_ok(k_sem_take(&started, PATIENCE));
	zassert_ok(micrort_schedule_foreach(visit, &seen));
	TRACE_EXPECT(40);
	k_sem_give(&may_end);
	settle();
	executor_end();
}
