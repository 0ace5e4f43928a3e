/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief The soft reset.
 */

#include <errno.h>
#include <string.h>

#include <zephyr/ztest.h>

#include "executor.h"
#include "helpers.h"
#include "interrupts.h"

static void before(void *fixture)
{
	ARG_UNUSED(fixture);
	trace_reset();
	zassert_ok(micrort_reset(0, NULL));
}

ZTEST_SUITE(reset, NULL, NULL, before, helpers_after, NULL);

static void run_task(struct micrort_task *task)
{
	ARG_UNUSED(task);
	trace_add(9);
}

static MICRORT_TASK_DEFINE(task, run_task);

ZTEST(reset, test_all_that_is_left_is_dropped_and_told)
{
	struct micrort_schedule_stats old = stats_now();
	struct micrort_reset_report report;

	zassert_ok(micrort_critical_enter());
	zassert_ok(micrort_critical_enter());
	zassert_ok(micrort_schedule(trace_function, (void *)1));
	zassert_equal(micrort_task_schedule(&task), 0);
	zassert_ok(micrort_schedule(trace_function, (void *)2));
	zassert_ok(micrort_heap_lock());
	zassert_ok(micrort_heap_lock());
	zassert_ok(micrort_heap_lock());
	(void)micrort_raise(&micrort_exc_value_error, "unread");
	zassert_ok(micrort_kbd_intr_attach());
	zassert_ok(micrort_kbd_intr_raise());

	zassert_ok(micrort_reset(0, &report));
	zassert_equal(report.functions, 3);
	zassert_equal(report.regions, 2);
	zassert_equal(report.heap_depth, 3);
	zassert_equal(report.exceptions, 1);
	zassert_equal(report.strings, 0);
	zassert_true(report.interrupt);

	settle();
	TRACE_EXPECT_NOTHING();
	zassert_false(micrort_task_is_queued(&task));
	zassert_equal(micrort_heap_locked(), 0);
	zassert_equal(micrort_critical_exit(), -EPERM);
	zassert_ok(micrort_check());
	zassert_equal(stats_now().cancelled - old.cancelled, 3);
	zassert_equal(queued_now(), 0);
	zassert_ok(micrort_reset(0, &report));
	zassert_equal(report.functions + report.regions + report.heap_depth + report.exceptions, 0);
	zassert_false(report.interrupt);
	/* And all goes on. */
	zassert_equal(micrort_task_schedule(&task), 0);
	settle();
	TRACE_EXPECT(9);
	zassert_ok(micrort_kbd_intr_detach());
}

ZTEST(reset, test_strings_on_request)
{
	struct micrort_reset_report report;
	struct micrort_qstr_stats strings;
	const char *name = "for a while";
	int id = micrort_qstr_from_str(name);

	zassert_true(id > 0);
	zassert_ok(micrort_reset(0, &report));
	zassert_equal(micrort_qstr_find_strn(name, strlen(name)), id);
	zassert_ok(micrort_reset(MICRORT_RESET_STRINGS, &report));
	zassert_equal(report.strings, 1);
	zassert_equal(micrort_qstr_find_strn(name, strlen(name)), -ENOENT);
	micrort_qstr_stats_get(&strings);
	zassert_equal(strings.total_bytes, 0);
	zassert_equal(micrort_qstr_from_str("another"), id, "numbers begin anew");
	zassert_ok(micrort_reset(MICRORT_RESET_STRINGS, NULL));
}

static int inside;

static void reset_inside(void *unused)
{
	ARG_UNUSED(unused);
	zassert_equal(micrort_critical_enter(), EXECUTOR_IS_INTERRUPT ? -EWOULDBLOCK : 0);
	inside = micrort_reset(0, NULL);
	zassert_equal(micrort_critical_exit(), EXECUTOR_IS_INTERRUPT ? -EPERM : 0);
}

static void reset_in_interrupt(void *result)
{
	*(int *)result = micrort_reset(0, NULL);
}

ZTEST(reset, test_refused)
{
	int in_interrupt = 0;

	zassert_ok(micrort_schedule(reset_inside, NULL));
	zassert_ok(micrort_schedule(trace_function, (void *)1));
	settle();
	zassert_equal(inside, EXECUTOR_IS_INTERRUPT ? -EWOULDBLOCK : -EDEADLK);
	zassert_ok(micrort_critical_enter());
	zassert_ok(micrort_schedule(trace_function, (void *)2));
	interrupt_low(reset_in_interrupt, &in_interrupt);
	zassert_equal(in_interrupt, -EWOULDBLOCK);
	zassert_equal(micrort_reset(2, NULL), -EINVAL);
	zassert_ok(micrort_critical_exit(), "nothing was changed");
	settle();
	TRACE_EXPECT(1, 2);
}

static volatile bool began;

static void run_slowly(void *unused)
{
	ARG_UNUSED(unused);
	began = true;
	k_sleep(K_MSEC(20));
	trace_add(1);
}

/** A function that is running in another thread runs to its end; those behind it do not begin. */
ZTEST(reset, test_while_a_function_runs)
{
	struct micrort_reset_report report;

	NEEDS_A_THREAD("they do not block");
	began = false;
	executor_begin();
	zassert_ok(micrort_schedule(run_slowly, NULL));
	wait_for(&began);
	zassert_ok(micrort_schedule(trace_function, (void *)2));
	zassert_ok(micrort_reset(0, &report));
	TRACE_EXPECT(1);
	zassert_equal(report.functions, 1);
	zassert_ok(micrort_schedule(trace_function, (void *)3));
	executor_end();
	settle();
	TRACE_EXPECT(1, 3);
}

static void hold(void *p1, void *p2, void *p3)
{
	ARG_UNUSED(p1);
	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
	zassert_ok(micrort_critical_enter());
	zassert_ok(micrort_heap_lock());
	k_sleep(K_FOREVER);
}

/** What other threads hold is theirs. */
ZTEST(reset, test_others_keep_what_is_theirs)
{
	struct micrort_reset_report report;

	(void)helper_start(0, -1, hold, NULL);
	let_others_run();
	zassert_ok(micrort_reset(0, &report));
	zassert_equal(report.regions, 0);
	zassert_ok(micrort_schedule(trace_function, (void *)1));
	let_others_run();
	(void)micrort_poll();
	TRACE_EXPECT_NOTHING();
	helper_abort(0);
	settle();
	TRACE_EXPECT(1);
}
