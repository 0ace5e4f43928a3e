/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief Issue 3, "Bad input": "a clear error each, nothing corrupted"
 */

#include "exceptions.h"
#include "interrupts.h"

ZTEST_SUITE(bad_input, NULL, NULL, exceptions_before, exceptions_after, NULL);

ZTEST(bad_input, test_null_type_and_format)
{
	const struct micrort_exception_type *volatile no_type = NULL;
	const char *volatile no_format = NULL;

	zassert_equal(micrort_raise(no_type, "%d", 1), -EINVAL);
	zassert_equal(micrort_raise_at(no_type, "file", 1, "%d", 1), -EINVAL);
	zassert_equal(micrort_raise_at(&sensor_error, "file", 1, no_format, 1), -EINVAL);
	check_none();
	zassert_equal(micrort_exception_counted(), 0);
}

/** A type that nobody gave a name, a file that nobody knows, a line that is too large. */
ZTEST(bad_input, test_odd_place)
{
	static const struct micrort_exception_type nameless;
	struct micrort_exception taken;

	zassert_ok(micrort_raise_at(&nameless, NULL, UINT_MAX, "x"));
	zassert_ok(micrort_exception_print(NULL));
	taken = take_one();
	zassert_equal(taken.type, &nameless);
	zassert_is_null(taken.file);
	zassert_equal(taken.line, 0);
	zassert_equal(taken.lost, 0);
	zassert_ok(micrort_raise_at(&sensor_error, "file", UINT_MAX, "x"));
	taken = take_one();
	zassert_equal(taken.line, LINE(1048575));
	zassert_ok(micrort_raise_at(&sensor_error, "file", 0, "x"));
	taken = take_one();
	zassert_equal(taken.line, 0);
	zassert_str_equal(taken.file, "file");
}

ZTEST(bad_input, test_take_into_nothing)
{
	zassert_equal(micrort_exception_take(NULL), -EINVAL);
	zassert_ok(micrort_raise(&sensor_error, "x"));
	zassert_equal(micrort_exception_take(NULL), -EINVAL);
	CHECK_TAKEN(&sensor_error, "x");
}

/** What is not there leaves the caller's struct alone. */
ZTEST(bad_input, test_take_of_none)
{
	char text[] = "as it was";
	struct micrort_exception taken = {.text = text, .text_size = sizeof(text), .line = 77};

	zassert_equal(micrort_exception_take(&taken), -ENODATA);
	zassert_str_equal(text, "as it was");
	zassert_equal(taken.line, 77);
}

static struct {
	int take;
	int print;
	int clear;
	int alloc;
	int release;
} answers;

static void call_all(void *arg)
{
	struct micrort_exception taken = {};

	ARG_UNUSED(arg);
	answers.take = micrort_exception_take(&taken);
	answers.print = micrort_exception_print(NULL);
	answers.clear = micrort_exception_clear();
	answers.alloc = micrort_alloc_emergency_exception_buf(100);
	answers.release = micrort_alloc_emergency_exception_buf(0);
}

ZTEST(bad_input, test_calls_that_are_not_for_interrupts)
{
	zassert_ok(micrort_raise(&sensor_error, "x"));
	interrupt_low(call_all, NULL);
	zassert_equal(answers.take, -EWOULDBLOCK);
	zassert_equal(answers.print, -EWOULDBLOCK);
	zassert_equal(answers.clear, -EWOULDBLOCK);
	zassert_equal(answers.alloc, -EWOULDBLOCK);
	zassert_equal(answers.release, -EWOULDBLOCK);
	CHECK_TAKEN(&sensor_error, "x");
}
