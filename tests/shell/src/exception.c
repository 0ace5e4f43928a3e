/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief `micrort exception` and `micrort emergency`
 */

#include <errno.h>

#include <zephyr/kernel.h>
#include <zephyr/shell/shell.h>
#include <zephyr/ztest.h>

#include <micrort/micrort.h>

#include "session.h"

#define PLACE "  File \"%sexception.c\", line %u, in %s"

ZTEST_SUITE(exception, NULL, NULL, session_before, session_after, NULL);

/** Raise one where only the emergency buffer can keep its text. */
static int raise_with_the_heap_locked(void)
{
	int lost;

	zassert_ok(micrort_heap_lock());
	lost = micrort_raise(&micrort_exc_value_error, "locked");
	zassert_equal(micrort_heap_unlock(), 0);
	zassert_true(lost >= 0);

	return lost & MICRORT_EXCEPTION_LOST_PLACE;
}

ZTEST(exception, test_show_and_clear)
{
	EXPECT("micrort exception show", 0, NULL);
	EXPECT("micrort exception clear", 0, "dropped: 0");

	zassert_ok(micrort_raise(&micrort_exc_value_error, "number %d", 1));
	zassert_ok(micrort_raise(&micrort_exc_type_error, "number %d", 2));
	for (int round = 0; round < 2; round++) {
		EXPECT("micrort exception show", 0, "Traceback (most recent call last):",
		       PLACE, ANYTHING, "ValueError: number 1",
		       "Traceback (most recent call last):", PLACE, ANYTHING,
		       "TypeError: number 2");
	}
	EXPECT("micrort exception clear", 0, "dropped: 2");
	EXPECT("micrort exception clear", 0, "dropped: 0");
	EXPECT("micrort exception show", 0, NULL);
}

/** The interrupt character ends it; what was not shown stays. */
ZTEST(exception, test_interrupt_ends_the_list)
{
	zassert_ok(micrort_raise(&micrort_exc_value_error, "first"));
	zassert_ok(micrort_raise(&micrort_exc_value_error, "second"));
	zassert_ok(micrort_kbd_intr_attach());
	zassert_ok(micrort_kbd_intr_raise());
	EXPECT("micrort exception show", -EINTR, "Traceback (most recent call last):");
	EXPECT("micrort exception clear", 0, "dropped: 2");
}

ZTEST(exception, test_emergency)
{
	EXPECT("micrort emergency 100", 0, "emergency buffer: 100 bytes");
	zassert_equal(raise_with_the_heap_locked(), 0);
	EXPECT("micrort exception clear", 0, "dropped: 1");
	EXPECT("micrort emergency 0x40", 0, "emergency buffer: 64 bytes");
	EXPECT("micrort emergency 0", 0, "emergency buffer: 0 bytes");
	zassert_not_equal(raise_with_the_heap_locked(), 0);
}

/** "failure keeps the old one" */
ZTEST(exception, test_emergency_that_fails)
{
	EXPECT("micrort emergency 100", 0, "emergency buffer: 100 bytes");
	EXPECT("micrort emergency 1000000", -ENOMEM,
	       "the old buffer is kept: the heap is locked or has no such block");
	EXPECT("micrort emergency 2147483647", -ENOMEM,
	       "the old buffer is kept: the heap is locked or has no such block");
	zassert_ok(micrort_heap_lock());
	EXPECT("micrort emergency 10", -ENOMEM,
	       "the old buffer is kept: the heap is locked or has no such block");
	zassert_equal(micrort_heap_unlock(), 0);

	zassert_equal(raise_with_the_heap_locked(), 0);
	EXPECT("micrort emergency 200", -EBUSY,
	       "the old buffer is kept: exceptions that nobody has taken lie in it");
	EXPECT("micrort emergency 0", -EBUSY,
	       "the old buffer is kept: exceptions that nobody has taken lie in it");
	EXPECT("micrort exception show", 0, ANYTHING, "ValueError: locked");
	EXPECT("micrort exception clear", 0, "dropped: 1");
	EXPECT("micrort emergency 200", 0, "emergency buffer: 200 bytes");
}

ZTEST(exception, test_wrong_use_of_exception)
{
	EXPECT("micrort emergency", -EINVAL, "emergency: wrong parameter count", "emergency - %s",
	       ANYTHING);
	EXPECT("micrort emergency 1 2", -EINVAL, "emergency: wrong parameter count", ANYTHING);
	EXPECT("micrort emergency -5", -EINVAL, "-5: not a number from 0 to 2147483647");
	EXPECT("micrort emergency -1", -EINVAL, "-1: not a number from 0 to 2147483647");
	EXPECT("micrort emergency much", -EINVAL, "much: not a number from 0 to 2147483647");
	EXPECT("micrort emergency 2147483648", -EINVAL,
	       "2147483648: not a number from 0 to 2147483647");
	EXPECT("micrort emergency 18446744073709551716", -EINVAL,
	       "18446744073709551716: not a number from 0 to 2147483647");
	EXPECT("micrort exception", SHELL_CMD_HELP_PRINTED, "exception - %s", ANYTHING);
	EXPECT("micrort exception take", -EINVAL, "take: no such subcommand", ANYTHING);
	EXPECT("micrort exception show -v", -EINVAL, "show: wrong parameter count", ANYTHING);
	EXPECT("micrort exception clear 1", -EINVAL, "clear: wrong parameter count", ANYTHING);
}
