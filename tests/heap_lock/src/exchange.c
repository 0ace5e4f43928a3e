/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief Lock and unlock without a pause, while an interrupt and a thread of higher priority come in
 * between at any instruction: each depth stays its thread's own.
 */

#include <zephyr/kernel.h>
#include <zephyr/ztest.h>

#include <micrort/micrort.h>

#include "allocators.h"
#include "helpers.h"

/* Where an interrupt comes everywhere, as instructions are the clock. */
#define INTERRUPTS (IS_ENABLED(CONFIG_CPU_CORTEX_M) ? 1000 : 100)

static K_SEM_DEFINE(tick, 0, 1);
static volatile uint32_t interrupts;
static volatile bool finished;
/* Of the thread of higher priority, and of interrupts. */
static volatile uint32_t wrong;

static void expect(bool right)
{
	if (!right) {
		wrong++;
	}
}

/** Counts as the thread that it interrupts, and leaves its depth as it was. */
static void expired(struct k_timer *timer)
{
	int depth = micrort_heap_locked();

	ARG_UNUSED(timer);
	expect(micrort_heap_lock() == 0);
	expect(SYSTEM_LOCK || micrort_heap_locked() == depth + 1);
	expect(micrort_heap_unlock() == depth || SYSTEM_LOCK);
	interrupts++;
	k_sem_give(&tick);
}

static K_TIMER_DEFINE(timer, expired, NULL);

/** Holds its lock from every second interrupt to the next one. */
static void hold_now_and_then(void *p1, void *p2, void *p3)
{
	while (!finished) {
		(void)k_sem_take(&tick, PATIENCE);
		expect(micrort_heap_lock() == 0);
		(void)k_sem_take(&tick, PATIENCE);
		expect(micrort_heap_unlock() == 0 || SYSTEM_LOCK);
	}
}

static void after(void *fixture)
{
	k_timer_stop(&timer);
	helpers_after(fixture);
}

ZTEST_SUITE(exchange, NULL, NULL, unlock_all, after, NULL);

ZTEST(exchange, test_interrupted_at_any_instruction)
{
	uint32_t rounds = 0;

	k_thread_priority_set(k_current_get(), 1);
	helper_start(0, 0, hold_now_and_then, NULL);
	k_timer_start(&timer, K_TICKS(1), K_TICKS(1));
	while (interrupts < INTERRUPTS) {
		/* How long a round takes varies, so that interrupts come everywhere. */
		for (uint32_t i = 0; i < rounds % 8; i++) {
			arch_nop();
		}
		zassert_ok(micrort_heap_lock(), "round %u", rounds);
		zassert_true(SYSTEM_LOCK || micrort_heap_locked() == 1, "round %u", rounds);
		zassert_true(micrort_heap_unlock() == 0 || SYSTEM_LOCK, "round %u", rounds);
		rounds++;
		if (IS_ENABLED(CONFIG_ARCH_POSIX)) {
			/* Its clock stands still while a program runs. */
			k_busy_wait(100);
		}
	}
	finished = true;
	helper_join(0);

	k_timer_stop(&timer);
	TC_PRINT("%u rounds, %u interrupts\n", rounds, interrupts);
	zassert_equal(wrong, 0);
	zassert_equal(micrort_heap_locked(), 0);
	zassert_equal(micrort_heap_unlock(), -EPERM);
}
