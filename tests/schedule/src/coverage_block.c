/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief The "scheduler" block of ports/unix/extra_coverage.py, as reference-semantics.md section
 * 10 describes it: "5th enqueue false; nested lock; drain while locked = nothing; FIFO 0..3; kbd
 * first; clear mode; node requeue once per pass". The depth is Kconfig's here, not four.
 */

#include <zephyr/ztest.h>

#include "executor.h"
#include "helpers.h"

static void before(void *fixture)
{
	ARG_UNUSED(fixture);
	trace_reset();
	zassert_ok(micrort_kbd_intr_attach());
	(void)micrort_check();
}

ZTEST_SUITE(coverage_block, NULL, NULL, before, helpers_after, NULL);

/** "5th enqueue false", "nested lock", "drain while locked = nothing", "FIFO 0..3" */
ZTEST(coverage_block, test_lock_fill_drain_unlock)
{
	zassert_ok(micrort_critical_enter());
	for (int i = 0; i < DEPTH; i++) {
		zassert_ok(micrort_schedule(trace_function, INT_TO_POINTER(i)));
	}
	zassert_equal(micrort_schedule(trace_function, INT_TO_POINTER(DEPTH)), -ENOBUFS);

	zassert_ok(micrort_critical_enter());
	zassert_equal(micrort_poll(), 0);
	zassert_equal(micrort_sleep(K_NO_WAIT), 0);
	TRACE_EXPECT_NOTHING();
	zassert_ok(micrort_critical_exit());

	zassert_equal(micrort_poll(), 0);
	zassert_equal(micrort_sleep(K_MSEC(2)), 0);
	TRACE_EXPECT_NOTHING();
	zassert_ok(micrort_critical_exit());

	settle();
	zassert_equal(trace_count(), DEPTH);
	for (int i = 0; i < MIN(DEPTH, 64); i++) {
		zassert_equal(trace_at(i), i);
	}
	zassert_equal(micrort_poll(), 0);
	zassert_equal(trace_count(), DEPTH);
}

/** "kbd first": with both pending, the interrupt is taken and the queue stays as it is. */
ZTEST(coverage_block, test_interrupt_comes_first)
{
	zassert_ok(micrort_critical_enter());
	queue_number(1);
	zassert_ok(micrort_kbd_intr_raise());
	zassert_equal(micrort_poll(), -EINTR);
	TRACE_EXPECT_NOTHING();
	zassert_ok(micrort_critical_exit());
	settle();
	TRACE_EXPECT(1);
}

/** "clear mode": a pending interrupt is dropped, the functions run. */
ZTEST(coverage_block, test_clear_the_interrupt_and_run_the_rest)
{
	int chr = micrort_kbd_intr_get();

	queue_number(1);
	zassert_ok(micrort_kbd_intr_raise());
	zassert_ok(micrort_kbd_intr(MICRORT_KBD_INTR_OFF));
	zassert_ok(micrort_kbd_intr(chr));
	settle();
	TRACE_EXPECT(1);
	zassert_ok(micrort_check());
}

static int requeues;

static void requeue(struct micrort_task *task)
{
	trace_add(requeues);
	if (requeues++ < 2) {
		zassert_ok(micrort_task_schedule(task));
	}
}

/** "node requeue once per pass" */
ZTEST(coverage_block, test_node_that_requeues_itself_runs_once_per_pass)
{
	static MICRORT_TASK_DEFINE(node, requeue);

	requeues = 0;
	zassert_ok(micrort_task_schedule(&node));
	zassert_true(EXECUTOR_IS_POLL || EXECUTOR_IS_INTERRUPT || micrort_task_schedule(&node) == MICRORT_TASK_JOINED ||
		     requeues > 0);
	if (EXECUTOR_IS_POLL) {
		for (int i = 1; i <= 3; i++) {
			zassert_equal(micrort_poll(), 1);
			zassert_equal(requeues, i);
		}
	}
	settle();
	TRACE_EXPECT(0, 1, 2);
}
