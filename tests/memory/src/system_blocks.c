/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

#include <string.h>

#include <zephyr/kernel.h>
#include <zephyr/sys/sys_heap.h>
#include <zephyr/ztest.h>

/* Zephyr's lib/heap. */
#include <heap.h>

#include "system_blocks.h"

extern struct k_heap _system_heap;

struct block blocks[BLOCKS];

bool block_alloc(int index, size_t size)
{
	struct block *block = &blocks[index];

	zassert_is_null(block->memory);
	block->memory = k_malloc(size);
	block->size = size;
	if (block->memory != NULL) {
		/* A header that was taken for one by mistake would be full of these. */
		memset(block->memory, 0xa5, size);
	}

	return block->memory != NULL;
}

void block_free(int index)
{
	k_free(blocks[index].memory);
	blocks[index].memory = NULL;
}

void blocks_free_all(void)
{
	for (int i = 0; i < BLOCKS; i++) {
		block_free(i);
	}
	zassert_true(sys_heap_validate(&_system_heap.heap));
}

static size_t overhead(void)
{
	return sizeof(struct k_heap *) + chunk_header_bytes(_system_heap.heap.heap);
}

size_t block_units(size_t size)
{
	return DIV_ROUND_UP(size + overhead(), CHUNK_UNIT);
}

size_t block_size_of_units(size_t units)
{
	return units * CHUNK_UNIT - overhead();
}

size_t heap_units(void)
{
	return heap_info_now(MICRORT_HEAP_ID_SYSTEM).total / CHUNK_UNIT;
}

uintptr_t block_begin(const struct block *block)
{
	return (uintptr_t)block->memory - overhead();
}

/* The map that the blocks make. */
static char expected[sizeof(((struct heap_report *)0)->cells)];

static void draw_blocks(const struct heap_report *heap)
{
	memset(expected, '.', sizeof(expected));
	for (const struct block *block = blocks; block < blocks + BLOCKS; block++) {
		size_t at = (block_begin(block) - heap->base) / CHUNK_UNIT;
		size_t units = block_units(block->size);

		if (block->memory == NULL) {
			continue;
		}
		zassert_equal((block_begin(block) - heap->base) % CHUNK_UNIT, 0);
		zassert_true(at + units <= heap->cell_count);
		memset(&expected[at], '=', units);
		expected[at] = 'h';
	}
}

static unsigned long longest_free(const char *cells, size_t count)
{
	unsigned long longest = 0;
	unsigned long length = 0;

	for (size_t i = 0; i < count; i++) {
		length = cells[i] == '.' ? length + 1 : 0;
		longest = MAX(longest, length);
	}

	return longest;
}

void blocks_compare(const struct heap_report *heap)
{
	unsigned long used = 0, ones = 0, twos = 0, max_block = 0;

	for (const struct block *block = blocks; block < blocks + BLOCKS; block++) {
		if (block->memory != NULL) {
			unsigned long units = block_units(block->size);

			used += units;
			ones += units == 1;
			twos += units == 2;
			max_block = MAX(max_block, units);
		}
	}
	zassert_false(heap->changed);
	zassert_equal(heap->used, used * CHUNK_UNIT, "%lu, not %lu", heap->used,
		      used * CHUNK_UNIT);
	zassert_equal(heap->free, heap->total - heap->used);
	zassert_equal(heap->one_blocks, ones);
	zassert_equal(heap->two_blocks, twos);
	zassert_equal(heap->max_block, max_block);
	if (heap->cell_count != 0) {
		draw_blocks(heap);
		zassert_equal(heap->cell_count * CHUNK_UNIT, heap->total);
		zassert_mem_equal(heap->cells, expected, heap->cell_count);
		zassert_equal(heap->max_free, longest_free(expected, heap->cell_count));
	}
}
