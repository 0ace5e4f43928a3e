/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief `micrort const`
 */

#include <errno.h>

#include <zephyr/ztest.h>

#include <micrort/micrort.h>

#include "session.h"

MICRORT_CONST(SHELL_NEGATIVE, -7);
MICRORT_CONST(SHELL_LARGEST, 0xffffffffffffffff);
MICRORT_CONST_BOOL(SHELL_NO, 0);
MICRORT_CONST_BOOL(SHELL_YES, 1);
MICRORT_CONST_STR(SHELL_TEXT, "two words");
MICRORT_CONST_STR(SHELL_EMPTY, "");
MICRORT_CONST(_SHELL_HIDDEN, 1);

ZTEST_SUITE(constants, NULL, NULL, session_before, session_after, NULL);

ZTEST(constants, test_one)
{
	EXPECT("micrort const SHELL_NEGATIVE", 0, "SHELL_NEGATIVE = -7");
	EXPECT("micrort const SHELL_LARGEST", 0, "SHELL_LARGEST = 18446744073709551615");
	EXPECT("micrort const SHELL_NO", 0, "SHELL_NO = false");
	EXPECT("micrort const SHELL_YES", 0, "SHELL_YES = true");
	EXPECT("micrort const SHELL_TEXT", 0, "SHELL_TEXT = \"two words\"");
	EXPECT("micrort const SHELL_EMPTY", 0, "SHELL_EMPTY = \"\"");
}

/** In the order of names, with those of completion.c and without the hidden one */
ZTEST(constants, test_all)
{
	EXPECT("micrort const", 0, "SHELL_EMPTY = \"\"", "SHELL_LARGEST = 18446744073709551615",
	       "SHELL_NEGATIVE = -7", "SHELL_NO = false", "SHELL_TEXT = \"two words\"",
	       "SHELL_YES = true", "TAB_FIRST = 11", "TAB_SECOND = 12");
}

ZTEST(constants, test_wrong_use_of_constants)
{
	EXPECT("micrort const NOPE", -ENOENT, "NOPE: no such constant");
	EXPECT("micrort const _SHELL_HIDDEN", -ENOENT, "_SHELL_HIDDEN: no such constant");
	EXPECT("micrort const shell_no", -ENOENT, "shell_no: no such constant");
	EXPECT("micrort const SHELL_", -ENOENT, "SHELL_: no such constant");
	EXPECT("micrort const \"\"", -ENOENT, ": no such constant");
	EXPECT("micrort const SHELL_NO SHELL_YES", -EINVAL, "const: wrong parameter count",
	       ANYTHING);
}
