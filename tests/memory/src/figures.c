/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief mem_info.h, micrort_heap_info_get(), and what heaps count.
 */

#include <string.h>

#include <zephyr/ztest.h>

#include "interrupts.h"
#include "report.h"

ZTEST_SUITE(figures, NULL, NULL, NULL, NULL, NULL);

#define IS_CONFIGURED(_which) ((_which) == MICRORT_HEAP_ID_SYSTEM ? SYSTEM_HEAP : ARENA)

static struct micrort_heap_info untouched;
static struct micrort_heap_info info;

static void forget(void)
{
	memset(&untouched, 0x5a, sizeof(untouched));
	info = untouched;
}

static bool is_untouched(void)
{
	return memcmp(&info, &untouched, sizeof(info)) == 0;
}

/** "-EINVAL: No such heap, or @a info is NULL", "left alone if the call fails" */
ZTEST(figures, test_bad_arguments_in_figures)
{
	static const int ids[] = {-1, 2, 3, 255, 256, INT_MAX, INT_MIN};

	forget();
	ARRAY_FOR_EACH(ids, i) {
		zassert_equal(micrort_heap_info_get(ids[i], &info), -EINVAL, "%d", ids[i]);
		zassert_equal(micrort_heap_info_get(ids[i], NULL), -EINVAL, "%d", ids[i]);
	}
	zassert_equal(micrort_heap_info_get(MICRORT_HEAP_ID_SYSTEM, NULL), -EINVAL);
	zassert_equal(micrort_heap_info_get(MICRORT_HEAP_ID_ARENA, NULL), -EINVAL);
	zassert_true(is_untouched());
}

/** "-ENOTSUP: That heap is not configured" */
ZTEST(figures, test_heap_that_is_not_configured)
{
	for (int which = MICRORT_HEAP_ID_SYSTEM; which <= MICRORT_HEAP_ID_ARENA; which++) {
		forget();
		if (IS_CONFIGURED(which)) {
			zassert_ok(micrort_heap_info_get(which, &info), "%d", which);
			zassert_false(is_untouched());
		} else {
			zassert_equal(micrort_heap_info_get(which, &info), -ENOTSUP, "%d", which);
			zassert_true(is_untouched());
		}
	}
}

static int result_in_interrupt;

static void get_in_interrupt(void *which)
{
	result_in_interrupt = micrort_heap_info_get(POINTER_TO_INT(which), &info);
}

/** "-EWOULDBLOCK: Called in an interrupt." */
ZTEST(figures, test_interrupt_in_figures)
{
	for (int which = MICRORT_HEAP_ID_SYSTEM; which <= MICRORT_HEAP_ID_ARENA; which++) {
		forget();
		interrupt_low(get_in_interrupt, INT_TO_POINTER(which));
		zassert_equal(result_in_interrupt, -EWOULDBLOCK, "%d", which);
		zassert_true(is_untouched());
	}
}

/** "used and free are made of whole blocks with their headers, so that their sum is total" */
ZTEST(figures, test_units)
{
	for (int which = MICRORT_HEAP_ID_SYSTEM; which <= MICRORT_HEAP_ID_ARENA; which++) {
		bool is_arena = which == MICRORT_HEAP_ID_ARENA;
		size_t size = is_arena ? ARENA_SIZE : SYSTEM_HEAP_SIZE;

		if (!IS_CONFIGURED(which)) {
			continue;
		}
		zassert_ok(micrort_heap_info_get(which, &info));
		zassert_equal(info.block_size, is_arena ? 16 : 8);
		zassert_equal(info.total % info.block_size, 0);
		zassert_equal(info.used + info.free, info.total);
		zassert_true(info.max_free * info.block_size <= info.free);
		if (is_arena) {
			zassert_equal(info.total, ROUND_DOWN(size, 16));
		} else {
			/* The heap's own is at its beginning and at its end. */
			zassert_between_inclusive(info.total, size - 256, size);
		}
	}
}

static bool is_counted(int which)
{
	return which == MICRORT_HEAP_ID_ARENA || STATS;
}

/** micropython/memstats.py; "0 where the heap does not count them" */
ZTEST(figures, test_allocated_and_peak)
{
	int which = ARENA ? MICRORT_HEAP_ID_ARENA : MICRORT_HEAP_ID_SYSTEM;
	struct micrort_heap_info before, with, after;
	size_t size;
	void *block;

	if (!IS_CONFIGURED(which)) {
		zassert_is_null(micrort_malloc(1));
		return;
	}
	before = heap_info_now(which);
	/* More than was ever handed out, if there is so much. */
	size = MIN(before.peak - before.allocated + 100, before.max_free * before.block_size - 32);
	block = micrort_malloc(size);
	zassert_not_null(block);
	with = heap_info_now(which);
	micrort_free(block);
	after = heap_info_now(which);

	zassert_true(with.used >= before.used + size);
	zassert_equal(after.used, before.used);
	if (!is_counted(which)) {
		zassert_equal(with.allocated | with.peak, 0);
		return;
	}
	zassert_true(with.allocated >= before.allocated + size);
	zassert_true(with.allocated <= with.used);
	zassert_equal(with.peak, MAX(before.peak, with.allocated));
	zassert_equal(after.peak, with.peak);
	zassert_equal(after.allocated, before.allocated);
}
