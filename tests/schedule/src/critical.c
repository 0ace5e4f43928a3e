/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief design.md, "schedule": critical regions.
 */

#include <string.h>

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

ZTEST_SUITE(critical, NULL, NULL, before, helpers_after, NULL);

/** Give functions every occasion to run. */
static void tempt(void)
{
	if (EXECUTOR_IS_POLL) {
		zassert_equal(micrort_poll(), 0);
		zassert_equal(micrort_sleep(K_NO_WAIT), 0);
		zassert_equal(micrort_sleep(K_MSEC(3)), 0);
	}
	let_others_run();
}

/** "`micrort_critical_enter/exit` nest", machine.disable_irq() nesting of thread/disable_irq.py */
ZTEST(critical, test_regions_nest)
{
	executor_begin();
	for (int i = 0; i < 3; i++) {
		zassert_ok(micrort_critical_enter());
	}
	queue_number(1);
	for (int i = 0; i < 2; i++) {
		tempt();
		TRACE_EXPECT_NOTHING();
		zassert_ok(micrort_critical_exit());
	}
	tempt();
	TRACE_EXPECT_NOTHING();
	zassert_ok(micrort_critical_exit());
	settle();
	TRACE_EXPECT(1);
	executor_end();
}

/** "none will run until the matching exit; queueing goes on", and runs after it in order */
ZTEST(critical, test_queueing_goes_on)
{
	executor_begin();
	for (int i = 0; i < 6; i++) {
		zassert_ok(micrort_critical_enter());
		queue_number(2 * i);
		queue_number(2 * i + 1);
		tempt();
		TRACE_EXPECT_NOTHING();
		zassert_equal(queued_now(), 2);
		zassert_ok(micrort_critical_exit());
		settle();
		zassert_equal(trace_count(), 2);
		zassert_equal(trace_at(0), 2 * i);
		zassert_equal(trace_at(1), 2 * i + 1);
		trace_reset();
	}
	executor_end();
}

static volatile bool function_running;
static volatile bool function_done;
static K_SEM_DEFINE(function_started, 0, 1);

static void slow(void *milliseconds)
{
	function_running = true;
	k_sem_give(&function_started);
	k_msleep(POINTER_TO_INT(milliseconds));
	function_running = false;
	function_done = true;
}

static void start_slow(int milliseconds)
{
	function_done = false;
	k_sem_reset(&function_started);
	zassert_ok(micrort_schedule(slow, INT_TO_POINTER(milliseconds)));
	zassert_ok(k_sem_take(&function_started, PATIENCE));
}

/** "When enter has returned, no scheduled function is running"; "enter waits for [it]" */
ZTEST(critical, test_enter_waits_for_a_running_function)
{
	NEEDS_A_THREAD("they do not block");
	executor_begin();
	for (int i = 1; i <= 10; i++) {
		start_slow(i);
		queue_number(i);
		zassert_ok(micrort_critical_enter());
		zassert_true(function_done);
		zassert_false(function_running);
		/* The pass has ended, too: what was queued behind it waits. */
		tempt();
		TRACE_EXPECT_NOTHING();
		zassert_ok(micrort_critical_exit());
		settle();
		TRACE_EXPECT(i);
		trace_reset();
	}
	executor_end();
}

static void enter_and_note(void *result, void *p2, void *p3)
{
	ARG_UNUSED(p2);
	ARG_UNUSED(p3);

	*(int *)result = micrort_critical_enter();
	if (function_running) {
		*(int *)result = -EFAULT;
	}
	k_msleep(5);
	if (function_running) {
		*(int *)result = -EFAULT;
	}
	(void)micrort_critical_exit();
}

/** Several threads of different priorities wait for one function. */
ZTEST(critical, test_several_threads_enter_while_a_function_runs)
{
	static int results[3];

	NEEDS_A_THREAD("they do not block");
	executor_begin();
	start_slow(20);
	for (int i = 0; i < 3; i++) {
		results[i] = -1;
		helper_start(1 + i, 3 * i - 3, enter_and_note, &results[i]);
	}
	zassert_ok(micrort_schedule(slow, INT_TO_POINTER(1)));
	for (int i = 0; i < 3; i++) {
		helper_join(1 + i);
		zassert_ok(results[i]);
	}
	settle();
	zassert_ok(k_sem_take(&function_started, K_NO_WAIT));
	executor_end();
}

#define LENDING_POSSIBLE (EXECUTOR_PRIORITY > 3)

static K_SEM_DEFINE(mid_go, 0, 1);
static K_SEM_DEFINE(high_go, 0, 1);
static volatile bool mid_spinning;
static int64_t entered_after;
static int enter_result;
static int priority_inside;
static int priority_later;

static void low_function(void *arg)
{
	ARG_UNUSED(arg);

	/* Both are ready before either can run. */
	k_sched_lock();
	k_sem_give(&mid_go);
	k_sem_give(&high_go);
	k_sched_unlock();
	k_busy_wait(20 * USEC_PER_MSEC);
	priority_inside = k_thread_priority_get(k_current_get());
	function_done = true;
}

static void note_priority(void *arg)
{
	ARG_UNUSED(arg);
	priority_later = k_thread_priority_get(k_current_get());
}

static void mid(void *p1, void *p2, void *p3)
{
	k_sem_take(&mid_go, K_FOREVER);
	mid_spinning = true;
	for (int i = 0; i < 500; i++) {
		k_busy_wait(USEC_PER_MSEC);
	}
	mid_spinning = false;
}

static void high(void *p1, void *p2, void *p3)
{
	int64_t start;

	k_sem_take(&high_go, K_FOREVER);
	start = k_uptime_get();
	enter_result = micrort_critical_enter();
	if (!function_done) {
		enter_result = -EFAULT;
	}
	entered_after = k_uptime_get() - start;
	(void)micrort_critical_exit();
}

/** "enter waits for a function that is running and lends it its priority" */
ZTEST(critical, test_enter_lends_its_priority)
{
	if (!LENDING_POSSIBLE) {
		TC_PRINT("skipped: the executor is too urgent to be kept from running; see "
			 "micrort.schedule.preemptible\n");
		ztest_test_skip();
	}
	function_done = false;
	executor_begin();
	helper_start(1, 3, mid, NULL);
	helper_start(2, 1, high, NULL);
	k_msleep(5);
	zassert_ok(micrort_schedule(low_function, NULL));
	helper_join(2);
	zassert_ok(enter_result);
	/* Without lending it takes the 500 ms for which the thread in the middle spins. */
	zassert_true(entered_after < 250, "entered after %d ms", (int)entered_after);
	zassert_equal(priority_inside, 1);
	helper_join(1);

	/* It was lent, not given. */
	zassert_ok(micrort_schedule(note_priority, NULL));
	settle();
	if (!EXECUTOR_IS_POLL) {
		zassert_equal(priority_later, EXECUTOR_PRIORITY);
	}
	executor_end();
}

static int inside_results[4];

static void enter_inside(void *arg)
{
	ARG_UNUSED(arg);

	trace_add(1);
	inside_results[0] = micrort_critical_enter();
	inside_results[1] = micrort_critical_enter();
	inside_results[2] = micrort_critical_exit();
	inside_results[3] = micrort_critical_exit();
	trace_add(2);
}

/** "inside a scheduled function it returns at once" */
ZTEST(critical, test_enter_inside_a_function_returns_at_once)
{
	uint32_t warnings = warnings_logged();

	NEEDS_A_THREAD("they open no region");
	memset(inside_results, 0xff, sizeof(inside_results));
	zassert_ok(micrort_schedule(enter_inside, NULL));
	queue_number(4);
	settle();
	for (int i = 0; i < 4; i++) {
		zassert_ok(inside_results[i]);
	}
	TRACE_EXPECT(1, 2, 4);
	zassert_equal(warnings_logged(), warnings);
}

static void enter_in_interrupt(void *result)
{
	*(int *)result = micrort_critical_enter();
}

/** "in an interrupt it is refused with -EWOULDBLOCK" */
ZTEST(critical, test_enter_in_an_interrupt_is_refused)
{
	int result = 0;

	interrupt_low(enter_in_interrupt, &result);
	zassert_equal(result, -EWOULDBLOCK);
	queue_number(0);
	settle();
	TRACE_EXPECT(0);

	/* Also where the interrupted thread has a region open. */
	zassert_ok(micrort_critical_enter());
	interrupt_low(enter_in_interrupt, &result);
	zassert_equal(result, -EWOULDBLOCK);
	zassert_ok(micrort_critical_exit());
	zassert_equal(micrort_critical_exit(), -EPERM);
}

static K_SEM_DEFINE(helper_step, 0, 1);
static K_SEM_DEFINE(helper_ready, 0, HELPERS);
static int helper_results[HELPERS];

/** A thread that opens a region and closes it when told. */
static void hold_region(void *index, void *p2, void *p3)
{
	int i = POINTER_TO_INT(index);

	helper_results[i] = micrort_critical_enter();
	k_sem_give(&helper_ready);
	k_sem_take(&helper_step, K_FOREVER);
	if (helper_results[i] == 0) {
		helper_results[i] = micrort_critical_exit();
	}
}

static void start_holder(int index)
{
	helper_start(index, 0, hold_region, INT_TO_POINTER(index));
	zassert_ok(k_sem_take(&helper_ready, PATIENCE));
	zassert_ok(helper_results[index]);
}

static void end_holder(int index)
{
	k_sem_give(&helper_step);
	helper_join(index);
	zassert_ok(helper_results[index]);
}

/** "Regions of different threads may overlap" */
ZTEST(critical, test_regions_of_threads_overlap)
{
	executor_begin();
	zassert_ok(micrort_critical_enter());
	start_holder(1);
	queue_number(1);
	zassert_ok(micrort_critical_exit());
	tempt();
	TRACE_EXPECT_NOTHING();
	zassert_ok(micrort_critical_enter());
	end_holder(1);
	tempt();
	TRACE_EXPECT_NOTHING();
	zassert_ok(micrort_critical_exit());
	settle();
	TRACE_EXPECT(1);
	executor_end();
}

/** "An exit without an enter is refused with -EPERM and changes nothing" */
ZTEST(critical, test_surplus_exit_is_refused)
{
	zassert_equal(micrort_critical_exit(), -EPERM);
	queue_number(0);
	settle();
	TRACE_EXPECT(0);
	trace_reset();

	/* The next region works as ever. */
	executor_begin();
	zassert_ok(micrort_critical_enter());
	queue_number(1);
	tempt();
	TRACE_EXPECT_NOTHING();
	zassert_ok(micrort_critical_exit());
	zassert_equal(micrort_critical_exit(), -EPERM);
	settle();
	TRACE_EXPECT(1);
	trace_reset();

	/* Another thread's region is not closed by it. */
	start_holder(1);
	queue_number(2);
	zassert_equal(micrort_critical_exit(), -EPERM);
	tempt();
	TRACE_EXPECT_NOTHING();
	end_holder(1);
	settle();
	TRACE_EXPECT(2);
	executor_end();
}

static void leave_open(void *arg)
{
	ARG_UNUSED(arg);

	trace_add(1);
	(void)micrort_critical_enter();
	(void)micrort_critical_enter();
}

/** "A region that a scheduled function leaves open is closed when it returns, with a warning." */
ZTEST(critical, test_region_left_open_by_a_function_is_closed)
{
	uint32_t warnings = warnings_logged();

	NEEDS_A_THREAD("they open no region");
	zassert_ok(micrort_schedule(leave_open, NULL));
	queue_number(2);
	settle();
	TRACE_EXPECT(1, 2);
	zassert_equal(warnings_logged(), warnings + 1);

	/* And not handed on to what runs on that thread later. */
	zassert_ok(micrort_schedule(enter_inside, NULL));
	settle();
	for (int i = 0; i < 4; i++) {
		zassert_ok(inside_results[i]);
	}
	zassert_equal(warnings_logged(), warnings + 1);
	zassert_equal(micrort_critical_exit(), -EPERM);
}

static void exit_inside(void *arg)
{
	ARG_UNUSED(arg);
	inside_results[0] = micrort_critical_exit();
}

/** A surplus exit inside a function */
ZTEST(critical, test_surplus_exit_inside_a_function_is_refused)
{
	inside_results[0] = 0;
	zassert_ok(micrort_schedule(exit_inside, NULL));
	settle();
	zassert_equal(inside_results[0], -EPERM);
	queue_number(0);
	settle();
	TRACE_EXPECT(0);
}

/** Depth overflow: refused, and every region that was opened can be closed */
ZTEST(critical, test_overflow_is_refused)
{
	for (int i = 0; i < 65534; i++) {
		zassert_ok(micrort_critical_enter());
	}
	for (int i = 0; i < 3; i++) {
		zassert_equal(micrort_critical_enter(), -EOVERFLOW);
	}
	queue_number(0);
	for (int i = 0; i < 65534; i++) {
		zassert_equal(trace_count(), 0);
		zassert_ok(micrort_critical_exit());
	}
	zassert_equal(micrort_critical_exit(), -EPERM);
	settle();
	TRACE_EXPECT(0);
}

/** Every thread can hold regions at once, and the last one to close its own lets functions run */
ZTEST(critical, test_every_thread_can_hold_one)
{
	executor_begin();
	for (int i = 1; i < HELPERS; i++) {
		start_holder(i);
	}
	zassert_ok(micrort_critical_enter());
	queue_number(0);
	for (int i = 1; i < HELPERS; i++) {
		tempt();
		TRACE_EXPECT_NOTHING();
		end_holder(i);
	}
	tempt();
	TRACE_EXPECT_NOTHING();
	zassert_ok(micrort_critical_exit());
	settle();
	TRACE_EXPECT(0);
	executor_end();
}

static volatile bool other_item_ran;

static void other_item(struct k_work *work)
{
	ARG_UNUSED(work);
	other_item_ran = true;
}

static K_WORK_DEFINE(other_work, other_item);

static volatile uint32_t idle_rounds;

static void lowest(void *p1, void *p2, void *p3)
{
	while (true) {
		idle_rounds++;
		k_busy_wait(100);
	}
}

/**
 * "On the system work queue nothing may block that queue": with a region open and functions queued,
 * other items of that queue run, and so do threads of the lowest priority.
 */
ZTEST(critical, test_open_region_blocks_nothing_else)
{
	uint32_t rounds;

	zassert_ok(micrort_critical_enter());
	queue_number(1);
	queue_number(2);
	let_others_run();
	other_item_ran = false;
	zassert_true(k_work_submit(&other_work) >= 0);
	wait_for(&other_item_ran);
	TRACE_EXPECT_NOTHING();

	helper_start(1, K_LOWEST_APPLICATION_THREAD_PRIO, lowest, NULL);
	rounds = idle_rounds;
	k_msleep(50);
	zassert_true(idle_rounds - rounds > 100, "%u rounds", idle_rounds - rounds);
	helper_abort(1);

	other_item_ran = false;
	zassert_true(k_work_submit(&other_work) >= 0);
	wait_for(&other_item_ran);
	zassert_ok(micrort_critical_exit());
	settle();
	TRACE_EXPECT(1, 2);
}
