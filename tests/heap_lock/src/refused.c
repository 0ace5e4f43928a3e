/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief design.md, "heap_lock": what fails while the heap is locked, and what does not.
 */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <zephyr/ztest.h>

#include <micrort/micrort.h>

#include "allocators.h"
#include "helpers.h"

static void after(void *fixture)
{
	helpers_after(fixture);
	check_heaps();
}

ZTEST_SUITE(refused, NULL, NULL, unlock_all, after, NULL);

static uint32_t refusals(void)
{
	struct micrort_heap_refusals record;

	micrort_heap_refusals_get(&record);
	return record.count;
}

/**
 * "While the depth is not 0, allocation fails at once: NULL (and errno ENOMEM where the call has
 * one), also for a caller that was ready to wait for ever." "Heaps that are not registered go on
 * working."; micropython/heap_lock.py, micropython/heapalloc_fail_*.py: one for each entry point
 */
ZTEST(refused, test_allocation_fails_at_once)
{
	FOR_EACH_ALLOCATOR(a) {
		int64_t start = k_uptime_get();
		uint32_t count = refusals();
		void *block;

		/* It works without the lock. */
		block = a->alloc(40);
		zassert_not_null(block, "%s", a->name);
		a->free(block);
		zassert_equal(refusals(), count, "%s", a->name);

		zassert_ok(micrort_heap_lock());
		errno = 0;
		block = a->alloc(40);
		if (a->locked) {
			zassert_is_null(block, "%s", a->name);
			zassert_equal(errno, a->sets_errno ? ENOMEM : 0, "%s", a->name);
			zassert_equal(refusals(), count + 1, "%s", a->name);
		} else {
			zassert_not_null(block, "%s", a->name);
			zassert_equal(refusals(), count, "%s", a->name);
			a->free(block);
		}
		zassert_true(k_uptime_get() - start < 20, "%s waited", a->name);
		zassert_equal(micrort_heap_unlock(), 0);

		/* And again after it: nothing is left behind. */
		block = a->alloc(40);
		zassert_not_null(block, "%s", a->name);
		a->free(block);
	}
}

/** Sizes of zero and sizes that no heap has: refused alike, and no harm done */
ZTEST(refused, test_strange_sizes)
{
	zassert_ok(micrort_heap_lock());
	FOR_EACH_ALLOCATOR(a) {
		if (a->locked) {
			zassert_is_null(a->alloc(0), "%s", a->name);
			zassert_is_null(a->alloc(SIZE_MAX / 2), "%s", a->name);
		}
	}
	zassert_equal(micrort_heap_unlock(), 0);
}

/** "Freeing works." */
ZTEST(refused, test_freeing_works)
{
	FOR_EACH_ALLOCATOR(a) {
		void *blocks[8];
		int count = 0;

		/* Often enough that a free that does nothing shows. */
		for (int round = 0; round < 20; round++) {
			for (count = 0; count < ARRAY_SIZE(blocks); count++) {
				blocks[count] = a->alloc(64);
				zassert_not_null(blocks[count], "%s, round %d", a->name, round);
			}
			zassert_ok(micrort_heap_lock());
			for (int i = 0; i < count; i++) {
				a->free(blocks[i]);
			}
			a->free(NULL);
			zassert_equal(micrort_heap_unlock(), 0);
		}
	}
}

#define BLOCK_SIZE 48

static void fill(uint8_t *block, int seed)
{
	for (int i = 0; i < BLOCK_SIZE; i++) {
		block[i] = (uint8_t)(seed + 7 * i);
	}
}

static void check_filled(const uint8_t *block, int seed)
{
	for (int i = 0; i < BLOCK_SIZE; i++) {
		zassert_equal(block[i], (uint8_t)(seed + 7 * i));
	}
}

static void *k_heap_realloc_forever(void *block, size_t size)
{
	return k_heap_realloc(&registered_heap, block, size, K_FOREVER);
}

static void free_registered(void *block)
{
	k_heap_free(&registered_heap, block);
}

static void realloc_is_refused(void *(*reallocate)(void *block, size_t size),
			       void (*release)(void *block), int seed, bool sets_errno)
{
	uint8_t *block = reallocate(NULL, BLOCK_SIZE);
	uint8_t *bigger;
	uint32_t count = refusals();

	zassert_not_null(block);
	fill(block, seed);
	zassert_ok(micrort_heap_lock());
	errno = 0;
	zassert_is_null(reallocate(block, 4 * BLOCK_SIZE));
	zassert_equal(errno, sets_errno ? ENOMEM : 0);
	/* A shrink is one, too. */
	zassert_is_null(reallocate(block, BLOCK_SIZE / 2));
	zassert_equal(refusals(), count + 2);
	check_filled(block, seed);
	zassert_equal(micrort_heap_unlock(), 0);
	check_filled(block, seed);
	bigger = reallocate(block, 4 * BLOCK_SIZE);
	zassert_not_null(bigger);
	check_filled(bigger, seed);
	release(bigger);
	check_heaps();
}

/** "A realloc is refused and the block stays valid."; micropython/heap_lock.py: no list can grow */
ZTEST(refused, test_realloc_is_refused_and_the_block_stays_valid)
{
	if (IS_ENABLED(CONFIG_MICRORT_HEAP_LOCK_KERNEL_HEAP)) {
		realloc_is_refused(k_realloc, k_free, 1, false);
	}
	realloc_is_refused(k_heap_realloc_forever, free_registered, 2, false);
#if defined(CONFIG_MICRORT_HEAP_LOCK_LIBC_HEAP) && defined(CONFIG_COMMON_LIBC_MALLOC)
	realloc_is_refused(realloc, free, 3, true);
#endif
}

/** A realloc to nothing frees, and freeing works. */
ZTEST(refused, test_realloc_to_nothing_frees)
{
	for (int round = 0; round < 40; round++) {
		void *block = k_malloc(512);

		zassert_not_null(block, "round %d", round);
		zassert_ok(micrort_heap_lock());
		zassert_is_null(k_realloc(block, 0));
		zassert_equal(micrort_heap_unlock(), 0);
	}
}

static K_SEM_DEFINE(waiting, 0, 1);
static void *volatile got;
static volatile bool returned;

static void wait_for_memory(void *p1, void *p2, void *p3)
{
	k_sem_give(&waiting);
	got = k_heap_alloc(&registered_heap, 600, K_FOREVER);
	returned = true;
}

/**
 * A thread that waits for memory already, and is not locked itself, goes on waiting and gets it
 * when another one, which is locked, frees.
 */
ZTEST(refused, test_free_wakes_a_thread_that_waits)
{
	void *block;

	if (SYSTEM_LOCK) {
		TC_PRINT("skipped: with one lock for the system, the thread would be locked\n");
		ztest_test_skip();
	}
	block = k_heap_alloc(&registered_heap, 600, K_NO_WAIT);
	zassert_not_null(block);
	returned = false;
	got = NULL;
	helper_start(1, 0, wait_for_memory, NULL);
	zassert_ok(k_sem_take(&waiting, PATIENCE));
	k_msleep(5);
	zassert_false(returned);
	zassert_ok(micrort_heap_lock());
	k_heap_free(&registered_heap, block);
	helper_join(1);
	zassert_not_null(got);
	k_heap_free(&registered_heap, got);
	zassert_equal(micrort_heap_unlock(), 0);
}

static volatile int function_result;

static void allocate_nothing(void *arg)
{
	function_result = POINTER_TO_INT(arg);
}

/**
 * The module's own calls work with the heap locked: they allocate nothing.
 * extmod/asyncio_heaplock.py, micropython/heapalloc.py
 */
ZTEST(refused, test_other_calls_allocate_nothing)
{
	static MICRORT_TASK_DEFINE(task, NULL);
	uint32_t count = refusals();
	struct micrort_schedule_stats stats;

	zassert_ok(micrort_kbd_intr_attach());
	zassert_ok(micrort_heap_lock());
	zassert_ok(micrort_critical_enter());
	zassert_ok(micrort_schedule(allocate_nothing, INT_TO_POINTER(5)));
	zassert_equal(micrort_task_schedule(&task), -EINVAL);
	zassert_ok(micrort_critical_exit());
	zassert_ok(micrort_kbd_intr_raise());
	zassert_equal(micrort_sleep(K_MSEC(10)), -EINTR);
	zassert_ok(micrort_sleep(K_MSEC(10)));
	zassert_equal(function_result, 5);
	micrort_schedule_stats_get(&stats);
	zassert_ok(micrort_kbd_intr_detach());
	zassert_equal(refusals(), count);
	zassert_equal(micrort_heap_unlock(), 0);
}
