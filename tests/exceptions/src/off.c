/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief "Without CONFIG_MICRORT_EXCEPTION raising does nothing."
 */

#include <zephyr/ztest.h>

#include "console.h"
#include "executor.h"

ZTEST_SUITE(off, NULL, NULL, NULL, console_restore, NULL);

static int evaluated;

static int evaluate(void)
{
	return ++evaluated;
}

static void raise_in_function(void *arg)
{
	zassert_equal(micrort_raise(&micrort_exc_value_error, "%d", evaluate()), -ENOTSUP);
	*(bool *)arg = true;
}

ZTEST(off, test_raising_does_nothing)
{
	struct micrort_exception taken = {};
	static bool ran;

	zassert_equal(micrort_raise(&micrort_exc_value_error, "%d", evaluate()), -ENOTSUP);
	zassert_equal(micrort_raise_at(&micrort_exc_value_error, "file", 1, "x"), -ENOTSUP);
	console_keep();
	zassert_ok(micrort_schedule(raise_in_function, &ran));
	settle();
	console_restore(NULL);
	zassert_true(ran);
	zassert_equal(evaluated, 0);
	zassert_str_equal(kept_text, "");
	zassert_equal(micrort_exception_take(&taken), -ENODATA);
	zassert_ok(micrort_exception_print(&keeping_printer));
	zassert_str_equal(kept_text, "");
	zassert_equal(micrort_exception_counted(), 0);
	zassert_equal(micrort_exception_clear(), 0);
}
