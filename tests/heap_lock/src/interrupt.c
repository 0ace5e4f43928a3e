/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief design.md, "heap_lock": "An interrupt counts as the thread it interrupted. Optionally
 * allocation in any interrupt is refused, locked or not."
 */

#include <zephyr/ztest.h>

#include <micrort/micrort.h>

#include "allocators.h"
#include "helpers.h"
#include "interrupts.h"

#define ISR_REFUSES IS_ENABLED(CONFIG_MICRORT_HEAP_LOCK_ISR)

/* Runs in the main thread, after each test. */
static void after(void *fixture)
{
	helpers_after(fixture);
	zassert_equal(atomic_get(&interrupts_not_real), 0);
}

ZTEST_SUITE(interrupt, NULL, NULL, unlock_all, after, NULL);

static int depth_seen;
static void *block_seen;

static void look(void *arg)
{
	ARG_UNUSED(arg);
	depth_seen = micrort_heap_locked();
	block_seen = k_heap_alloc(&registered_heap, 16, K_NO_WAIT);
	k_heap_free(&registered_heap, block_seen);
}

/** "An interrupt counts as the thread it interrupted." */
ZTEST(interrupt, test_interrupt_counts_as_the_thread)
{
	interrupt_low(look, NULL);
	zassert_equal(depth_seen, 0);
	zassert_equal(block_seen == NULL, ISR_REFUSES);

	zassert_ok(micrort_heap_lock());
	zassert_ok(micrort_heap_lock());
	interrupt_low(look, NULL);
	zassert_equal(depth_seen, 2);
	zassert_is_null(block_seen);
	zassert_equal(micrort_heap_unlock(), 1);
	zassert_equal(micrort_heap_unlock(), 0);
}

static void lock_only(void *arg)
{
	ARG_UNUSED(arg);
	depth_seen = micrort_heap_lock();
}

static void unlock_only(void *arg)
{
	ARG_UNUSED(arg);
	depth_seen = micrort_heap_unlock();
}

/** What an interrupt locks, it locks for that thread. */
ZTEST(interrupt, test_lock_and_unlock_in_an_interrupt)
{
	interrupt_low(lock_only, NULL);
	zassert_ok(depth_seen);
	zassert_equal(micrort_heap_locked(), 1);
	zassert_is_null(k_heap_alloc(&registered_heap, 16, K_NO_WAIT));
	interrupt_high(unlock_only, NULL);
	zassert_ok(depth_seen);
	zassert_equal(micrort_heap_locked(), 0);
	interrupt_low(unlock_only, NULL);
	zassert_equal(depth_seen, -EPERM);
}

static const struct allocator *allocator_to_try;
static void *block_of_allocator;

static void try_allocator(void *arg)
{
	ARG_UNUSED(arg);
	block_of_allocator = allocator_to_try->alloc(40);
	if (block_of_allocator != NULL) {
		allocator_to_try->free(block_of_allocator);
	}
}

/** "Optionally allocation in any interrupt is refused, locked or not", for each entry point */
ZTEST(interrupt, test_allocation_in_an_interrupt)
{
	FOR_EACH_ALLOCATOR(a) {
		struct micrort_heap_refusals before;
		struct micrort_heap_refusals now;

		if (!a->isr_ok) {
			continue;
		}
		allocator_to_try = a;
		micrort_heap_refusals_get(&before);
		interrupt_low(try_allocator, NULL);
		micrort_heap_refusals_get(&now);
		if (ISR_REFUSES && a->locked) {
			zassert_is_null(block_of_allocator, "%s", a->name);
			zassert_equal(now.count, before.count + 1, "%s", a->name);
			zassert_true(now.in_isr, "%s", a->name);
			zassert_equal(now.size, 40, "%s", a->name);
			zassert_equal(now.thread, k_current_get(), "%s", a->name);
		} else {
			zassert_not_null(block_of_allocator, "%s", a->name);
			zassert_equal(now.count, before.count, "%s", a->name);
		}
	}
	zassert_equal(micrort_heap_locked(), 0, "the thread is not locked by that");
}

static volatile int depth_in_timer;
static volatile int depth_in_function;
static volatile bool function_ran;

static void soft_callback(void *arg)
{
	ARG_UNUSED(arg);
	depth_in_function = micrort_heap_locked();
	function_ran = true;
}

static void hard_callback(struct k_timer *timer)
{
	ARG_UNUSED(timer);
	depth_in_timer = micrort_heap_locked();
	(void)micrort_schedule(soft_callback, NULL);
}

static K_TIMER_DEFINE(timer, hard_callback, NULL);

/**
 * extmod/machine_timer.py: the hard callback of a timer sees the heap locked, the soft one does
 * not. Here the hard one sees the lock of the thread that it interrupts.
 */
ZTEST(interrupt, test_hard_and_soft_callback_of_a_timer)
{
	for (int locks = 0; locks <= 2; locks++) {
		depth_in_timer = -1;
		depth_in_function = -1;
		function_ran = false;
		for (int i = 0; i < locks; i++) {
			zassert_ok(micrort_heap_lock());
		}
		k_timer_start(&timer, K_MSEC(5), K_NO_WAIT);
		/* Busy, so that it is this thread that is interrupted. */
		for (int waited = 0; waited < 100 && depth_in_timer < 0; waited++) {
			k_busy_wait(USEC_PER_MSEC);
		}
		zassert_equal(depth_in_timer, locks);
		for (int waited = 0; waited < 100 && !function_ran; waited++) {
			k_msleep(1);
		}
		zassert_true(function_ran);
		zassert_equal(depth_in_function, SYSTEM_LOCK ? locks : 0);
		unlock_all(NULL);
	}
}
