/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief Issue of the report: "Verbose adds the map of the heap, one character a block, long free
 * runs collapsed"; "the heap map adds up to the totals after any sequence of allocations".
 */

#include <zephyr/ztest.h>

#include "system_blocks.h"

static void after(void *fixture)
{
	ARG_UNUSED(fixture);
	blocks_free_all();
}

ZTEST_SUITE(map, NULL, NULL, NULL, after, NULL);

static void check(bool verbose)
{
	report_take(verbose);
	blocks_compare(SYSTEM_HEAP_REPORT);
}

ZTEST(map, test_random_blocks_in_map)
{
	unsigned int refused = 0;

	/* Nobody else uses this heap. */
	check(true);
	for (int round = 0; round < 600; round++) {
		int index = pseudo_random() % BLOCKS;

		if (blocks[index].memory != NULL) {
			block_free(index);
		} else {
			/* Small ones for the most part, and as many as the heap can hold. */
			size_t limit = pseudo_random() % 8 == 0 ? 900 : 150;

			refused += !block_alloc(index, 1 + pseudo_random() % limit);
		}
		check(round % 7 == 0);
	}
	zassert_true(refused > 0, "the heap was never full");
}

/** "one character a block": the smallest ones, and pieces of the same size between them */
ZTEST(map, test_smallest_blocks)
{
	for (int i = 0; i < BLOCKS; i++) {
		zassert_true(block_alloc(i, 1));
	}
	check(true);
	for (int i = 0; i < BLOCKS; i += 2) {
		block_free(i);
	}
	check(true);
}

/* A block of so many units at the beginning of the empty heap, then free ones, then another. */
static void make_hole(size_t first, size_t hole)
{
	blocks_free_all();
	zassert_true(block_alloc(0, block_size_of_units(first)));
	zassert_true(block_alloc(1, block_size_of_units(hole)));
	zassert_true(block_alloc(2, block_size_of_units(3)));
	block_free(1);
}

/** "Two rows or more in which all is free are one line" */
ZTEST(map, test_collapsed_rows)
{
	static const size_t firsts[] = {3, 37, 63, 64, 65};

	check(true);
	zassert_equal(SYSTEM_HEAP_REPORT->collapsed_rows, heap_units() / ROW);
	ARRAY_FOR_EACH(firsts, i) {
		for (size_t hole = 3; hole <= 4 * ROW; hole++) {
			size_t end = firsts[i] + hole;
			size_t rows = end / ROW - DIV_ROUND_UP(MIN(firsts[i], end), ROW);
			size_t behind = heap_units() / ROW - DIV_ROUND_UP(end + 3, ROW);
			size_t lines = 0;
			size_t collapsed = 0;

			if (end / ROW >= DIV_ROUND_UP(firsts[i], ROW) && rows >= 2) {
				lines++;
				collapsed += rows;
			}
			if (behind >= 2) {
				lines++;
				collapsed += behind;
			}
			make_hole(firsts[i], hole);
			check(true);
			zassert_equal(SYSTEM_HEAP_REPORT->collapsed_lines, lines);
			zassert_equal(SYSTEM_HEAP_REPORT->collapsed_rows, collapsed);
		}
	}
}

/** A heap in which nothing is free, and one that is one block. */
ZTEST(map, test_full_heap)
{
	const struct heap_report *heap = SYSTEM_HEAP_REPORT;

	zassert_true(block_alloc(0, block_size_of_units(heap_units())));
	check(true);
	zassert_equal(heap->free, 0);
	zassert_equal(heap->max_free, 0);
	zassert_equal(heap->max_block, heap_units());
	zassert_equal(heap->collapsed_lines, 0);
	zassert_false(block_alloc(1, 1));
}
