/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief qstr.h: "-ENOMEM: It is new, and the heap is locked or full"; "A string that is there
 * already is found in every context, and whatever the heap is like."
 */

#include <string.h>

#include <zephyr/ztest.h>

#include <micrort/micrort.h>

#include "heap.h"

/* Of the first pool; each further one has twice as many as the one before. */
#define FIRST_POOL 20

/* Enough for a text, and not for a pool. */
#define SPARE 24

ZTEST_SUITE(shortage, NULL, NULL, NULL, heap_after, NULL);

static uint32_t refusals(void)
{
	struct micrort_heap_refusals record;

	micrort_heap_refusals_get(&record);
	return record.count;
}

static void check_old_and_new(int old)
{
	struct micrort_qstr_stats before;
	struct micrort_qstr_stats after;
	size_t used = heap_used();

	micrort_qstr_stats_get(&before);
	zassert_equal(micrort_qstr_from_str("of old"), old);
	zassert_equal(micrort_qstr_find_strn("of old", 6), old);
	zassert_str_equal(micrort_qstr_str(old), "of old");
	zassert_equal(micrort_qstr_from_str("still missing"), -ENOMEM);
	zassert_equal(micrort_qstr_from_strn("still missing", 5), -ENOMEM);
	zassert_equal(micrort_qstr_find_strn("still missing", 13), -ENOENT);
	zassert_true(MICRORT_QSTR("whatever the heap is like") > 0);
	micrort_qstr_stats_get(&after);
	zassert_mem_equal(&before, &after, sizeof(before));
	zassert_equal(heap_used(), used);
}

ZTEST(shortage, test_heap_locked)
{
	int old = micrort_qstr_from_str("of old");
	uint32_t count = refusals();

	zassert_true(old > 0);
	if (!IS_ENABLED(CONFIG_MICRORT_HEAP_LOCK)) {
		/* Rust and C alike look at nothing. */
		zassert_ok(micrort_heap_lock());
		zassert_true(micrort_heap_may_allocate(8));
		zassert_true(micrort_qstr_from_str("while it is locked") > old);
		zassert_equal(refusals(), count);
		zassert_equal(micrort_heap_unlock(), 0);
		return;
	}
	zassert_ok(micrort_heap_lock());
	check_old_and_new(old);
	/* Only what is new asked for memory. */
	zassert_equal(refusals(), count + 2);
	zassert_equal(micrort_heap_unlock(), 0);
	zassert_true(micrort_qstr_from_str("after the lock") > old);
}

ZTEST(shortage, test_heap_full)
{
	int old = micrort_qstr_from_str("of old");
	size_t used = heap_used();

	zassert_true(old > 0);
	heap_fill();
	check_old_and_new(old);
	heap_give_back();
	zassert_equal(heap_used(), used);
	zassert_true(micrort_qstr_from_str("after the shortage") > old);
	zassert_str_equal(micrort_qstr_str(old), "of old");
}

/** Room for the text but not for the pool that it needs: the text is given back. */
ZTEST(shortage, test_no_room_for_a_pool)
{
	struct micrort_qstr_stats stats;
	uint32_t end = 0;
	char text[4] = "";
	void *spare;
	int id;

	micrort_qstr_stats_get(&stats);
	for (uint32_t pool = 0; pool < stats.pools; pool++) {
		end += FIRST_POOL << pool;
	}
	for (uint32_t i = stats.strings; i < end; i++) {
		snprintk(text, sizeof(text), "%u", i);
		zassert_true(micrort_qstr_from_str(text) > 0);
	}
	micrort_qstr_stats_get(&stats);
	zassert_equal(stats.strings, end);

	spare = micrort_malloc(SPARE);
	zassert_not_null(spare);
	heap_fill();
	micrort_free(spare);
	zassert_equal(micrort_qstr_from_str("p"), -ENOMEM);
	zassert_equal(micrort_qstr_from_str("p"), -ENOMEM);
	zassert_equal(micrort_qstr_find_strn("p", 1), -ENOENT);
	spare = micrort_malloc(SPARE);
	zassert_not_null(spare, "the text was not given back");
	micrort_free(spare);
	heap_give_back();

	id = micrort_qstr_from_str("p");
	zassert_true(id > 0);
	zassert_str_equal(micrort_qstr_str(id), "p");
	zassert_equal(micrort_qstr_find_strn(text, strlen(text)), id - 1);
}
