/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief design.md, "heap_lock": "Whose lock it is, is a Kconfig choice: per thread or one for the
 * whole system."
 */

#include <zephyr/ztest.h>

#include <micrort/micrort.h>

#include "allocators.h"
#include "helpers.h"

ZTEST_SUITE(threads, NULL, NULL, unlock_all, helpers_after, NULL);

static K_SEM_DEFINE(locked_by_other, 0, 1);
static K_SEM_DEFINE(go_on, 0, 1);
static int depth_of_other[3];
static void *block_of_other;

static void allocate_and_free(void **result)
{
	*result = k_heap_alloc(&registered_heap, 16, K_NO_WAIT);
	k_heap_free(&registered_heap, *result);
}

static void lock_twice_and_wait(void *p1, void *p2, void *p3)
{
	depth_of_other[0] = micrort_heap_locked();
	(void)micrort_heap_lock();
	(void)micrort_heap_lock();
	depth_of_other[1] = micrort_heap_locked();
	k_sem_give(&locked_by_other);
	k_sem_take(&go_on, K_FOREVER);
	depth_of_other[2] = micrort_heap_locked();
	allocate_and_free(&block_of_other);
	(void)micrort_heap_unlock();
	(void)micrort_heap_unlock();
}

/** thread/thread_heap_lock.py: the lock of one thread does not affect another */
ZTEST(threads, test_lock_of_another_thread)
{
	void *block;

	helper_start(1, 0, lock_twice_and_wait, NULL);
	zassert_ok(k_sem_take(&locked_by_other, PATIENCE));
	zassert_equal(depth_of_other[0], 0);
	zassert_equal(depth_of_other[1], 2);
	if (SYSTEM_LOCK) {
		zassert_equal(micrort_heap_locked(), 2);
		allocate_and_free(&block);
		zassert_is_null(block);
		zassert_ok(micrort_heap_lock());
		zassert_equal(micrort_heap_locked(), 3);
	} else {
		zassert_equal(micrort_heap_locked(), 0);
		allocate_and_free(&block);
		zassert_not_null(block);
		zassert_equal(micrort_heap_unlock(), -EPERM);
		zassert_ok(micrort_heap_lock());
		zassert_equal(micrort_heap_locked(), 1);
	}
	k_sem_give(&go_on);
	helper_join(1);
	zassert_equal(depth_of_other[2], SYSTEM_LOCK ? 3 : 2);
	zassert_is_null(block_of_other);
	zassert_equal(micrort_heap_locked(), 1);
	allocate_and_free(&block);
	zassert_is_null(block);
	zassert_equal(micrort_heap_unlock(), 0);
}

static void read_depth(void *p1, void *p2, void *p3)
{
	depth_of_other[0] = micrort_heap_locked();
	allocate_and_free(&block_of_other);
}

/** New threads start at 0, also where the thread that starts them is locked. */
ZTEST(threads, test_new_thread_starts_at_zero)
{
	zassert_ok(micrort_heap_lock());
	helper_start(1, 0, read_depth, NULL);
	helper_join(1);
	zassert_equal(micrort_heap_unlock(), 0);
	zassert_equal(depth_of_other[0], SYSTEM_LOCK ? 1 : 0);
	zassert_equal(block_of_other == NULL, SYSTEM_LOCK);
}

static void lock_and_end(void *p1, void *p2, void *p3)
{
	(void)micrort_heap_lock();
	(void)micrort_heap_lock();
}

static void lock_and_wait(void *p1, void *p2, void *p3)
{
	(void)micrort_heap_lock();
	k_sem_give(&locked_by_other);
	k_sleep(K_FOREVER);
}

/** A thread that ended with the lock held leaves nothing to a new one with the same k_thread. */
ZTEST(threads, test_ended_thread_leaves_nothing)
{
	if (SYSTEM_LOCK) {
		TC_PRINT("skipped: the system's depth belongs to no thread\n");
		ztest_test_skip();
	}
	/* By return. */
	for (int i = 0; i < 12; i++) {
		helper_start(1 + i % 2, 0, lock_and_end, NULL);
		helper_join(1 + i % 2);
	}
	helper_start(1, 0, read_depth, NULL);
	helper_join(1);
	zassert_equal(depth_of_other[0], 0);
	zassert_not_null(block_of_other);

	/* By k_thread_abort(). */
	for (int i = 0; i < 12; i++) {
		helper_start(1, 0, lock_and_wait, NULL);
		zassert_ok(k_sem_take(&locked_by_other, PATIENCE));
		helper_abort(1);
	}
	helper_start(1, 0, read_depth, NULL);
	helper_join(1);
	zassert_equal(depth_of_other[0], 0);
	zassert_not_null(block_of_other);

	zassert_equal(micrort_heap_locked(), 0);
	zassert_ok(micrort_heap_lock());
	zassert_equal(micrort_heap_unlock(), 0);
}

static volatile bool function_ran;

static void read_in_function(void *arg)
{
	ARG_UNUSED(arg);
	depth_of_other[0] = micrort_heap_locked();
	allocate_and_free(&block_of_other);
	function_ran = true;
}

/** A scheduled function runs in the executor's thread, and has that one's depth. */
ZTEST(threads, test_lock_in_a_scheduled_function)
{
	function_ran = false;
	zassert_ok(micrort_heap_lock());
	zassert_ok(micrort_schedule(read_in_function, NULL));
	for (int waited = 0; waited < 100 && !function_ran; waited++) {
		k_msleep(1);
	}
	zassert_true(function_ran);
	zassert_equal(micrort_heap_unlock(), 0);
	zassert_equal(depth_of_other[0], SYSTEM_LOCK ? 1 : 0);
	zassert_equal(block_of_other == NULL, SYSTEM_LOCK);
}
