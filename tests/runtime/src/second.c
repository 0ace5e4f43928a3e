/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief Functions with two arguments, as those of a language are: the function and what it is given.
 */

#include <errno.h>

#include <zephyr/ztest.h>

#include <micrort/micrort.h>

#include "helpers.h"
#include "trace.h"

static void before(void *fixture)
{
	ARG_UNUSED(fixture);
	trace_reset();
}

ZTEST_SUITE(second, NULL, NULL, before, helpers_after, NULL);

static void add_both(void *a, void *b)
{
	trace_add(10 * POINTER_TO_INT(a) + POINTER_TO_INT(b));
}

static void look(const struct micrort_scheduled *scheduled, void *context)
{
	ARG_UNUSED(context);

	if (scheduled->fn2 == add_both) {
		add_both(scheduled->arg, scheduled->arg2);
	} else {
		zassert_true(scheduled->arg2 == NULL);
		trace_function(scheduled->arg);
	}
}

/** One queue for both kinds; a slot that had a second argument keeps none. */
ZTEST(second, test_both_kinds_in_order)
{
	zassert_ok(micrort_critical_enter());
	for (int i = 0; i < 2; i++) {
		trace_reset();
		zassert_ok(micrort_schedule2(add_both, (void *)1, (void *)2));
		zassert_ok(micrort_schedule(trace_function, (void *)3));
		zassert_ok(micrort_schedule2(add_both, (void *)4, NULL));
		zassert_ok(micrort_schedule_foreach(look, NULL));
		TRACE_EXPECT(12, 3, 40);
		trace_reset();
		zassert_ok(micrort_critical_exit());
		(void)micrort_poll();
		zassert_ok(micrort_flush());
		TRACE_EXPECT(12, 3, 40);
		zassert_ok(micrort_critical_enter());
		/* The slots are taken again in another order. */
		zassert_ok(micrort_schedule(trace_function, (void *)5));
		zassert_ok(micrort_schedule_foreach(look, NULL));
		TRACE_EXPECT(12, 3, 40, 5);
		zassert_ok(micrort_reset(0, NULL));
		zassert_ok(micrort_critical_enter());
	}
	zassert_ok(micrort_critical_exit());
}

ZTEST(second, test_null_and_full)
{
	size_t queued = 0;

	zassert_equal(micrort_schedule2(NULL, NULL, NULL), -EINVAL);
	zassert_ok(micrort_critical_enter());
	while (micrort_schedule2(add_both, (void *)0, (void *)0) == 0) {
		queued++;
	}
	zassert_equal(micrort_schedule2(add_both, NULL, NULL), -ENOBUFS);
	zassert_ok(micrort_critical_exit());
	(void)micrort_poll();
	zassert_ok(micrort_flush());
	zassert_equal(trace_count(), queued);
}
