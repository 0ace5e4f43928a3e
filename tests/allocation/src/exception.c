/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief micrort/exception.h
 */

#include <errno.h>

#include <zephyr/ztest.h>

#include <micrort/micrort.h>

#include "calls.h"

/** From the emergency buffer, and when that is full, without what does not fit. */
CALL(micrort_raise_at)
{
	int lost = micrort_raise(&micrort_exc_os_error, "errno %d", EIO);

	zassert_true(lost >= 0 && (lost & MICRORT_EXCEPTION_LOST_PLACE) == 0, "%d", lost);
	do {
		lost = micrort_raise_at(&micrort_exc_os_error, "file", 1, "errno %d", EIO);
	} while (lost >= 0 && (lost & MICRORT_EXCEPTION_LOST_PLACE) == 0);
	zassert_equal(micrort_raise_at(NULL, "file", 1, "no type"), -EINVAL);
}

/** Its memory is free again. */
CALL(micrort_exception_take)
{
	struct micrort_exception exception = {0};

	zassert_ok(micrort_exception_take(&exception));
	zassert_equal(exception.type, &micrort_exc_value_error);
	zassert_equal(micrort_exception_take(&exception), -ENODATA);
}

static int discard(const char *text, size_t length, void *arg)
{
	ARG_UNUSED(text);
	ARG_UNUSED(length);
	ARG_UNUSED(arg);

	return 0;
}

CALL(micrort_exception_print)
{
	const struct micrort_printer printer = {discard, NULL};

	zassert_ok(micrort_exception_print(&printer));
	zassert_ok(micrort_exception_print(NULL));
}

CALL(micrort_exception_clear)
{
	zassert_equal(micrort_exception_clear(), 1);
	zassert_equal(micrort_exception_clear(), 0);
}

CALL(micrort_exception_counted)
{
	zassert_equal(micrort_exception_counted(), 0);
}

CALL(micrort_emergency_exception_buf_set)
{
	static void *memory[16];

	zassert_ok(micrort_emergency_exception_buf_set(memory, sizeof(memory)));
	zassert_ok(micrort_emergency_exception_buf_set(NULL, 0));
}

CALL(micrort_exception_report_with)
{
	micrort_exception_report_with(NULL, NULL);
}

/** Fails, unless it only releases. */
CALL(micrort_alloc_emergency_exception_buf)
{
	zassert_equal(micrort_alloc_emergency_exception_buf(64), -ENOMEM);
	zassert_equal(micrort_alloc_emergency_exception_buf(-1), -EINVAL);
	refusals_expected = 1;
	if (!IS_ENABLED(CONFIG_MICRORT_EXCEPTION_HEAP_REFUSED)) {
		zassert_ok(micrort_alloc_emergency_exception_buf(0));
	}
}
