/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief The text of an exception: exception.h, "The conversions are ...". Compared with what
 * snprintk() makes of the same.
 */

#include <limits.h>

#include "exceptions.h"

ZTEST_SUITE(arguments, NULL, NULL, exceptions_before, exceptions_after, NULL);

#define SAME(...)                                                                                  \
	do {                                                                                       \
		char expected[160];                                                                \
                                                                                                   \
		snprintk(expected, sizeof(expected), __VA_ARGS__);                                 \
		zassert_ok(micrort_raise(&sensor_error, __VA_ARGS__));                             \
		CHECK_TAKEN(&sensor_error, expected);                                              \
	} while (false)

/* Whatever the compiler says about a format that a test means to be wrong. */
#define RAISE_ODD(...) micrort_raise_at(&sensor_error, "", 1, __VA_ARGS__)

#define TEXT(_expected, ...)                                                                       \
	do {                                                                                       \
		zassert_true(RAISE_ODD(__VA_ARGS__) >= 0);                                         \
		CHECK_TAKEN(&sensor_error, _expected);                                             \
	} while (false)

/** All sizes that an argument can have in a va_list, one behind the other. */
ZTEST(arguments, test_integers)
{
	SAME("%d %i %u %x %X %o", -1, INT_MIN, UINT_MAX, 0xbeefU, 0xbeefU, 0777U);
	SAME("%hhd %hhu %hd %hu", -1, 255, -300, 65535);
	SAME("%ld %lu %lx", LONG_MIN, ULONG_MAX, 0xfeedUL);
	SAME("%lld %llu %llX %d", LLONG_MIN, ULLONG_MAX, 0x123456789abcdefULL, 7);
	SAME("%jd %ju %zu %zx %td", (__INTMAX_TYPE__)INT64_MIN, (__UINTMAX_TYPE__)UINT64_MAX, (size_t)77, SIZE_MAX, (ptrdiff_t)-77);
	SAME("%d %lld %d %ld %d", 1, 2LL, 3, 4L, 5);
	SAME("%d", 0);
}

ZTEST(arguments, test_fields)
{
	SAME("[%5d] [%-5d] [%05d] [%1d]", 42, 42, 42, 12345);
	SAME("[%5d] [%-5d] [%05d] [%1d]", -42, -42, -42, -12345);
	SAME("[%8x] [%-8X] [%08llx]", 0xabcU, 0xabcU, 0xabcdefULL);
	SAME("[%12s] [%-12s] [%.2s] [%6.3s] [%-6.0s] [%.s]", "lid", "lid", "lid", "lid", "lid",
	     "lid");
	SAME("[%3c] [%-3c] [%c]", 'a', 'b', 'c');
	SAME("%p [%20p] [%-20p]", (void *)0x1234, (void *)0x20000000, (void *)UINTPTR_MAX);
	SAME("100 %% of %s", "it");
}

/** Issue 3, "Bad input": "`%s` with a null pointer" */
ZTEST(arguments, test_null_text)
{
	const char *volatile null = NULL;

	zassert_ok(micrort_raise(&sensor_error, "%s", null));
	CHECK_TAKEN(&sensor_error, "(null)");
	zassert_ok(micrort_raise(&sensor_error, "<%s|%8s> %d", null, null, 7));
	CHECK_TAKEN(&sensor_error, "<(null)|  (null)> 7");
	TEXT("0x0", "%p", NULL);
}

/** "From anything else on fmt is shown as it stands." */
ZTEST(arguments, test_what_is_no_conversion)
{
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat"
#pragma GCC diagnostic ignored "-Wformat-extra-args"
	TEXT("1 %f %d", "%d %f %d", 1, 2.0, 3);
	TEXT("%+d %s", "%+d %s", 1, "x");
	TEXT("%*d %s", "%*d %s", 1, 2, "x");
	TEXT("%.3d", "%.3d", 1);
	TEXT("%n %s", "%n %s", (int *)NULL, "x");
	TEXT("1 %", "%d %", 1);
	TEXT("1 %ll", "%d %ll", 1);
	TEXT("1 %-0123", "%d %-0123", 1);
#pragma GCC diagnostic pop
}

/** "A string is copied": what becomes of it afterwards does not matter. */
ZTEST(arguments, test_strings_are_copied)
{
	char text[] = "before";

	zassert_ok(micrort_raise(&sensor_error, "%s", text));
	strcpy(text, "after");
	CHECK_TAKEN(&sensor_error, "before");
}

/** "All arguments together are cut to 128 bytes", also where the heap has room. */
ZTEST(arguments, test_long_arguments)
{
	static char text[400];
	char expected[160];

	memset(text, 'x', sizeof(text) - 1);
	zassert_equal(micrort_raise(&sensor_error, "%s", text), LOST_TEXT);
	snprintk(expected, sizeof(expected), "%.126s...", text);
	CHECK_TAKEN(&sensor_error, expected);
	text[126] = '\0';
	zassert_ok(micrort_raise(&sensor_error, "%s", text));
	CHECK_TAKEN(&sensor_error, text);
	zassert_equal(micrort_raise(&sensor_error, "%s %d %s", text, 1, "more"), LOST_TEXT);
	snprintk(expected, sizeof(expected), "%s ...", text);
	CHECK_TAKEN(&sensor_error, expected);
}

/** "What is longer is cut and ends in `...`", and never is a byte written behind it. */
ZTEST(arguments, test_readers_buffer)
{
	static const char *const expected[] = {
		"", "", ".", "..", "...", "a...", "ab...", "abc...", "abcdefg", "abcdefg",
	};

	ARRAY_FOR_EACH(expected, size) {
		char text[16];
		struct micrort_exception taken = {.text = text, .text_size = size};

		memset(text, 0x55, sizeof(text));
		zassert_ok(micrort_raise(&sensor_error, "%s", "abcdefg"));
		zassert_ok(micrort_exception_take(&taken));
		zassert_equal(taken.lost, size > 0 && size < 8 ? LOST_TEXT : 0, "%zu", size);
		if (size > 0) {
			zassert_str_equal(text, expected[size]);
		}
		for (size_t i = size; i < sizeof(text); i++) {
			zassert_equal(text[i], 0x55);
		}
	}
	zassert_ok(micrort_raise(&sensor_error, "%s", "abcdefg"));
	zassert_ok(micrort_exception_take(&(struct micrort_exception){.text_size = 100}));
}
