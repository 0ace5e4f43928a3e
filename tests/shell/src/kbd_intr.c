/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief `micrort kbd_intr`, and the numbers that all subcommands read.
 */

#include <errno.h>
#include <stdio.h>

#include <zephyr/ztest.h>

#include <micrort/micrort.h>

#include "session.h"

ZTEST_SUITE(kbd_intr, NULL, NULL, session_before, session_after, NULL);

ZTEST(kbd_intr, test_show_and_set_of_kbd_intr)
{
	EXPECT("micrort kbd_intr", 0, "interrupt character: 3");
	EXPECT("micrort kbd_intr 255", 0, "interrupt character: 255");
	EXPECT("micrort kbd_intr 0", 0, "interrupt character: 0");
	zassert_equal(micrort_kbd_intr_get(), 0);
	EXPECT("micrort kbd_intr -1", 0, "interrupt character: off");
	EXPECT("micrort kbd_intr", 0, "interrupt character: off");
	zassert_equal(micrort_kbd_intr_get(), MICRORT_KBD_INTR_OFF);
	EXPECT("micrort kbd_intr 3", 0, "interrupt character: 3");
}

/** "decimal, also with zeros in front, or hexadecimal with 0x" */
ZTEST(kbd_intr, test_forms_of_numbers)
{
	EXPECT("micrort kbd_intr 010", 0, "interrupt character: 10");
	EXPECT("micrort kbd_intr 09", 0, "interrupt character: 9");
	EXPECT("micrort kbd_intr 0x10", 0, "interrupt character: 16");
	EXPECT("micrort kbd_intr 0XfF", 0, "interrupt character: 255");
	EXPECT("micrort kbd_intr -0x1", 0, "interrupt character: off");
	EXPECT("micrort kbd_intr -01", 0, "interrupt character: off");
	EXPECT("micrort kbd_intr +4", 0, "interrupt character: 4");
}

static void refuse(const char *command, const char *number)
{
	char line[80];

	snprintf(line, sizeof(line), "%s: not a number from -1 to 255", number);
	EXPECT(command, -EINVAL, line);
	zassert_equal(micrort_kbd_intr_get(), 3, "%s", command);
}

#define REFUSE(_number) refuse("micrort kbd_intr " _number, _number)

ZTEST(kbd_intr, test_what_is_no_number_in_range)
{
	REFUSE("256");
	REFUSE("-2");
	REFUSE("abc");
	REFUSE("3x");
	REFUSE("x3");
	REFUSE("0x");
	REFUSE("-0x");
	REFUSE("0xg");
	REFUSE("1e1");
	REFUSE("3.0");
	REFUSE("-");
	REFUSE("--1");
	REFUSE("3,4");
	refuse("micrort kbd_intr \"\"", "");
	refuse("micrort kbd_intr \"3 4\"", "3 4");
}

/** The range of long and beyond, where what wraps could look like a number in range. */
ZTEST(kbd_intr, test_numbers_that_overflow)
{
	REFUSE("2147483648");
	REFUSE("4294967299");
	REFUSE("9223372036854775808");
	REFUSE("18446744073709551619");
	REFUSE("-18446744073709551613");
	REFUSE("0x100000003");
	REFUSE("0x10000000000000003");
	REFUSE("99999999999999999999999999999999999999999999");
	REFUSE("-99999999999999999999999999999999999999999999");
}

ZTEST(kbd_intr, test_too_many_arguments)
{
	EXPECT("micrort kbd_intr 4 5", -EINVAL, "kbd_intr: wrong parameter count",
	       "kbd_intr - %s", ANYTHING);
	EXPECT("micrort kbd_intr -1 -1", -EINVAL, "kbd_intr: wrong parameter count", ANYTHING);
	zassert_equal(micrort_kbd_intr_get(), 3);
}
