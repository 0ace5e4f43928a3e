/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief design.md, "heap_lock": "A refused allocation leaves a record: how many, and of the last
 * one its size, calling address, thread or interrupt."
 */

#include <stdlib.h>
#include <string.h>

#include <zephyr/init.h>
#include <zephyr/ztest.h>

#include <micrort/micrort.h>

#include "allocators.h"
#include "helpers.h"
#include "interrupts.h"

ZTEST_SUITE(record, NULL, NULL, unlock_all, helpers_after, NULL);

/* "all zero when nothing was refused": before anything else of this test has run. */
static struct micrort_heap_refusals at_boot;

static int read_at_boot(void)
{
	memset(&at_boot, 0xff, sizeof(at_boot));
	micrort_heap_refusals_get(&at_boot);
	return 0;
}

SYS_INIT(read_at_boot, PRE_KERNEL_1, 0);

ZTEST(record, test_record_is_zero_at_boot)
{
	zassert_equal(at_boot.count, 0);
	zassert_equal(at_boot.size, 0);
	zassert_is_null(at_boot.caller);
	zassert_is_null(at_boot.thread);
	zassert_false(at_boot.in_isr);
}

/* The functions of allocators.c are short. */
#define LONGEST_FUNCTION 128

static bool lies_inside(void *address, void *(*function)(size_t size))
{
	/* Without the Thumb bits. */
	uintptr_t begin = (uintptr_t)function & ~(uintptr_t)1;
	uintptr_t at = (uintptr_t)address & ~(uintptr_t)1;

	return at > begin && at <= begin + LONGEST_FUNCTION;
}

/** For each entry point: count, size, calling address, thread */
ZTEST(record, test_record_of_each_entry_point)
{
	struct micrort_heap_refusals record;
	uint32_t count;
	size_t size = 32;

	micrort_heap_refusals_get(&record);
	count = record.count;
	zassert_ok(micrort_heap_lock());
	FOR_EACH_ALLOCATOR(a) {
		if (!a->locked) {
			continue;
		}
		size += 16;
		zassert_is_null(a->alloc(size));
		micrort_heap_refusals_get(&record);
		zassert_equal(record.count, ++count, "%s", a->name);
		zassert_equal(record.size, size, "%s: %zu", a->name, record.size);
		zassert_equal(record.thread, k_current_get(), "%s", a->name);
		zassert_false(record.in_isr, "%s", a->name);
		zassert_true(lies_inside(record.caller, a->alloc), "%s: %p is not in %p", a->name,
			     record.caller, a->alloc);
	}
	zassert_equal(micrort_heap_unlock(), 0);
}

/** The size of a calloc is the product. */
ZTEST(record, test_size_of_a_calloc)
{
	struct micrort_heap_refusals record;

	if (!IS_ENABLED(CONFIG_MICRORT_HEAP_LOCK_KERNEL_HEAP)) {
		TC_PRINT("skipped: the system heap is not locked here\n");
		ztest_test_skip();
	}
	zassert_ok(micrort_heap_lock());
	zassert_is_null(k_calloc(7, 9));
	micrort_heap_refusals_get(&record);
	zassert_equal(record.size, 63);
#if defined(CONFIG_MICRORT_HEAP_LOCK_LIBC_HEAP) && defined(CONFIG_COMMON_LIBC_MALLOC)
	void *volatile block = calloc(11, 13);

	zassert_is_null(block);
	micrort_heap_refusals_get(&record);
	zassert_equal(record.size, 143);
#endif
	zassert_equal(micrort_heap_unlock(), 0);
}

/** What fails for another reason is no refusal. */
ZTEST(record, test_heap_that_is_full_is_no_refusal)
{
	struct micrort_heap_refusals before;
	struct micrort_heap_refusals now;

	micrort_heap_refusals_get(&before);
	zassert_is_null(k_heap_alloc(&registered_heap, 5000, K_NO_WAIT));
	zassert_is_null(k_malloc(50000));
	zassert_is_null(micrort_malloc(50000));
	micrort_heap_refusals_get(&now);
	zassert_equal(now.count, before.count);
	zassert_equal(now.size, before.size);
	zassert_equal(now.caller, before.caller);
}

static void refused_in_thread(void *p1, void *p2, void *p3)
{
	(void)micrort_heap_lock();
	(void)k_heap_alloc(&registered_heap, 24, K_NO_WAIT);
	(void)micrort_heap_unlock();
	k_sleep(K_FOREVER);
}

/** The thread that made it, when it is not the one that reads; nobody once it has ended */
ZTEST(record, test_thread_of_the_record)
{
	struct micrort_heap_refusals record;
	k_tid_t thread = helper_start(1, 0, refused_in_thread, NULL);

	k_msleep(10);
	micrort_heap_refusals_get(&record);
	zassert_equal(record.thread, thread);
	zassert_equal(record.size, 24);
	zassert_false(record.in_isr);
	helper_abort(1);
	micrort_heap_refusals_get(&record);
	zassert_is_null(record.thread);
	zassert_equal(record.size, 24);
}

static void refused_in_interrupt(void *arg)
{
	ARG_UNUSED(arg);
	(void)micrort_heap_lock();
	(void)k_heap_alloc(&registered_heap, 28, K_NO_WAIT);
	(void)micrort_heap_unlock();
}

/** "or interrupt": the thread is the one that it interrupted */
ZTEST(record, test_record_of_an_interrupt)
{
	struct micrort_heap_refusals record;

	interrupt_low(refused_in_interrupt, NULL);
	micrort_heap_refusals_get(&record);
	zassert_equal(record.size, 28);
	zassert_true(record.in_isr);
	zassert_equal(record.thread, k_current_get());
	zassert_equal(micrort_heap_locked(), 0);
}
