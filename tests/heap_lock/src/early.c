/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief heap_lock.h: "\pre_kernel_ok"
 */

#include <zephyr/init.h>
#include <zephyr/ztest.h>

#include <micrort/micrort.h>


static struct {
	int lock;
	int locked;
	int unlock;
	int unlock_again;
} found[2];

static int lock_and_unlock(int level)
{
	found[level].lock = micrort_heap_lock();
	found[level].locked = micrort_heap_locked();
	found[level].unlock = micrort_heap_unlock();
	found[level].unlock_again = micrort_heap_unlock();
	return 0;
}

static int at_pre_kernel_1(void)
{
	return lock_and_unlock(0);
}

static int at_post_kernel(void)
{
	return lock_and_unlock(1);
}

/* After record.c has read the record. */
SYS_INIT(at_pre_kernel_1, PRE_KERNEL_1, 1);
SYS_INIT(at_post_kernel, POST_KERNEL, 0);

ZTEST_SUITE(boot, NULL, NULL, NULL, NULL, NULL);

ZTEST(boot, test_lock_before_the_kernel_runs)
{
	ARRAY_FOR_EACH(found, i) {
		zassert_equal(found[i].lock, 0);
		zassert_equal(found[i].locked, 1);
		zassert_equal(found[i].unlock, 0);
		zassert_equal(found[i].unlock_again, -EPERM);
	}
	zassert_equal(micrort_heap_locked(), 0);
}
