/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief qstr.h: "Equal strings have the same small number. A string has at most 255 bytes, of any
 * content. It is never freed, and its text never moves."
 */

#include <string.h>

#include <zephyr/ztest.h>

#include <micrort/micrort.h>

#include "heap.h"

static char longest[MICRORT_QSTR_LENGTH_MAX + 1];

static struct micrort_qstr_stats stats_before;

static void before(void *fixture)
{
	ARG_UNUSED(fixture);
	memset(longest, 'x', sizeof(longest));
	micrort_qstr_stats_get(&stats_before);
}

ZTEST_SUITE(interning, NULL, NULL, before, heap_after, NULL);

static uint32_t new_strings(void)
{
	struct micrort_qstr_stats stats;

	micrort_qstr_stats_get(&stats);
	return stats.strings - stats_before.strings;
}

static void check_string(int id, const char *text, size_t length)
{
	zassert_between_inclusive(id, 1, UINT16_MAX);
	zassert_equal(micrort_qstr_len(id), (int)length);
	zassert_mem_equal(micrort_qstr_str(id), text, length);
	zassert_equal(micrort_qstr_str(id)[length], '\0');
	zassert_equal(micrort_qstr_find_strn(text, length), id);
	zassert_equal(micrort_qstr_from_strn(text, length), id);
}

ZTEST(interning, test_equal_strings_have_one_id)
{
	char buffer[] = "temperature, humidity";
	int id = micrort_qstr_from_str("temperature");
	int other = micrort_qstr_from_str("humidity");

	check_string(id, "temperature", 11);
	check_string(other, "humidity", 8);
	zassert_not_equal(id, other);
	zassert_equal(micrort_qstr_from_str("temperature"), id);
	zassert_equal(micrort_qstr_from_strn(buffer, 11), id);
	zassert_equal(micrort_qstr_from_str(buffer + 13), other);
	zassert_equal(new_strings(), 2);
}

/** The caller's bytes are copied, and the copy stays where it is while others come. */
ZTEST(interning, test_text_never_moves)
{
	char buffer[] = "number  0";
	const char *text = micrort_qstr_str(micrort_qstr_from_str(buffer));

	zassert_not_equal(text, buffer);
	for (int i = 1; i < 30; i++) {
		snprintk(buffer, sizeof(buffer), "number %2d", i);
		zassert_true(micrort_qstr_from_str(buffer) > 0);
	}
	zassert_str_equal(text, "number  0");
	zassert_equal(micrort_qstr_str(micrort_qstr_from_str("number  0")), text);
	zassert_equal(new_strings(), 30);
}

ZTEST(interning, test_any_bytes)
{
	static const char *const texts[] = {"a\0b", "a\0c", "a\0\0", "\0\0\0", "\xff\x80\n"};
	int ids[ARRAY_SIZE(texts)];
	uint8_t every[MICRORT_QSTR_LENGTH_MAX];

	ARRAY_FOR_EACH(texts, i) {
		ids[i] = micrort_qstr_from_strn(texts[i], 3);
		check_string(ids[i], texts[i], 3);
		for (size_t other = 0; other < i; other++) {
			zassert_not_equal(ids[i], ids[other]);
		}
	}
	/* A NUL ends this one. */
	check_string(micrort_qstr_from_str(texts[0]), "a", 1);

	ARRAY_FOR_EACH(every, i) {
		every[i] = (uint8_t)(UINT8_MAX - i);
	}
	check_string(micrort_qstr_from_strn((char *)every, sizeof(every)), (char *)every,
		     sizeof(every));
}

ZTEST(interning, test_shortest_and_longest)
{
	check_string(micrort_qstr_from_strn("not looked at", 0), "", 0);
	check_string(micrort_qstr_from_str(""), "", 0);
	check_string(micrort_qstr_from_strn(longest, 255), longest, 255);
	check_string(micrort_qstr_from_strn(longest, 254), longest, 254);
	zassert_not_equal(micrort_qstr_find_strn(longest, 255),
			  micrort_qstr_find_strn(longest, 254));
	longest[255] = '\0';
	zassert_equal(micrort_qstr_from_str(longest), micrort_qstr_find_strn(longest, 255));
}

ZTEST(interning, test_too_long)
{
	static char endless[1024];

	memset(endless, 'e', sizeof(endless) - 1);
	zassert_equal(micrort_qstr_from_str(endless), -ENAMETOOLONG);
	zassert_equal(micrort_qstr_from_str(endless + sizeof(endless) - 257), -ENAMETOOLONG);
	zassert_equal(micrort_qstr_from_strn(longest, 256), -ENAMETOOLONG);
	zassert_equal(micrort_qstr_from_strn(longest, SIZE_MAX), -ENAMETOOLONG);
	zassert_equal(micrort_qstr_find_strn(longest, 256), -ENAMETOOLONG);
	zassert_equal(micrort_qstr_find_strn(longest, SIZE_MAX), -ENAMETOOLONG);
	zassert_equal(new_strings(), 0);
}

ZTEST(interning, test_null)
{
	zassert_equal(micrort_qstr_from_str(NULL), -EINVAL);
	zassert_equal(micrort_qstr_from_strn(NULL, 0), -EINVAL);
	zassert_equal(micrort_qstr_from_strn(NULL, 5), -EINVAL);
	zassert_equal(micrort_qstr_from_strn(NULL, 256), -EINVAL);
	zassert_equal(micrort_qstr_find_strn(NULL, 0), -EINVAL);
	zassert_equal(micrort_qstr_find_strn(NULL, 5), -EINVAL);
	zassert_equal(new_strings(), 0);
}

ZTEST(interning, test_find_does_not_intern)
{
	zassert_equal(micrort_qstr_find_strn("nobody's", 8), -ENOENT);
	zassert_equal(micrort_qstr_find_strn("nobody's", 8), -ENOENT);
	zassert_equal(new_strings(), 0);
}

ZTEST(interning, test_ids_that_were_never_given)
{
	int last = micrort_qstr_from_str("the last one");
	const uint16_t ids[] = {0, last + 1, last + 2, INT16_MAX, INT16_MAX + 1, UINT16_MAX};

	zassert_equal(new_strings(), 1);
	ARRAY_FOR_EACH(ids, i) {
		zassert_is_null(micrort_qstr_str(ids[i]), "%u", ids[i]);
		zassert_equal(micrort_qstr_len(ids[i]), -ENOENT, "%u", ids[i]);
	}
}
