/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief schedule.h, critical regions: "So is the region of a thread that ends", that is, closed
 * with a warning.
 */

#include <string.h>

#include <zephyr/ztest.h>

#include "executor.h"
#include "helpers.h"
#include "warnings.h"

static void before(void *fixture)
{
	ARG_UNUSED(fixture);
	trace_reset();
}

ZTEST_SUITE(critical_ended, NULL, NULL, before, helpers_after, NULL);

static K_SEM_DEFINE(entered, 0, 1);

static void enter_and_end(void *p1, void *p2, void *p3)
{
	(void)micrort_critical_enter();
	(void)micrort_critical_enter();
	k_sem_give(&entered);
}

static void enter_and_wait(void *p1, void *p2, void *p3)
{
	(void)micrort_critical_enter();
	k_sem_give(&entered);
	k_sleep(K_FOREVER);
}

/** By returning from its entry */
ZTEST(critical_ended, test_thread_returns_with_a_region_open)
{
	uint32_t warnings = warnings_logged();

	helper_start(1, 0, enter_and_end, NULL);
	helper_join(1);
	zassert_ok(k_sem_take(&entered, K_NO_WAIT));
	queue_number(0);
	settle();
	TRACE_EXPECT(0);
	zassert_equal(warnings_logged(), warnings + 1);
}

/** Helper 1 has a region open, which ends with it and not before. */
static void expect_region_until_abort(void)
{
	queue_number(0);
	let_others_run();
	TRACE_EXPECT_NOTHING();
	helper_abort(1);
	settle();
	TRACE_EXPECT(0);
}

/** By k_thread_abort(), with something queued already */
ZTEST(critical_ended, test_thread_is_aborted_with_a_region_open)
{
	uint32_t warnings = warnings_logged();

	executor_begin();
	helper_start(1, 0, enter_and_wait, NULL);
	zassert_ok(k_sem_take(&entered, PATIENCE));
	expect_region_until_abort();
	zassert_equal(warnings_logged(), warnings + 1);
	executor_end();
}

static int exit_result;

static void only_exit(void *p1, void *p2, void *p3)
{
	exit_result = micrort_critical_exit();
}

/** A new thread with the same k_thread has no region. */
ZTEST(critical_ended, test_new_thread_inherits_no_region)
{
	helper_start(1, 0, enter_and_wait, NULL);
	zassert_ok(k_sem_take(&entered, PATIENCE));
	helper_abort(1);
	exit_result = 0;
	helper_start(1, 0, only_exit, NULL);
	helper_join(1);
	zassert_equal(exit_result, -EPERM);
	queue_number(0);
	settle();
	TRACE_EXPECT(0);
}

static K_SEM_DEFINE(function_started, 0, 1);
static K_SEM_DEFINE(function_may_end, 0, 1);

static void wait_to_end(void *arg)
{
	ARG_UNUSED(arg);

	k_sem_give(&function_started);
	k_sem_take(&function_may_end, K_FOREVER);
	trace_add(1);
}

/** A thread that ends while its enter waits for a function: the queue goes on. */
ZTEST(critical_ended, test_thread_is_aborted_while_it_waits_to_enter)
{
	NEEDS_A_THREAD("they do not block");
	executor_begin();
	zassert_ok(micrort_schedule(wait_to_end, NULL));
	zassert_ok(k_sem_take(&function_started, PATIENCE));
	queue_number(2);
	helper_start(1, 0, enter_and_wait, NULL);
	let_others_run();
	zassert_equal(k_sem_take(&entered, K_NO_WAIT), -EBUSY, "a function is running");
	helper_abort(1);
	k_sem_give(&function_may_end);
	settle();
	TRACE_EXPECT(1, 2);
	zassert_equal(k_sem_take(&entered, K_NO_WAIT), -EBUSY);
	executor_end();
}

/* Where a thread is a thread of the host's, its storage cannot be mistaken for another one's. */
#ifndef CONFIG_ARCH_POSIX

static struct k_thread ended;

/** A thread that has ended is aborted again: its memory is somebody else's by then. */
ZTEST(critical_ended, test_thread_is_aborted_twice)
{
	executor_begin();
	helper_start(1, 0, enter_and_end, NULL);
	helper_join(1);
	/* The same stack for another thread, which has a region open. */
	helper_start(1, 0, enter_and_wait, NULL);
	zassert_ok(k_sem_take(&entered, PATIENCE));
	zassert_ok(k_sem_take(&entered, PATIENCE));
	memcpy(&ended, helper_thread(1), sizeof(ended));
	ended.base.thread_state |= _THREAD_DEAD;
	k_thread_abort(&ended);
	expect_region_until_abort();
	executor_end();
}

#endif

/** Many threads end with a region open, one after the other. */
ZTEST(critical_ended, test_ended_threads_leave_room)
{
	for (int i = 0; i < 12; i++) {
		k_sem_reset(&entered);
		helper_start(1 + i % (HELPERS - 1), 0, enter_and_end, NULL);
		helper_join(1 + i % (HELPERS - 1));
	}
	zassert_ok(micrort_critical_enter());
	zassert_ok(micrort_critical_exit());
	k_sem_reset(&entered);
	queue_number(0);
	settle();
	TRACE_EXPECT(0);
}

#ifdef CONFIG_MICRORT_EXECUTOR_POLL

static void end_thread(void *arg)
{
	ARG_UNUSED(arg);

	(void)micrort_critical_enter();
	trace_add(1);
	k_thread_abort(k_current_get());
}

static void poll_once(void *p1, void *p2, void *p3)
{
	(void)micrort_poll();
}

static void enter_and_exit(void *p1, void *p2, void *p3)
{
	(void)micrort_critical_enter();
	k_sem_give(&entered);
	(void)micrort_critical_exit();
}

/** A thread that ends inside a function which it runs, with a region open. */
ZTEST(critical_ended, test_polling_thread_ends_inside_a_function)
{
	uint32_t warnings = warnings_logged();

	zassert_ok(micrort_schedule(end_thread, NULL));
	queue_number(2);
	helper_start(1, 0, poll_once, NULL);
	helper_join(1);
	TRACE_EXPECT(1);
	settle();
	TRACE_EXPECT(1, 2);
	zassert_equal(warnings_logged() - warnings, 1);
}

/** The same, from outside, while another thread waits to enter a region. */
ZTEST(critical_ended, test_polling_thread_is_aborted_inside_a_function)
{
	k_sem_reset(&function_started);
	k_sem_reset(&function_may_end);
	k_sem_reset(&entered);
	zassert_ok(micrort_schedule(wait_to_end, NULL));
	queue_number(2);
	helper_start(1, 0, poll_once, NULL);
	zassert_ok(k_sem_take(&function_started, PATIENCE));
	helper_start(2, 0, enter_and_exit, NULL);
	let_others_run();
	zassert_equal(k_sem_take(&entered, K_NO_WAIT), -EBUSY, "a function is running");
	helper_abort(1);
	zassert_ok(k_sem_take(&entered, PATIENCE));
	helper_join(2);
	settle();
	TRACE_EXPECT(2);
}

#endif /* CONFIG_MICRORT_EXECUTOR_POLL */
