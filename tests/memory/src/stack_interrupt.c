/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief stack_use.h: the interrupt stack, from inside an interrupt and from a thread.
 */

#include <string.h>

#include <zephyr/ztest.h>

#include "helpers.h"
#include "interrupts.h"
#include "stack_depth.h"

static void after(void *fixture)
{
	ARG_UNUSED(fixture);
	zassert_equal(atomic_get(&interrupts_not_real), 0);
}

ZTEST_SUITE(stack_interrupt, NULL, NULL, NULL, after, NULL);

/* What an interrupt finds. */
static int used[8];
static int result[3];
static struct micrort_stack_usage own, isr, thread;

static void look(void *arg)
{
	ARG_UNUSED(arg);
	ARRAY_FOR_EACH(used, i) {
		call_at_depth(i, note_stack_use, &used[i]);
	}
	result[0] = micrort_stack_usage_get(NULL, &own);
	result[1] = micrort_stack_usage_get_isr(0, &isr);
	result[2] = micrort_stack_usage_get(k_current_get(), &thread);
}

static void check_growth(void)
{
	ARRAY_FOR_EACH(used, i) {
		zassert_true(used[i] > 0);
		zassert_true(i == 0 || used[i] >= used[i - 1] + LEVEL_BYTES);
	}
}

/** "That is its thread's, or in an interrupt the interrupt's." */
ZTEST(stack_interrupt, test_inside)
{
	int used_in_thread;

	interrupt_low(look, NULL);
	used_in_thread = micrort_stack_use();
	check_growth();
	zassert_ok(result[0]);
	check_usage(&own, true);
	zassert_within((int)own.used, used[0], 256);
	if (!OTHERS_KNOWN) {
		zassert_equal(result[1], -ENOTSUP);
		return;
	}
	zassert_ok(result[1]);
	check_usage(&isr, true);
	zassert_within((int)isr.used, used[0], 256);
	zassert_equal(own.size, isr.size);
	zassert_within((int)isr.size, CONFIG_ISR_STACK_SIZE, 256);
	if (HIGH_WATER_KNOWN) {
		zassert_true(isr.high_water + 64 >= (size_t)used[7]);
	}
	/* The thread that was interrupted: not the interrupt's stack. */
	zassert_ok(result[2]);
	check_usage(&thread, IS_ENABLED(CONFIG_CPU_CORTEX_M));
	zassert_equal(thread.size, stack_size_of(k_current_get()));
	if (IS_ENABLED(CONFIG_CPU_CORTEX_M)) {
		zassert_within((int)thread.used, used_in_thread, 400);
	}
}

static void interrupt_again(void *arg)
{
	used[0] = micrort_stack_use();
	interrupt_high(look, arg);
}

/** An interrupt in an interrupt uses more of the same stack. */
ZTEST(stack_interrupt, test_nested)
{
	static int outer;

	if (!INTERRUPTS_NEST) {
		TC_PRINT("skipped: interrupts do not nest here\n");
		ztest_test_skip();
	}
	interrupt_low(note_stack_use, &outer);
	interrupt_low(interrupt_again, NULL);
	check_growth();
	zassert_true(used[0] > outer);
	zassert_ok(result[1]);
	check_usage(&isr, true);
	check_usage(&thread, IS_ENABLED(CONFIG_CPU_CORTEX_M));
}

/** From a thread: the only CPU is in no interrupt, so nothing of it is in use. */
ZTEST(stack_interrupt, test_from_a_thread)
{
	struct micrort_stack_usage usage, untouched;

	memset(&untouched, 0x5a, sizeof(untouched));
	usage = untouched;
	interrupt_low(look, NULL);
	if (!OTHERS_KNOWN) {
		zassert_equal(micrort_stack_usage_get_isr(0, &usage), -ENOTSUP);
		zassert_mem_equal(&usage, &untouched, sizeof(usage));
		return;
	}
	zassert_ok(micrort_stack_usage_get_isr(0, &usage));
	check_usage(&usage, true);
	zassert_equal(usage.used, 0);
	zassert_within((int)usage.size, CONFIG_ISR_STACK_SIZE, 256);
	if (HIGH_WATER_KNOWN) {
		zassert_true(usage.high_water + 64 >= (size_t)used[7]);
		zassert_true(usage.high_water < usage.size);
	}
}

static K_SEM_DEFINE(waiting, 0, 1);

static void wait_for_ever(void *p1, void *p2, void *p3)
{
	k_sem_give(&waiting);
	k_sleep(K_FOREVER);
}

static struct micrort_stack_usage usage_of_other;

static void look_at_other(void *other)
{
	result[0] = micrort_stack_usage_get(other, &usage_of_other);
	result[1] = micrort_stack_usage_get(micrort_main_thread(), &usage_of_other);
	result[2] = micrort_stack_usage_get(other, NULL);
}

/** "\isr_ok": of other threads too */
ZTEST(stack_interrupt, test_other_threads_from_inside)
{
	k_tid_t other = helper_start(0, 0, wait_for_ever, NULL);

	zassert_ok(k_sem_take(&waiting, PATIENCE));
	interrupt_low(look_at_other, other);
	helper_abort(0);
	zassert_equal(result[0], OTHERS_KNOWN ? 0 : -ENOTSUP);
	zassert_equal(result[1], OTHERS_KNOWN ? 0 : -ENOTSUP);
	zassert_equal(result[2], -EINVAL);
	if (OTHERS_KNOWN) {
		check_usage(&usage_of_other, true);
	}
}
