/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief design.md, "heap_lock": the depth.
 */

#include <zephyr/ztest.h>

#include <micrort/micrort.h>

#include "allocators.h"
#include "helpers.h"

ZTEST_SUITE(depth, NULL, NULL, unlock_all, helpers_after, NULL);

/** micropython/heap_locked.py: depth 1, then 0 */
ZTEST(depth, test_depth_is_read)
{
	zassert_equal(micrort_heap_locked(), 0);
	zassert_ok(micrort_heap_lock());
	zassert_equal(micrort_heap_locked(), 1);
	zassert_equal(micrort_heap_unlock(), 0);
	zassert_equal(micrort_heap_locked(), 0);
}

/**
 * "the last two return the depth (after unlocking for unlock). They nest.";
 * micropython/heap_lock.py: the inner unlock returns 1 and the heap stays locked
 */
ZTEST(depth, test_locks_nest)
{
	void *block;

	zassert_ok(micrort_heap_lock());
	zassert_ok(micrort_heap_lock());
	zassert_equal(micrort_heap_locked(), 2);
	zassert_is_null(k_heap_alloc(&registered_heap, 16, K_NO_WAIT));
	zassert_equal(micrort_heap_unlock(), 1);
	zassert_is_null(k_heap_alloc(&registered_heap, 16, K_NO_WAIT));
	zassert_equal(micrort_heap_unlock(), 0);
	block = k_heap_alloc(&registered_heap, 16, K_NO_WAIT);
	zassert_not_null(block);
	k_heap_free(&registered_heap, block);
	for (int i = 0; i < 10; i++) {
		zassert_ok(micrort_heap_lock());
		zassert_equal(micrort_heap_locked(), i + 1);
	}
	for (int i = 10; i > 0; i--) {
		zassert_equal(micrort_heap_unlock(), i - 1);
		zassert_equal(micrort_heap_locked(), i - 1);
	}
}

/** "Unlock at depth 0 is refused with -EPERM and leaves 0" */
ZTEST(depth, test_underflow_is_refused)
{
	void *block;

	for (int i = 0; i < 3; i++) {
		zassert_equal(micrort_heap_unlock(), -EPERM);
		zassert_equal(micrort_heap_locked(), 0);
	}
	block = k_heap_alloc(&registered_heap, 16, K_NO_WAIT);
	zassert_not_null(block);
	k_heap_free(&registered_heap, block);
	zassert_ok(micrort_heap_lock());
	zassert_equal(micrort_heap_locked(), 1);
	zassert_equal(micrort_heap_unlock(), 0);
}

/** "lock at the largest depth is refused with -EOVERFLOW" */
ZTEST(depth, test_overflow_is_refused)
{
	for (int i = 0; i < UINT16_MAX; i++) {
		zassert_ok(micrort_heap_lock());
	}
	for (int i = 0; i < 3; i++) {
		zassert_equal(micrort_heap_lock(), -EOVERFLOW);
		zassert_equal(micrort_heap_locked(), UINT16_MAX);
		zassert_is_null(k_heap_alloc(&registered_heap, 16, K_NO_WAIT));
	}
	for (int i = UINT16_MAX; i > 0; i--) {
		zassert_equal(micrort_heap_unlock(), i - 1);
	}
	zassert_equal(micrort_heap_unlock(), -EPERM);
}

static K_SEM_DEFINE(ready, 0, HELPERS);
static K_SEM_DEFINE(go_on, 0, 1);
static int results[HELPERS];

static void hold_lock(void *index, void *p2, void *p3)
{
	int i = POINTER_TO_INT(index);

	results[i] = micrort_heap_lock();
	k_sem_give(&ready);
	k_sem_take(&go_on, K_FOREVER);
	if (results[i] == 0) {
		results[i] = micrort_heap_unlock();
	}
}

/** Each thread has its own depth, however many hold one; with one lock for the system they add up. */
ZTEST(depth, test_every_thread_can_hold_one)
{
	for (int i = 0; i < HELPERS; i++) {
		helper_start(i, 0, hold_lock, INT_TO_POINTER(i));
		zassert_ok(k_sem_take(&ready, PATIENCE));
	}
	for (int i = 0; i < HELPERS; i++) {
		zassert_ok(results[i], "helper %d", i);
	}
	zassert_equal(micrort_heap_locked(), SYSTEM_LOCK ? HELPERS : 0);
	zassert_ok(micrort_heap_lock());
	zassert_equal(micrort_heap_locked(), SYSTEM_LOCK ? HELPERS + 1 : 1);
	zassert_equal(micrort_heap_unlock(), SYSTEM_LOCK ? HELPERS : 0);
	for (int i = 0; i < HELPERS; i++) {
		k_sem_give(&go_on);
		helper_join(i);
	}
	zassert_equal(micrort_heap_locked(), 0);
}
