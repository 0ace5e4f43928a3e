/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief design.md, "schedule": "One pass runs only what was queued when it began, then gives way,
 * so that functions that reschedule themselves starve nobody."
 */

#include <zephyr/ztest.h>

#include "executor.h"
#include "helpers.h"

#define RUNS 50

static void before(void *fixture)
{
	ARG_UNUSED(fixture);
	trace_reset();
}

ZTEST_SUITE(fairness, NULL, NULL, before, helpers_after, NULL);

/* How often somebody else has run: a thread of the executor's priority, or another work item. */
static volatile uint32_t others;

/*
 * The test waits for this and not by short sleeps: a timer interrupt in the middle of a k_yield()
 * can undo it, in the kernel, and then nobody else has run.
 */
static K_SEM_DEFINE(finished, 0, 1);

static uint32_t function_runs;
static uint32_t task_runs;
static uint32_t others_at_function_run[RUNS];
static uint32_t others_at_task_run[RUNS];

static void again_function(void *arg)
{
	ARG_UNUSED(arg);

	others_at_function_run[function_runs++] = others;
	if (function_runs < RUNS) {
		(void)micrort_schedule(again_function, NULL);
	}
	if (function_runs == RUNS && task_runs == RUNS) {
		k_sem_give(&finished);
	}
}

static void again_task(struct micrort_task *task)
{
	others_at_task_run[task_runs++] = others;
	if (task_runs < RUNS) {
		(void)micrort_task_schedule(task);
	}
	if (function_runs == RUNS && task_runs == RUNS) {
		k_sem_give(&finished);
	}
}

static MICRORT_TASK_DEFINE(again, again_task);

/** Start both, at once. */
static void start(void)
{
	others = 0;
	function_runs = 0;
	task_runs = 0;
	k_sem_reset(&finished);
	zassert_ok(micrort_critical_enter());
	zassert_ok(micrort_schedule(again_function, NULL));
	zassert_ok(micrort_task_schedule(&again));
	zassert_ok(micrort_critical_exit());
}

#if !defined(CONFIG_MICRORT_EXECUTOR_POLL)

static void check_that_others_ran(void)
{
	zassert_equal(function_runs, RUNS);
	zassert_equal(task_runs, RUNS);
	for (int i = 1; i < RUNS; i++) {
		zassert_true(others_at_function_run[i] > others_at_function_run[i - 1],
			     "nobody else ran between runs %d and %d", i - 1, i);
		zassert_true(others_at_task_run[i] > others_at_task_run[i - 1],
			     "nobody else ran between runs %d and %d", i - 1, i);
	}
}

static volatile bool peer_stop;

static void peer(void *p1, void *p2, void *p3)
{
	while (!peer_stop) {
		others++;
		k_yield();
		/* native_sim's time passes only where somebody waits. */
		k_busy_wait(10);
	}
}

/** Starves no thread of the executor's own priority; asyncio_event_queue.py */
ZTEST(fairness, test_thread_of_same_priority_runs_between_passes)
{
	NEEDS_A_THREAD("no thread is their equal");
	peer_stop = false;
	helper_start(1, EXECUTOR_PRIORITY, peer, NULL);
	start();
	zassert_ok(k_sem_take(&finished, PATIENCE));
	peer_stop = true;
	helper_join(1);
	settle();
	check_that_others_ran();
}

#define SELFISH_RUNS_MAX (20 * CONFIG_MICRORT_EXECUTOR_PASSES_MAX)

static volatile uint32_t selfish_runs;
static volatile uint32_t selfish_runs_when_lower_ran[3];
static volatile uint32_t lower_ran;

static void run_for_ever(struct micrort_task *task)
{
	selfish_runs++;
	if (selfish_runs < SELFISH_RUNS_MAX &&
	    lower_ran < ARRAY_SIZE(selfish_runs_when_lower_ran)) {
		(void)micrort_task_schedule(task);
	} else {
		k_sem_give(&finished);
	}
}

static void note_selfish_runs(void *p1, void *p2, void *p3)
{
	uint32_t seen = 0;

	while (lower_ran < ARRAY_SIZE(selfish_runs_when_lower_ran)) {
		if (selfish_runs != seen) {
			seen = selfish_runs;
			selfish_runs_when_lower_ran[lower_ran++] = seen;
		}
		if (IS_ENABLED(CONFIG_ARCH_POSIX)) {
			/* Its clock stands still while a program runs. */
			k_busy_wait(100);
		}
	}
}

/** "Functions that reschedule themselves starve nobody, threads of lower priority included" */
ZTEST(fairness, test_thread_of_lower_priority_runs)
{
	static MICRORT_TASK_DEFINE(selfish, run_for_ever);
	uint32_t before = 0;

	selfish_runs = 0;
	lower_ran = 0;
	k_sem_reset(&finished);
	helper_start(1, MAX(EXECUTOR_PRIORITY + 1, K_LOWEST_APPLICATION_THREAD_PRIO - 1),
		     note_selfish_runs, NULL);
	zassert_ok(micrort_task_schedule(&selfish));
	zassert_ok(k_sem_take(&finished, PATIENCE));
	zassert_true(selfish_runs < SELFISH_RUNS_MAX, "it ran %u times, the other thread %u times",
		     selfish_runs, lower_ran);
	helper_join(1);
	for (int i = 0; i < ARRAY_SIZE(selfish_runs_when_lower_ran); i++) {
		uint32_t runs = selfish_runs_when_lower_ran[i] - before;

		zassert_true(runs <= CONFIG_MICRORT_EXECUTOR_PASSES_MAX, "%u passes in a row", runs);
		before = selfish_runs_when_lower_ran[i];
	}
	settle();
}

#endif

#if defined(CONFIG_MICRORT_EXECUTOR_SYSTEM)

static volatile bool item_stop;

static void other_item(struct k_work *work)
{
	others++;
	if (!item_stop) {
		k_work_submit(work);
	}
}

static K_WORK_DEFINE(other_work, other_item);

/** On the system work queue, another item runs between two passes. */
ZTEST(fairness, test_other_work_item_runs_between_passes)
{
	item_stop = false;
	zassert_true(k_work_submit(&other_work) >= 0);
	start();
	zassert_ok(k_sem_take(&finished, PATIENCE));
	item_stop = true;
	settle();
	check_that_others_ran();
}

#endif

#if defined(CONFIG_MICRORT_EXECUTOR_POLL)

/** One micrort_poll() is one pass; asyncio_event_queue.py */
ZTEST(fairness, test_poll_is_one_pass)
{
	start();
	for (int i = 1; i <= RUNS; i++) {
		zassert_equal(micrort_poll(), 2);
		zassert_equal(function_runs, i);
		zassert_equal(task_runs, i);
	}
	zassert_equal(micrort_poll(), 0);
}

static void queue_two(struct micrort_task *task)
{
	ARG_UNUSED(task);
	trace_add(0);
	queue_number(4);
	queue_number(5);
}

/** "Scheduled from inside a scheduled function: queued at the end, runs in a later pass." */
ZTEST(fairness, test_scheduled_from_inside_runs_in_a_later_pass)
{
	static MICRORT_TASK_DEFINE(inside, queue_two);

	zassert_ok(micrort_task_schedule(&inside));
	queue_number(2);
	zassert_equal(micrort_poll(), 2);
	TRACE_EXPECT(0, 2);
	zassert_equal(micrort_poll(), 2);
	TRACE_EXPECT(0, 2, 4, 5);
	zassert_equal(micrort_poll(), 0);
}

#else

static uint32_t others_at[4];

static void note_others(struct micrort_task *task);

static struct micrort_task steps[4] = {
	[0 ... 3] = MICRORT_TASK_INITIALIZER(note_others),
};

static void note_others(struct micrort_task *task)
{
	int step = (int)(task - steps);

	trace_add(step);
	others_at[step] = others;
	if (step == 0) {
		(void)micrort_task_schedule(&steps[2]);
		(void)micrort_task_schedule(&steps[3]);
	}
	if (step == 3) {
		k_sem_give(&finished);
	}
}

/** "Scheduled from inside a scheduled function: queued at the end, runs in a later pass." */
ZTEST(fairness, test_scheduled_from_inside_runs_in_a_later_pass)
{
	peer_stop = false;
	k_sem_reset(&finished);
	if (!EXECUTOR_IS_INTERRUPT) {
		helper_start(1, EXECUTOR_PRIORITY, peer, NULL);
	}
	zassert_ok(micrort_critical_enter());
	zassert_ok(micrort_task_schedule(&steps[0]));
	zassert_ok(micrort_task_schedule(&steps[1]));
	zassert_ok(micrort_critical_exit());
	zassert_ok(k_sem_take(&finished, PATIENCE));
	TRACE_EXPECT(0, 1, 2, 3);
	if (EXECUTOR_IS_INTERRUPT) {
		return;
	}
	peer_stop = true;
	helper_join(1);
	zassert_true(others_at[2] > others_at[0], "it ran in the pass that queued it");
	zassert_true(others_at[2] > others_at[1], "it ran in the pass that queued it");
}

#endif
