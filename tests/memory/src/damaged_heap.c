/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief A heap with a header that something has written over: the walk ends, reads nothing that is
 * not the heap's, and says that something is wrong.
 */

#include <string.h>

#include <zephyr/sys/sys_heap.h>
#include <zephyr/ztest.h>

/* Zephyr's lib/heap. */
#include <heap.h>

#include "system_blocks.h"

extern struct k_heap _system_heap;

static void after(void *fixture)
{
	ARG_UNUSED(fixture);
	blocks_free_all();
}

ZTEST_SUITE(damaged_heap, NULL, NULL, NULL, after, NULL);

#define USED 24

static void damage_and_report(int victim, uint8_t with)
{
	const struct heap_report *heap = SYSTEM_HEAP_REPORT;
	struct micrort_heap_info info;
	size_t header = chunk_header_bytes(_system_heap.heap.heap);
	size_t units = block_units(blocks[victim].size);
	uint8_t saved[8];
	int ret[3];

	captured = (struct capture){0};
	/* Nobody else must meet it. */
	k_sched_lock();
	memcpy(saved, (void *)block_begin(&blocks[victim]), header);
	memset((void *)block_begin(&blocks[victim]), with, header);
	ret[0] = sys_heap_validate(&_system_heap.heap);
	ret[1] = micrort_mem_info(&capturing, true);
	ret[2] = micrort_heap_info_get(MICRORT_HEAP_ID_SYSTEM, &info);
	memcpy((void *)block_begin(&blocks[victim]), saved, header);
	k_sched_unlock();

	zassert_false(ret[0], "this test must damage the heap");
	zassert_ok(ret[1]);
	zassert_ok(ret[2]);
	report_parse(&captured, true);
	zassert_true(heap->changed);
	/* What is before the damage is shown. */
	zassert_equal(heap->used, heap->cell_count * 8);
	zassert_equal(info.used + info.free, heap->used + heap->free);
	zassert_true(heap->used >= (victim > 0 ? victim - 1 : 0) * units * 8);
	zassert_true(heap->used <= victim * units * 8);
	zassert_equal(heap->free, 0);
}

ZTEST(damaged_heap, test_header_written_over)
{
	static const uint8_t patterns[] = {0x00, 0x01, 0x02, 0x55, 0xff};

	/* Nothing that looks like a header is left behind the blocks by other tests. */
	zassert_true(block_alloc(0, block_size_of_units(heap_units())));
	block_free(0);
	for (int i = 0; i < USED; i++) {
		zassert_true(block_alloc(i, 40));
		zassert_true(i == 0 || blocks[i].memory > blocks[i - 1].memory);
	}
	for (int victim = 0; victim < USED; victim++) {
		ARRAY_FOR_EACH(patterns, i) {
			damage_and_report(victim, patterns[i]);
		}
	}
	report_take(true);
	blocks_compare(SYSTEM_HEAP_REPORT);
}
