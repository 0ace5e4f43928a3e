/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief qstr.h, const.h: "\isr_ok"; "-EWOULDBLOCK: It is new, and the caller is an interrupt."
 */

#include <string.h>

#include <zephyr/ztest.h>

#include <micrort/micrort.h>

#include "elsewhere.h"
#include "heap.h"
#include "interrupts.h"

static void after(void *fixture)
{
	heap_after(fixture);
	zassert_equal(atomic_get(&interrupts_not_real), 0);
}

ZTEST_SUITE(names_in_interrupt, NULL, NULL, NULL, after, NULL);

static struct {
	int image;
	int old;
	int old_strn;
	int found;
	int missing;
	int new_str;
	int new_strn;
	int invalid;
	int too_long;
	int length;
	const char *text;
	struct micrort_qstr_stats stats;
} seen;

static void look(void *id)
{
	static const char too_long[257] = {[0 ... 255] = 'x'};

	seen.image = MICRORT_QSTR("in two files");
	seen.old = micrort_qstr_from_str("old");
	seen.old_strn = micrort_qstr_from_strn("older", 3);
	seen.found = micrort_qstr_find_strn("old", 3);
	seen.missing = micrort_qstr_find_strn("new", 3);
	seen.new_str = micrort_qstr_from_str("new");
	seen.new_strn = micrort_qstr_from_strn("new", 3);
	seen.invalid = micrort_qstr_from_str(NULL);
	seen.too_long = micrort_qstr_from_str(too_long);
	seen.length = micrort_qstr_len(POINTER_TO_INT(id));
	seen.text = micrort_qstr_str(POINTER_TO_INT(id));
	micrort_qstr_stats_get(&seen.stats);
}

ZTEST(names_in_interrupt, test_lookup_in_an_interrupt)
{
	int id = micrort_qstr_from_str("old");
	struct micrort_qstr_stats stats;
	size_t used = heap_used();

	micrort_qstr_stats_get(&stats);
	for (int locks = 0; locks < 2; locks++) {
		memset(&seen, 0, sizeof(seen));
		interrupt_low(look, INT_TO_POINTER(id));
		zassert_equal(seen.image, id_elsewhere());
		zassert_equal(seen.old, id);
		zassert_equal(seen.old_strn, id);
		zassert_equal(seen.found, id);
		zassert_equal(seen.missing, -ENOENT);
		zassert_equal(seen.new_str, -EWOULDBLOCK);
		zassert_equal(seen.new_strn, -EWOULDBLOCK);
		zassert_equal(seen.invalid, -EINVAL);
		zassert_equal(seen.too_long, -ENAMETOOLONG);
		zassert_equal(seen.length, 3);
		zassert_str_equal(seen.text, "old");
		zassert_mem_equal(&seen.stats, &stats, sizeof(stats));
		zassert_ok(micrort_heap_lock());
	}
	zassert_equal(heap_used(), used);
	zassert_equal(micrort_qstr_find_strn("new", 3), -ENOENT);
}

static int const_found;
static int const_missing;
static size_t const_count;
static const struct micrort_const *const_first;
static struct micrort_const_value const_value;

static void look_for_constants(void *arg)
{
	ARG_UNUSED(arg);
	const_found = micrort_const_get("ELSEWHERE", &const_value);
	const_missing = micrort_const_get("NOWHERE", &const_value);
	const_count = micrort_const_count();
	const_first = micrort_const_at(0);
}

ZTEST(names_in_interrupt, test_constants_in_an_interrupt)
{
	const_found = -1;
	interrupt_low(look_for_constants, NULL);
	zassert_ok(const_found);
	zassert_equal(const_value.int_value, 3);
	zassert_equal(const_missing, -ENOENT);
	zassert_equal(const_count, micrort_const_count());
	zassert_equal(const_first, micrort_const_at(0));
}
