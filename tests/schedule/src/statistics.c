/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief design.md, "schedule": "Statistics: accepted, run, refused, coalesced, high-water mark of
 * the queue; as an option the longest run". The other counters are looked at where they grow.
 */

#include <zephyr/ztest.h>

#include "executor.h"
#include "helpers.h"

ZTEST_SUITE(statistics, NULL, NULL, NULL, helpers_after, NULL);

static struct micrort_schedule_stats seen_inside;

static void look(void *arg)
{
	ARG_UNUSED(arg);
	micrort_schedule_stats_get(&seen_inside);
}

/** `run` counts what has been started, so a function sees itself. */
ZTEST(statistics, test_run_counts_what_has_started)
{
	struct micrort_schedule_stats stats = stats_now();

	zassert_equal(queued_now(), 0);
	zassert_ok(micrort_critical_enter());
	zassert_ok(micrort_schedule(look, NULL));
	queue_number(0);
	zassert_equal(stats_now().accepted, stats.accepted + 2);
	zassert_equal(stats_now().run, stats.run);
	zassert_ok(micrort_critical_exit());
	settle();
	zassert_equal(seen_inside.accepted, stats.accepted + 2);
	zassert_equal(seen_inside.run, stats.run + 1);
	zassert_equal(stats_now().run, stats.run + 2);
}

static void busy(void *milliseconds)
{
	k_busy_wait(POINTER_TO_INT(milliseconds) * USEC_PER_MSEC);
}

static void busy_of_two(void *milliseconds, void *second)
{
	ARG_UNUSED(second);

	busy(milliseconds);
}

/** "as an option (it reads the cycle counter) the longest run" */
ZTEST(statistics, test_longest_run)
{
	uint32_t longest;

	zassert_ok(micrort_schedule(busy, INT_TO_POINTER(20)));
	settle();
	longest = stats_now().longest_cycles;
	if (!IS_ENABLED(CONFIG_MICRORT_SCHEDULE_TIMING)) {
		zassert_equal(longest, 0);
		zassert_is_null(stats_now().longest_function);
		return;
	}
	zassert_true(k_cyc_to_us_near32(longest) >= 19 * USEC_PER_MSEC, "%u cycles", longest);

	/* A shorter one changes nothing, a longer one does. */
	zassert_ok(micrort_schedule(busy, INT_TO_POINTER(1)));
	settle();
	zassert_equal(stats_now().longest_cycles, longest);
	zassert_ok(micrort_schedule(busy, INT_TO_POINTER(2 * k_cyc_to_ms_ceil32(longest))));
	settle();
	zassert_true(stats_now().longest_cycles > longest);
	zassert_equal_ptr(stats_now().longest_function, (const void *)busy);

	if (IS_ENABLED(CONFIG_MICRORT_SCHEDULE_SECOND_ARGUMENT)) {
		longest = stats_now().longest_cycles;
		zassert_ok(micrort_schedule2(
			busy_of_two, INT_TO_POINTER(2 * k_cyc_to_ms_ceil32(longest)), NULL));
		settle();
		zassert_equal_ptr(stats_now().longest_function, (const void *)busy_of_two);
	}
}
