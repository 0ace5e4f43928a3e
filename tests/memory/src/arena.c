/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief Issue of the report: "for Zephyr's system heap and for the arena"
 */

#include <string.h>

#include <zephyr/ztest.h>

#include "helpers.h"
#include "interrupts.h"
#include "report.h"

#define BLOCKS 40

static struct {
	/* NULL for none. */
	void *memory;
	size_t size;
} taken[BLOCKS];

static void free_one(int index)
{
	micrort_free(taken[index].memory);
	taken[index].memory = NULL;
}

static void after(void *fixture)
{
	ARG_UNUSED(fixture);
	for (int i = 0; i < BLOCKS; i++) {
		free_one(i);
	}
}

ZTEST_SUITE(arena, NULL, NULL, NULL, after, NULL);

/* In front of a block is its size; and a block has room for three words. */
static size_t granules(size_t size)
{
	return DIV_ROUND_UP(MAX(size + 8, 3 * sizeof(void *)), 16);
}

static void check(const struct heap_report *heap)
{
	static char expected[sizeof(heap->cells)];
	size_t used = 0, ones = 0, twos = 0, longest = 0;

	memset(expected, '.', sizeof(expected));
	for (int i = 0; i < BLOCKS; i++) {
		size_t at = ((uintptr_t)taken[i].memory - 8 - heap->base) / 16;
		size_t units = granules(taken[i].size);

		if (taken[i].memory == NULL) {
			continue;
		}
		zassert_true(at + units <= heap->cell_count);
		memset(&expected[at], '=', units);
		expected[at] = 'h';
		used += units;
		ones += units == 1;
		twos += units == 2;
		longest = MAX(longest, units);
	}
	zassert_false(heap->changed);
	zassert_equal(heap->total, ROUND_DOWN(ARENA_SIZE, 16));
	zassert_equal(heap->cell_count * 16, heap->total);
	zassert_mem_equal(heap->cells, expected, heap->cell_count);
	zassert_equal(heap->used, used * 16);
	zassert_equal(heap->free, heap->total - heap->used);
	zassert_equal(heap->one_blocks, ones);
	zassert_equal(heap->two_blocks, twos);
	zassert_equal(heap->max_block, longest);
	zassert_equal(heap->allocated, heap->used);
	zassert_true(heap->peak >= heap->allocated);
}

static void free_in_interrupt(void *memory)
{
	micrort_free(memory);
}

/** Block by block at the addresses that micrort_malloc() gave, also where interrupts free */
ZTEST(arena, test_random_blocks_in_arena)
{
	unsigned int refused = 0;

	for (int round = 0; round < 600; round++) {
		int index = pseudo_random() % BLOCKS;

		if (taken[index].memory != NULL && pseudo_random() % 3 == 0) {
			interrupt_low(free_in_interrupt, taken[index].memory);
			taken[index].memory = NULL;
		} else if (taken[index].memory != NULL) {
			free_one(index);
		} else {
			taken[index].size = 1 + pseudo_random() % (ARENA_SIZE / 8);
			taken[index].memory = micrort_malloc(taken[index].size);
			refused += taken[index].memory == NULL;
			if (taken[index].memory != NULL) {
				memset(taken[index].memory, 0xa5, taken[index].size);
			}
		}
		report_take(true);
		check(ARENA_REPORT);
	}
	zassert_true(refused > 0, "the arena was never full");
}

/** One is not the other: "a line `system heap:` for the system heap if that is another one" */
ZTEST(arena, test_both_heaps)
{
	static struct report empty;

	report_take(true);
	empty = report;
	zassert_equal(empty.heap_count, SYSTEM_HEAP ? 2 : 1);
	taken[0].size = 100;
	taken[0].memory = micrort_malloc(taken[0].size);
	zassert_not_null(taken[0].memory);
	report_take(true);
	check(ARENA_REPORT);
	zassert_mem_equal(&report.heaps[1], &empty.heaps[1], sizeof(empty.heaps[1]));
#if CONFIG_HEAP_MEM_POOL_SIZE > 0
	void *block = k_malloc(300);

	zassert_not_null(block);
	report_take(true);
	k_free(block);
	check(ARENA_REPORT);
	zassert_true(report.heaps[1].used >= empty.heaps[1].used + 300);
	zassert_not_equal(report.heaps[0].base, report.heaps[1].base);
#endif
}

static int allocate_and_capture(const char *text, size_t length, void *capture)
{
	int index = pseudo_random() % BLOCKS;

	if (taken[index].memory != NULL) {
		free_one(index);
	} else {
		taken[index].size = 1 + pseudo_random() % 100;
		taken[index].memory = micrort_malloc(taken[index].size);
	}

	return capture_piece(text, length, capture);
}

/** "a heap that changes meanwhile [...], and the report says so": every granule once */
ZTEST(arena, test_printer_that_allocates_in_arena)
{
	struct micrort_printer printer = {.print = allocate_and_capture, .arg = &captured};
	const struct heap_report *heap = ARENA_REPORT;
	unsigned int changed = 0;

	for (int round = 0; round < 200; round++) {
		captured = (struct capture){0};
		zassert_ok(micrort_mem_info(&printer, true));
		report_parse(&captured, true);
		zassert_equal(heap->used + heap->free, heap->total);
		zassert_equal(heap->cell_count * 16, heap->total);
		changed += heap->changed;
	}
	zassert_true(changed > 0);
	report_take(true);
	check(ARENA_REPORT);
}
