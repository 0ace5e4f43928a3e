/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief design.md, "schedule": "`poll`: in the thread that calls `micrort_poll()` /
 * `micrort_sleep()`, its safe points"
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

ZTEST_SUITE(poll, NULL, NULL, before, helpers_after, NULL);

/** The number of functions that ran; with another executor, none in the caller. */
ZTEST(poll, test_poll_counts_what_ran)
{
	zassert_equal(micrort_poll(), 0);
	for (int i = 0; i < 5; i++) {
		queue_number(i);
	}
	zassert_equal(micrort_poll(), EXECUTOR_IS_POLL ? 5 : 0);
	if (EXECUTOR_IS_POLL) {
		TRACE_EXPECT(0, 1, 2, 3, 4);
	}
	zassert_equal(micrort_poll(), 0);
	settle();
	TRACE_EXPECT(0, 1, 2, 3, 4);
}

static k_tid_t ran_in;
static bool ran_in_interrupt;

static void note_thread(void *arg)
{
	ARG_UNUSED(arg);
	ran_in = k_current_get();
	ran_in_interrupt = k_is_in_isr();
}

/** "Where functions run is a Kconfig choice" */
ZTEST(poll, test_where_functions_run)
{
	zassert_ok(micrort_schedule(note_thread, NULL));
	settle();
	zassert_equal(ran_in_interrupt, EXECUTOR_IS_INTERRUPT);
	if (EXECUTOR_IS_INTERRUPT) {
		zassert_is_null(micrort_executor_thread());
	} else if (EXECUTOR_IS_POLL) {
		zassert_equal(ran_in, k_current_get());
	} else if (IS_ENABLED(CONFIG_MICRORT_EXECUTOR_SYSTEM)) {
		zassert_equal(ran_in, &k_sys_work_q.thread);
	} else {
		zassert_not_equal(ran_in, k_current_get());
		zassert_not_equal(ran_in, &k_sys_work_q.thread);
		zassert_equal(ran_in, micrort_executor_thread());
		zassert_equal(k_thread_priority_get(ran_in), EXECUTOR_PRIORITY);
	}
}

/** "An executor whose thread dies is never silent: its thread is essential" */
ZTEST(poll, test_thread_is_essential)
{
	Z_TEST_SKIP_IFDEF(CONFIG_MICRORT_EXECUTOR_POLL);
	NEEDS_A_THREAD("a fault in one is fatal in any case");

	zassert_true(micrort_executor_thread()->base.user_options & K_ESSENTIAL);
}

#if defined(CONFIG_MICRORT_EXECUTOR_POLL)
/** With the poll executor nothing runs but at a safe point. */
ZTEST(poll, test_nothing_runs_without_a_safe_point)
{
	queue_number(1);
	k_yield();
	k_msleep(20);
	zassert_ok(micrort_check());
	TRACE_EXPECT_NOTHING();
	zassert_equal(micrort_poll(), 1);
	TRACE_EXPECT(1);
}
#endif

static int nested_poll;
static int nested_sleep_zero;
static int nested_sleep;
static int64_t nested_slept;

static void poll_inside(void *arg)
{
	int64_t start;

	ARG_UNUSED(arg);

	trace_add(1);
	nested_poll = micrort_poll();
	nested_sleep_zero = micrort_sleep(K_NO_WAIT);
	start = k_uptime_get();
	nested_sleep = micrort_sleep(K_MSEC(20));
	nested_slept = k_uptime_get() - start;
	trace_add(2);
}

/** "Inside a scheduled function it does nothing"; a sleep is k_sleep() there. An interrupt is refused. */
ZTEST(poll, test_poll_inside_a_function_does_nothing)
{
	const int expected = EXECUTOR_IS_INTERRUPT ? -EWOULDBLOCK : 0;

	nested_poll = -1;
	nested_sleep = -1;
	nested_sleep_zero = -1;
	zassert_ok(micrort_critical_enter());
	zassert_ok(micrort_schedule(poll_inside, NULL));
	queue_number(4);
	queue_number(6);
	zassert_ok(micrort_critical_exit());
	settle();
	k_msleep(30);
	settle();
	TRACE_EXPECT(1, 2, 4, 6);
	zassert_equal(nested_poll, expected);
	zassert_equal(nested_sleep_zero, expected);
	zassert_equal(nested_sleep, expected);
	zassert_true(nested_slept >= 20 || EXECUTOR_IS_INTERRUPT, "%d ms", (int)nested_slept);
}

static int interrupt_results[4];

static void all_in_interrupt(void *arg)
{
	ARG_UNUSED(arg);

	interrupt_results[0] = micrort_poll();
	interrupt_results[1] = micrort_sleep(K_NO_WAIT);
	interrupt_results[2] = micrort_sleep(K_MSEC(1));
	interrupt_results[3] = micrort_check();
}

/** -EWOULDBLOCK in an interrupt, where nothing runs */
ZTEST(poll, test_poll_and_sleep_in_an_interrupt_are_refused)
{
	zassert_ok(micrort_critical_enter());
	queue_number(0);
	zassert_ok(micrort_critical_exit());
	interrupt_low(all_in_interrupt, NULL);
	zassert_equal(interrupt_results[0], -EWOULDBLOCK);
	zassert_equal(interrupt_results[1], -EWOULDBLOCK);
	zassert_equal(interrupt_results[2], -EWOULDBLOCK);
	zassert_equal(interrupt_results[3], 0);
	settle();
	TRACE_EXPECT(0);
}

static volatile bool peer_ran;

static void peer(void *p1, void *p2, void *p3)
{
	peer_ran = true;
}

/** "A sleep of zero length is one micrort_poll() and a k_yield()"; micropython/schedule_sleep.py */
ZTEST(poll, test_sleep_of_zero_length)
{
	queue_number(0);
	queue_number(1);
	zassert_ok(micrort_sleep(K_NO_WAIT));
	if (EXECUTOR_IS_POLL || EXECUTOR_PRIORITY <= CONFIG_ZTEST_THREAD_PRIORITY) {
		TRACE_EXPECT(0, 1);
	}
	settle();
	TRACE_EXPECT(0, 1);

	peer_ran = false;
	helper_start(1, k_thread_priority_get(k_current_get()), peer, NULL);
	zassert_false(peer_ran);
	zassert_ok(micrort_sleep(K_NO_WAIT));
	zassert_true(peer_ran, "no k_yield()");
	helper_join(1);
}

#if defined(CONFIG_MICRORT_EXECUTOR_POLL)

static int left;

static void schedule_more(void *arg)
{
	ARG_UNUSED(arg);

	trace_add(left);
	if (left-- > 0) {
		(void)micrort_schedule(schedule_more, NULL);
	}
}

/** One zero-length sleep is one pass; micropython/schedule_sleep.py: all progress by sleep(0) */
ZTEST(poll, test_sleep_of_zero_length_makes_one_pass)
{
	left = 3;
	zassert_ok(micrort_schedule(schedule_more, NULL));
	for (int i = 1; i <= 4; i++) {
		zassert_ok(micrort_sleep(K_NO_WAIT));
		zassert_equal(trace_count(), i);
	}
	zassert_ok(micrort_sleep(K_NO_WAIT));
	TRACE_EXPECT(3, 2, 1, 0);
}

static volatile bool for_ever;

static void schedule_for_ever(void *arg)
{
	ARG_UNUSED(arg);

	left++;
	k_busy_wait(100);
	if (for_ever) {
		(void)micrort_schedule(schedule_for_ever, NULL);
	}
}

/** "functions that reschedule themselves starve nobody": a sleep ends on time, whatever it runs. */
ZTEST(poll, test_sleep_ends_with_functions_that_reschedule_themselves)
{
	int64_t start = k_uptime_get();

	left = 0;
	for_ever = true;
	zassert_ok(micrort_schedule(schedule_for_ever, NULL));
	zassert_ok(micrort_sleep(K_NO_WAIT));
	zassert_equal(left, 1);
	zassert_ok(micrort_sleep(K_MSEC(20)));
	for_ever = false;
	zassert_true(left > 10);
	zassert_between_inclusive(k_uptime_get() - start, 20, 50);
	settle();
}

/** A sleep runs what reschedules itself, and sleeps on when nothing is left. */
ZTEST(poll, test_sleep_runs_what_schedules_itself)
{
	int64_t start = k_uptime_get();

	left = 20;
	zassert_ok(micrort_schedule(schedule_more, NULL));
	zassert_ok(micrort_sleep(K_MSEC(30)));
	zassert_equal(trace_count(), 21);
	zassert_true(k_uptime_get() - start >= 30);
}

#endif

static int64_t woken_at;

static void note_time(void *arg)
{
	ARG_UNUSED(arg);
	woken_at = k_uptime_get();
}

static void schedule_note_time(struct k_timer *timer)
{
	ARG_UNUSED(timer);
	(void)micrort_schedule(note_time, NULL);
}

static K_TIMER_DEFINE(timer, schedule_note_time, NULL);

static void thread_schedules_note_time(void *p1, void *p2, void *p3)
{
	k_msleep(20);
	(void)micrort_schedule(note_time, NULL);
}

/** "with micrort_poll() whenever there is something for it to do" */
ZTEST(poll, test_sleep_wakes_for_work)
{
	int64_t start = k_uptime_get();

	/* From an interrupt. */
	woken_at = 0;
	k_timer_start(&timer, K_MSEC(20), K_NO_WAIT);
	zassert_ok(micrort_sleep(K_MSEC(200)));
	zassert_between_inclusive(woken_at - start, 20, 60);
	zassert_true(k_uptime_get() - start >= 200, "it slept on");

	/* From a thread of lower and of higher priority. */
	for (int priority = -3; priority <= 5; priority += 8) {
		start = k_uptime_get();
		woken_at = 0;
		helper_start(1, priority, thread_schedules_note_time, NULL);
		zassert_ok(micrort_sleep(K_MSEC(200)));
		zassert_between_inclusive(woken_at - start, 20, 60);
		zassert_true(k_uptime_get() - start >= 200, "it slept on");
		helper_join(1);
	}

	/* What was queued before the sleep runs at its begin. */
	start = k_uptime_get();
	zassert_ok(micrort_schedule(note_time, NULL));
	zassert_ok(micrort_sleep(K_MSEC(100)));
	zassert_between_inclusive(woken_at - start, 0, 20);
	zassert_true(k_uptime_get() - start >= 100, "it slept on");
}

/** 0 when the time has passed, neither earlier nor much later */
ZTEST(poll, test_sleep_takes_its_time)
{
	for (int milliseconds = 1; milliseconds <= 64; milliseconds *= 4) {
		int64_t start = k_uptime_get();

		zassert_ok(micrort_sleep(K_MSEC(milliseconds)));
		zassert_between_inclusive(k_uptime_get() - start, milliseconds, milliseconds + 30);
	}
}

static volatile bool sleeper_done[2];

static void sleeper(void *index, void *p2, void *p3)
{
	(void)micrort_sleep(K_MSEC(100));
	sleeper_done[POINTER_TO_INT(index)] = true;
}

/** Several threads sleep at once: each sleeps its own time, and the function runs once. */
ZTEST(poll, test_several_sleepers)
{
	int64_t start = k_uptime_get();

	for (int i = 0; i < 2; i++) {
		sleeper_done[i] = false;
		helper_start(1 + i, 3 * i - 2, sleeper, INT_TO_POINTER(i));
	}
	k_msleep(10);
	queue_number(1);
	queue_number(2);
	/* In a sleep of theirs, or in the executor; not in this thread. */
	k_msleep(30);
	TRACE_EXPECT(1, 2);
	zassert_false(sleeper_done[0]);
	zassert_false(sleeper_done[1]);
	helper_join(1);
	helper_join(2);
	zassert_true(k_uptime_get() - start >= 100);
	TRACE_EXPECT(1, 2);
}
