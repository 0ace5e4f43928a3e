/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

#include <string.h>

#include <zephyr/ztest.h>

#include "stack_depth.h"

__attribute__((noinline)) void call_at_depth(int levels, void (*fn)(void *arg), void *arg)
{
	volatile uint8_t ballast[LEVEL_BYTES];

	/* All of it, or a compiler may keep only what is used. */
	ARRAY_FOR_EACH(ballast, i) {
		ballast[i] = (uint8_t)levels;
	}
	if (levels == 0) {
		fn(arg);
	} else {
		call_at_depth(levels - 1, fn, arg);
	}
	/* No tail call. */
	ballast[LEVEL_BYTES - 1] = ballast[0];
}

void note_stack_use(void *result)
{
	*(int *)result = micrort_stack_use();
}

size_t stack_size_of(k_tid_t thread)
{
#if defined(CONFIG_THREAD_STACK_INFO)
	return thread->stack_info.size;
#else
	ARG_UNUSED(thread);

	return 0;
#endif
}

void check_usage(const struct micrort_stack_usage *usage, bool used_known)
{
	zassert_not_equal(usage->size, MICRORT_STACK_UNKNOWN);
	zassert_true(usage->size > 0);
	zassert_equal(usage->used != MICRORT_STACK_UNKNOWN, used_known);
	zassert_equal(usage->high_water != MICRORT_STACK_UNKNOWN, HIGH_WATER_KNOWN);
	if (used_known) {
		zassert_true(usage->used <= usage->size);
	}
	if (HIGH_WATER_KNOWN) {
		zassert_true(usage->high_water <= usage->size);
		zassert_true(!used_known || usage->used <= usage->high_water);
	}
}
