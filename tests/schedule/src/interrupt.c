/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief Functions that run in an interrupt: what they may not do is refused, and the thread that they
 * interrupt is not the one that runs them.
 */

#include <zephyr/ztest.h>

#include "executor.h"
#include "helpers.h"
#include "interrupts.h"
#include "warnings.h"

static void before(void *fixture)
{
	ARG_UNUSED(fixture);
	trace_reset();
}

ZTEST_SUITE(interrupt, NULL, NULL, before, helpers_after, NULL);

static void trace_task(struct micrort_task *task)
{
	ARG_UNUSED(task);
	trace_add(50);
}

static MICRORT_TASK_DEFINE(traced, trace_task);

static void ignore(const struct micrort_scheduled *scheduled, void *context)
{
	ARG_UNUSED(scheduled);
	ARG_UNUSED(context);
}

static int answers[12];
static bool was_pending;

static void call_all(struct micrort_task *task)
{
	answers[0] = micrort_critical_enter();
	answers[1] = micrort_critical_enter_no_wait();
	answers[2] = micrort_flush();
	answers[3] = micrort_task_flush(task);
	answers[4] = micrort_schedule_foreach(ignore, NULL);
	answers[5] = micrort_reset(0, NULL);
	answers[6] = micrort_poll();
	answers[7] = micrort_sleep(K_NO_WAIT);
	(void)micrort_task_schedule(task);
	/* It would wait for itself, and is taken back all the same. */
	answers[8] = micrort_task_cancel_sync(task);
	answers[9] = micrort_critical_exit();
	answers[10] = micrort_function_abandon();
	answers[11] = micrort_task_is_queued(task);
	was_pending = micrort_pending();
	trace_add(1);
}

ZTEST(interrupt, test_what_a_function_may_not_do_is_refused)
{
	static MICRORT_TASK_DEFINE(calls, call_all);
	uint32_t warnings = warnings_logged();

	memset(answers, 0xff, sizeof(answers));
	zassert_ok(micrort_task_schedule(&calls));
	queue_number(2);
	settle();
	TRACE_EXPECT(1, 2);
	for (int i = 0; i <= 8; i++) {
		zassert_equal(answers[i], -EWOULDBLOCK, "call %d gave %d", i, answers[i]);
	}
	zassert_equal(answers[9], -EPERM);
	zassert_equal(answers[10], -EPERM);
	zassert_equal(answers[11], 0);
	zassert_false(was_pending);
	zassert_equal(warnings_logged(), warnings);
	zassert_equal(micrort_critical_exit(), -EPERM);
}

/** The function has run when the call returns, unless interrupts are locked or a region is open. */
ZTEST(interrupt, test_it_runs_at_once)
{
	unsigned int key;

	queue_number(1);
	TRACE_EXPECT(1);
	key = irq_lock();
	queue_number(2);
	queue_number(3);
	zassert_equal(trace_count(), 1);
	irq_unlock(key);
	TRACE_EXPECT(1, 2, 3);
	zassert_ok(micrort_critical_enter());
	queue_number(4);
	TRACE_EXPECT(1, 2, 3);
	zassert_ok(micrort_critical_exit());
	TRACE_EXPECT(1, 2, 3, 4);
	/* With the scheduler locked, too. */
	k_sched_lock();
	queue_number(5);
	k_sched_unlock();
	TRACE_EXPECT(1, 2, 3, 4, 5);
	zassert_ok(micrort_flush());
}

static void spin(void *p1, void *p2, void *p3)
{
	while (true) {
	}
}

static k_tid_t interrupted;

static void abort_the_interrupted(void *arg)
{
	ARG_UNUSED(arg);

	interrupted = k_current_get();
	k_thread_abort(interrupted);
	trace_add(1);
	(void)micrort_schedule(trace_function, INT_TO_POINTER(3));
}

static void schedule_abort(struct k_timer *timer)
{
	ARG_UNUSED(timer);

	(void)micrort_schedule(abort_the_interrupted, NULL);
	(void)micrort_schedule(trace_function, INT_TO_POINTER(2));
}

static K_TIMER_DEFINE(abort_timer, schedule_abort, NULL);

/** A function ends the thread that it interrupts: the pass goes on, and so does the queue. */
ZTEST(interrupt, test_interrupted_thread_is_aborted)
{
	helper_start(1, 5, spin, NULL);
	k_timer_start(&abort_timer, K_MSEC(5), K_NO_WAIT);
	k_msleep(20);
	zassert_equal(interrupted, helper_thread(1));
	helper_join(1);
	settle();
	TRACE_EXPECT(1, 2, 3);
	zassert_ok(micrort_flush());
	zassert_equal(micrort_critical_enter_no_wait(), 0, "no function is running");
	zassert_ok(micrort_critical_exit());
}

static int seen_by_higher[3];

static void look_from_above(void *task)
{
	seen_by_higher[0] = micrort_task_cancel(task);
	seen_by_higher[1] = micrort_task_schedule(&traced);
	seen_by_higher[2] = micrort_task_cancel_sync(task);
}

static void be_interrupted(struct micrort_task *task)
{
	trace_add(1);
	interrupt_high(look_from_above, task);
	trace_add(2);
}

/** An interrupt in the middle of a function sees it running, and what it queues runs afterwards. */
ZTEST(interrupt, test_interrupt_of_higher_priority)
{
	static MICRORT_TASK_DEFINE(looked_at, be_interrupted);

	zassert_ok(micrort_task_schedule(&looked_at));
	settle();
	zassert_equal(seen_by_higher[0], MICRORT_TASK_RUNNING);
	zassert_equal(seen_by_higher[1], 0);
	zassert_equal(seen_by_higher[2], -EWOULDBLOCK);
	TRACE_EXPECT(1, 2, 50);
}

static int heap_depth[3];

static void use_the_heap_lock(void *arg)
{
	ARG_UNUSED(arg);

	heap_depth[0] = micrort_heap_locked();
	(void)micrort_heap_lock();
	heap_depth[1] = micrort_heap_locked();
	heap_depth[2] = micrort_heap_unlock();
}

/** "An interrupt counts as the thread it interrupted." */
ZTEST(interrupt, test_heap_lock_is_that_of_the_interrupted_thread)
{
	zassert_ok(micrort_heap_lock());
	zassert_ok(micrort_schedule(use_the_heap_lock, NULL));
	zassert_equal(heap_depth[0], 1);
	zassert_equal(heap_depth[1], 2);
	zassert_equal(heap_depth[2], 1);
	zassert_equal(micrort_heap_unlock(), 0);
}

static void run_and_raise(void *raised)
{
	*(int *)raised = micrort_raise(&micrort_exc_value_error, "in a function");
}

/** It is an interrupt's: kept for whoever takes it, not printed behind the function. */
ZTEST(interrupt, test_exception_of_a_function_is_kept)
{
	struct micrort_exception exception = {0};
	int raised = -1;

	zassert_ok(micrort_schedule(run_and_raise, &raised));
	zassert_true(raised >= 0);
	zassert_ok(micrort_exception_take(&exception));
	zassert_equal(exception.type, &micrort_exc_value_error);
	zassert_true(exception.in_isr);
}

static volatile int flushed;

static void flush_all(void *p1, void *p2, void *p3)
{
	flushed = micrort_flush();
}

/** A thread waits for what another one's region holds up. */
ZTEST(interrupt, test_flush_waits_for_a_region)
{
	flushed = -1;
	zassert_ok(micrort_critical_enter());
	queue_number(1);
	helper_start(1, 0, flush_all, NULL);
	let_others_run();
	zassert_equal(flushed, -1);
	zassert_ok(micrort_critical_exit());
	helper_join(1);
	zassert_equal(flushed, 0);
	TRACE_EXPECT(1);
}
