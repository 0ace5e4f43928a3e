/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief design.md, "heap_lock": "The heap behind micrort is a Kconfig choice: Zephyr's system heap
 * (default), or a private arena, whose size is fixed and which cannot starve the kernel."
 */

#include <string.h>

#include <zephyr/ztest.h>

#include <micrort/micrort.h>

#include "allocators.h"
#include "helpers.h"
#include "interrupts.h"

#define ARENA IS_ENABLED(CONFIG_MICRORT_HEAP_ARENA)

/* More than fit. */
#define BLOCKS 256
#define SIZE   32

static void *blocks[BLOCKS];

static void after(void *fixture)
{
	helpers_after(fixture);
	check_heaps();
}

ZTEST_SUITE(heap_of_micrort, NULL, NULL, unlock_all, after, NULL);

static int fill_up(void)
{
	int count = 0;

	while (count < BLOCKS) {
		blocks[count] = micrort_malloc(SIZE);
		if (blocks[count] == NULL) {
			break;
		}
		zassert_true(IS_ALIGNED(blocks[count], sizeof(void *)));
		memset(blocks[count], count, SIZE);
		count++;
	}
	zassert_true(count > 0);
	zassert_true(count < BLOCKS, "it never becomes full");
	return count;
}

static void check_contents(int count)
{
	for (int i = 0; i < count; i++) {
		const uint8_t *block = blocks[i];

		for (int byte = 0; byte < SIZE; byte++) {
			zassert_equal(block[byte], (uint8_t)i, "block %d", i);
		}
	}
}

/** A heap that is full answers NULL; what is freed, in any order, is there again. */
ZTEST(heap_of_micrort, test_full_and_freed)
{
	int count = fill_up();
	void *kernel_block = k_malloc(SIZE);

	check_contents(count);
	/* "which cannot starve the kernel" */
	zassert_equal(kernel_block != NULL, ARENA);
	k_free(kernel_block);
	zassert_is_null(micrort_malloc(SIZE));
	if (ARENA) {
		zassert_true(count * SIZE <= 2048);
		zassert_true(count * SIZE >= 2048 / 2, "%d blocks", count);
	}

	for (int round = 0; round < 3; round++) {
		for (int i = 0; i < count; i++) {
			/* 7 has no common divisor with a count that is not one of its own. */
			int victim = count % 7 == 0 ? i : (7 * i) % count;

			micrort_free(blocks[victim]);
			blocks[victim] = NULL;
		}
		zassert_equal(fill_up(), count, "round %d", round);
		check_contents(count);
	}
	for (int i = 0; i < count; i++) {
		micrort_free(blocks[i]);
	}
	/* All in one piece again. */
	blocks[0] = micrort_malloc(ARENA ? 1800 : 3000);
	zassert_not_null(blocks[0]);
	micrort_free(blocks[0]);
	micrort_free(NULL);
}

/** "micrort's own heap" is locked, freeing works. */
ZTEST(heap_of_micrort, test_locked)
{
	struct micrort_heap_refusals record;
	int count = fill_up();

	zassert_ok(micrort_heap_lock());
	for (int i = 0; i < count; i++) {
		micrort_free(blocks[i]);
	}
	zassert_is_null(micrort_malloc(SIZE));
	micrort_heap_refusals_get(&record);
	zassert_equal(record.size, SIZE);
	zassert_equal(micrort_heap_unlock(), 0);
	zassert_equal(fill_up(), count);
	for (int i = 0; i < count; i++) {
		micrort_free(blocks[i]);
	}
}

static void *block_in_interrupt;

static void allocate(void *arg)
{
	ARG_UNUSED(arg);
	block_in_interrupt = micrort_malloc(SIZE);
}

static void release(void *block)
{
	micrort_free(block);
}

/** "CONFIG_MICRORT_HEAP_ARENA: in an interrupt the answer is NULL" */
ZTEST(heap_of_micrort, test_malloc_in_an_interrupt)
{
	bool refused = ARENA || IS_ENABLED(CONFIG_MICRORT_HEAP_LOCK_ISR);

	interrupt_low(allocate, NULL);
	zassert_equal(block_in_interrupt == NULL, refused);
	micrort_free(block_in_interrupt);
}

/** "a block that an interrupt frees becomes available at the next call from a thread" */
ZTEST(heap_of_micrort, test_free_in_an_interrupt)
{
	int count = fill_up();

	for (int round = 0; round < 3; round++) {
		for (int i = 0; i < count; i++) {
			if (i % 2 == 0) {
				interrupt_low(release, blocks[i]);
			} else {
				interrupt_high(release, blocks[i]);
			}
		}
		zassert_equal(fill_up(), count, "round %d", round);
		check_contents(count);
	}
	/* Also where only a free comes next, and where the thread is locked. */
	zassert_ok(micrort_heap_lock());
	for (int i = 0; i < count - 1; i++) {
		interrupt_low(release, blocks[i]);
	}
	micrort_free(blocks[count - 1]);
	zassert_equal(micrort_heap_unlock(), 0);
	blocks[0] = micrort_malloc(ARENA ? 1800 : 3000);
	zassert_not_null(blocks[0]);
	micrort_free(blocks[0]);
}

static uint32_t thread_errors;

static void allocate_in_turn(void *seed, void *p2, void *p3)
{
	for (uint32_t round = 0; round < 300; round++) {
		size_t size = 8 + (round * 13 + POINTER_TO_UINT(seed)) % 120;
		uint8_t *block = micrort_malloc(size);

		if (block == NULL) {
			thread_errors++;
			continue;
		}
		memset(block, (int)round, size);
		/* The others get their turn in the middle of it. */
		if (round % 3 == 0) {
			k_sleep(K_TICKS(1));
		} else {
			k_yield();
		}
		for (size_t i = 0; i < size; i++) {
			thread_errors += block[i] != (uint8_t)round;
		}
		micrort_free(block);
	}
}

/** Several threads at once */
ZTEST(heap_of_micrort, test_several_threads)
{
	thread_errors = 0;
	for (int i = 0; i < 4; i++) {
		helper_start(i, 5 + i % 2, allocate_in_turn, INT_TO_POINTER(17 * i));
	}
	for (int i = 0; i < 4; i++) {
		helper_join(i);
	}
	zassert_equal(thread_errors, 0);
}
