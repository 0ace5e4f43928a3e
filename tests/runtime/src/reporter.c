/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief Exceptions of functions that somebody else reports, and a buffer that somebody else provides.
 */

#include <errno.h>
#include <string.h>

#include <zephyr/ztest.h>

#include "executor.h"
#include "interrupts.h"

static char text[32];
static int reports;
static bool takes;

static void report(void *arg)
{
	struct micrort_exception exception = {.text = text, .text_size = sizeof(text)};

	zassert_equal(arg, &reports);
	zassert_false(k_is_in_isr());
	reports++;
	if (takes) {
		zassert_ok(micrort_exception_take(&exception));
		zassert_equal(exception.type, &micrort_exc_value_error);
	}
}

static void after(void *fixture)
{
	ARG_UNUSED(fixture);
	micrort_exception_report_with(NULL, NULL);
	(void)micrort_exception_clear();
	(void)micrort_emergency_exception_buf_set(NULL, 0);
}

ZTEST_SUITE(reporter, NULL, NULL, NULL, after, NULL);

static void fail(void *unused)
{
	ARG_UNUSED(unused);
	(void)micrort_raise(&micrort_exc_value_error, "number %d", 7);
}

ZTEST(reporter, test_takes_what_a_function_raised)
{
	NEEDS_A_THREAD("what they raise is kept");
	reports = 0;
	takes = true;
	micrort_exception_report_with(report, &reports);
	zassert_ok(micrort_schedule(fail, NULL));
	settle();
	zassert_equal(reports, 1);
	zassert_str_equal(text, "number 7");
	zassert_equal(micrort_exception_clear(), 0);
	/* What it leaves is printed, and not unread any more. */
	takes = false;
	zassert_ok(micrort_schedule(fail, NULL));
	settle();
	zassert_equal(reports, 2);
	zassert_equal(micrort_exception_clear(), 0);
	micrort_exception_report_with(NULL, NULL);
	zassert_ok(micrort_schedule(fail, NULL));
	settle();
	zassert_equal(reports, 2);
}

static void raise_in_interrupt(void *result)
{
	*(int *)result = micrort_raise(&micrort_exc_value_error, "%s", "kept");
}

/** Memory of the caller's, however it is aligned, keeps what an interrupt raises. */
ZTEST(reporter, test_buffer_of_the_callers)
{
	static uint8_t memory[2 * 100 + 2];
	struct micrort_exception exception = {.text = text, .text_size = sizeof(text)};
	int raised = -1;

	memset(memory, 0x5a, sizeof(memory));
	zassert_equal(micrort_emergency_exception_buf_set(NULL, 100), -EINVAL);
	zassert_ok(micrort_emergency_exception_buf_set(&memory[1], sizeof(memory) - 2));
	interrupt_low(raise_in_interrupt, &raised);
	zassert_equal(raised & MICRORT_EXCEPTION_LOST_TEXT, 0);
	zassert_equal(micrort_emergency_exception_buf_set(NULL, 0), -EBUSY);
	zassert_equal(micrort_alloc_emergency_exception_buf(100), -EBUSY);
	zassert_ok(micrort_exception_take(&exception));
	zassert_str_equal(text, "kept");
	zassert_equal(memory[0], 0x5a);
	zassert_equal(memory[sizeof(memory) - 1], 0x5a);
	zassert_ok(micrort_emergency_exception_buf_set(NULL, 0));
	/* The memory is the caller's again. */
	memset(memory, 0x5a, sizeof(memory));
	interrupt_low(raise_in_interrupt, &raised);
	for (size_t i = 0; i < sizeof(memory); i++) {
		zassert_equal(memory[i], 0x5a);
	}
	zassert_ok(micrort_exception_take(&exception));
	zassert_equal(exception.lost, MICRORT_EXCEPTION_LOST_PLACE | MICRORT_EXCEPTION_LOST_TEXT |
					      exception.lost);
}

/** A buffer that is too small for anything is none. */
ZTEST(reporter, test_tiny_buffer)
{
	static uint8_t memory[4];

	for (size_t size = 1; size <= sizeof(memory); size++) {
		int raised = -1;

		zassert_ok(micrort_emergency_exception_buf_set(memory, size));
		interrupt_low(raise_in_interrupt, &raised);
		zassert_not_equal(raised & MICRORT_EXCEPTION_LOST_PLACE, 0);
		zassert_equal(micrort_exception_clear(), 1);
	}
}
