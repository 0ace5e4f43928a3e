/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/* Twister sees cases in C only. The async tasks are those of lib.rs, which note numbers. */

#include <zephyr/kernel.h>
#include <zephyr/ztest.h>

#include <micrort/micrort.h>

#include "interrupts.h"

/* Of lib.rs. */
bool app_start(void);
void app_wake(uint32_t id);
bool app_wake_in_nested_sections(uint32_t id);
bool app_spawn_sleeper(uint32_t microseconds, uint32_t times);

static uint32_t order;

/* Appends a digit. */
void app_note(uint32_t digit)
{
	order = order * 10 + digit;
}

static void note(void *digit)
{
	app_note(POINTER_TO_UINT(digit));
}

/* In an interrupt. */
static void wake(void *id)
{
	app_wake(POINTER_TO_UINT(id));
}

static uint32_t order_of_all(void)
{
	uint32_t noted;

	zassert_ok(micrort_flush());
	noted = order;
	order = 0;

	return noted;
}

static void *start(void)
{
	zassert_true(app_start());
	zassert_false(app_start(), "its tasks run already");

	return NULL;
}

static void before(void *fixture)
{
	ARG_UNUSED(fixture);

	(void)order_of_all();
}

static void after(void *fixture)
{
	ARG_UNUSED(fixture);

	k_thread_priority_set(k_current_get(), CONFIG_ZTEST_THREAD_PRIORITY);
}

ZTEST_SUITE(embassy, NULL, start, before, after, NULL);

ZTEST(embassy, test_one_order)
{
	zassert_ok(micrort_critical_enter());
	zassert_ok(micrort_schedule(note, UINT_TO_POINTER(1)));
	interrupt_low(wake, UINT_TO_POINTER(2));
	zassert_ok(micrort_schedule(note, UINT_TO_POINTER(3)));
	zassert_equal(order, 0);
	zassert_ok(micrort_critical_exit());
	zassert_equal(order_of_all(), 123);
}

ZTEST(embassy, test_region_holds_off)
{
	zassert_ok(micrort_critical_enter());
	interrupt_low(wake, UINT_TO_POINTER(1));
	k_msleep(50);
	zassert_equal(order, 0);
	zassert_ok(micrort_critical_exit());
	zassert_equal(order_of_all(), 1);
}

ZTEST(embassy, test_reset_forgets_none)
{
	zassert_ok(micrort_critical_enter());
	interrupt_low(wake, UINT_TO_POINTER(1));
	zassert_ok(micrort_reset(0, NULL));
	zassert_equal(order_of_all(), 1);
	interrupt_low(wake, UINT_TO_POINTER(2));
	zassert_equal(order_of_all(), 2);
}

/* What a thread wakes with interrupts masked preempts it when they are not masked any more. */
ZTEST(embassy, test_section_ends_with_a_switch)
{
	k_thread_priority_set(k_current_get(), 5);
	app_wake(1);
	zassert_equal(order, 1);
	zassert_true(app_wake_in_nested_sections(2));
	zassert_equal(order, 12);
}

static uint32_t sleeps;
static uint32_t early;
static uint32_t longest;

/* A sleep of a timer's, in cycles. */
void app_slept(uint32_t microseconds, uint32_t cycles)
{
	sleeps++;
	early += (cycles < k_us_to_cyc_floor32(microseconds));
	longest = MAX(longest, k_cyc_to_us_ceil32(cycles) - MIN(microseconds, k_cyc_to_us_ceil32(cycles)));
}

uint32_t app_cycles(void)
{
	return k_cycle_get_32();
}

ZTEST(embassy, test_timer_is_never_early)
{
	static const uint32_t microseconds[] = {1, 700, 999, 1000, 1001, 2500, 33333};

	/* Below the executor. */
	k_thread_priority_set(k_current_get(), 5);
	sleeps = 0;
	early = 0;
	longest = 0;
	ARRAY_FOR_EACH(microseconds, i) {
		zassert_true(app_spawn_sleeper(microseconds[i], 20));
	}
	/* Threads meanwhile do not start on a tick. */
	for (int i = 0; i < 200 && sleeps < 20 * ARRAY_SIZE(microseconds); i++) {
		k_busy_wait(1237);
		k_msleep(20);
	}
	zassert_equal(sleeps, 20 * ARRAY_SIZE(microseconds));
	zassert_equal(early, 0);
	/* The tick in which it began, and that of its end; a third one for what others run. */
	TC_PRINT("late by %u us at most\n", longest);
	zassert_true(longest <= 3 * USEC_PER_SEC / CONFIG_SYS_CLOCK_TICKS_PER_SEC);
}
