/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief "the swap is atomic against interrupts": a timer raises all the time while the buffer is
 * replaced, and what it raised is taken.
 */

#include <stdlib.h>

#include <zephyr/sys/sys_heap.h>

#include "exceptions.h"

#define SWAPS  3000
/* Time enough for what goes on in between, on the slowest board. */
#define PERIOD K_MSEC(3)

extern struct k_heap _system_heap;

ZTEST_SUITE(storm, NULL, NULL, exceptions_before, exceptions_after, NULL);

static struct {
	uint32_t attempts;
	uint32_t kept;
	uint32_t only_counted;
	uint32_t wrong;
} in_interrupt;

static void raise_next(struct k_timer *timer)
{
	uint32_t number = ++in_interrupt.attempts;
	int ret;

	ARG_UNUSED(timer);
	ret = micrort_raise(&sensor_error, "%u %s", number, "abcdefghijklmnopqrstuvwxyz");
	if (ret >= 0) {
		in_interrupt.kept++;
	} else if (ret == -ENOBUFS) {
		in_interrupt.only_counted++;
	} else {
		in_interrupt.wrong++;
	}
}

static K_TIMER_DEFINE(timer, raise_next, NULL);

/* Numbers grow, and the text is whole or cut, never anything else. */
static void check(const struct micrort_exception *taken, uint32_t *last)
{
	char whole[64];
	size_t length = strlen(taken_text);
	uint32_t number;

	zassert_equal(taken->type, &sensor_error);
	zassert_true(taken->in_isr);
	number = strtoul(taken_text, NULL, 10);
	if (number == 0) {
		zassert_not_equal(taken->lost & LOST_TEXT, 0);
		return;
	}
	zassert_true(number > *last, "%u after %u", number, *last);
	*last = number;
	snprintk(whole, sizeof(whole), "%u %s", number, "abcdefghijklmnopqrstuvwxyz");
	if ((taken->lost & LOST_TEXT) != 0) {
		zassert_true(length >= 3);
		zassert_str_equal(taken_text + length - 3, "...");
		taken_text[length - 3] = '\0';
		whole[length - 3] = '\0';
	}
	zassert_str_equal(taken_text, whole);
}

/* The timer may be faster than this. */
static uint32_t take_some(uint32_t most, uint32_t *last)
{
	struct micrort_exception taken = {.text = taken_text, .text_size = sizeof(taken_text)};
	uint32_t count = 0;

	while (count < most && micrort_exception_take(&taken) == 0) {
		check(&taken, last);
		count++;
	}
	return count;
}

ZTEST(storm, test_swaps_while_an_interrupt_raises)
{
	uint32_t swapped = 0;
	uint32_t busy = 0;
	uint32_t taken = 0;
	uint32_t last = 0;

	memset(&in_interrupt, 0, sizeof(in_interrupt));
	k_timer_start(&timer, K_TICKS(1), PERIOD);
	for (int i = 0; i < SWAPS; i++) {
		int ret = micrort_alloc_emergency_exception_buf(i * 13 % 200);

		swapped += ret == 0;
		busy += ret == -EBUSY;
		zassert_true(ret == 0 || ret == -EBUSY, "%d", ret);
		if (i % 4 == 0) {
			taken += take_some(4, &last);
		}
		/* A simulated clock stands still else; waits of many lengths meet many places. */
		k_busy_wait(i % 17 * 10);
	}
	k_timer_stop(&timer);
	taken += take_some(UINT32_MAX, &last);
	printk("%u swaps, %u busy, %u raised, %u taken\n", swapped, busy, in_interrupt.attempts,
	       taken);
	zassert_equal(in_interrupt.wrong, 0);
	zassert_equal(taken, in_interrupt.kept);
	zassert_equal(micrort_exception_counted(), in_interrupt.only_counted);
	zassert_equal(in_interrupt.attempts, in_interrupt.kept + in_interrupt.only_counted);
	zassert_true(swapped > SWAPS / 4, "%u", swapped);
	zassert_true(busy > 0);
	zassert_true(in_interrupt.kept > 20, "%u", in_interrupt.kept);
	zassert_true(sys_heap_validate(&_system_heap.heap));
}

/** The same against readers: a record that is copied or printed is not one that is raised. */
ZTEST(storm, test_reading_while_an_interrupt_raises)
{
	uint32_t last = 0;
	uint32_t taken = 0;

	zassert_ok(micrort_alloc_emergency_exception_buf(200));
	memset(&in_interrupt, 0, sizeof(in_interrupt));
	k_timer_start(&timer, K_TICKS(1), PERIOD);
	for (int i = 0; i < SWAPS; i++) {
		taken += take_some(4, &last);
		k_busy_wait(i % 17 * 10);
	}
	k_timer_stop(&timer);
	taken += take_some(UINT32_MAX, &last);
	zassert_equal(taken, in_interrupt.kept);
	zassert_equal(micrort_exception_counted(), in_interrupt.only_counted);
	zassert_true(in_interrupt.kept > 20, "%u", in_interrupt.kept);
}
