/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief const.h, with CONFIG_MICRORT_QSTR and CONFIG_MICRORT_CONST off: "they make the constant
 * only". The same source goes on compiling.
 */

#include <zephyr/ztest.h>

#include <micrort/micrort.h>

MICRORT_QSTR_DEFINE(name, "of nothing");
MICRORT_QSTR_DEFINE(another_name, "of nothing");

MICRORT_CONST(SIZE, 4 * 8);
MICRORT_CONST(LEAST, INT64_MIN);
MICRORT_CONST(LARGEST, UINT64_MAX);
MICRORT_CONST(_HIDDEN, 1);
MICRORT_CONST_BOOL(YES, SIZE > 1);
MICRORT_CONST_STR(TEXT, "some text");
MICRORT_CONST_STR(_HIDDEN_TEXT, "more text");

BUILD_ASSERT(LEAST == INT64_MIN && LARGEST == UINT64_MAX && YES);

extern const char _micrort_qstr_list_start[], _micrort_qstr_list_end[];
extern const char _micrort_const_list_start[], _micrort_const_list_end[];

ZTEST_SUITE(off, NULL, NULL, NULL, NULL, NULL);

ZTEST(off, test_constants_are_constants)
{
	char array[SIZE + _HIDDEN];

	zassert_equal(sizeof(array), 33);
	zassert_str_equal(TEXT, "some text");
	zassert_str_equal(_HIDDEN_TEXT, "more text");
}

/** Nothing is in the tables; scripts/images.sh looks at the rest. */
ZTEST(off, test_empty_tables)
{
	zassert_equal(_micrort_qstr_list_start, _micrort_qstr_list_end);
	zassert_equal(_micrort_const_list_start, _micrort_const_list_end);
}
