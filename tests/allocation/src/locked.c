/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief "Every call of the module, made with the heap locked, allocates nothing or fails as
 * documented".
 */

#include <zephyr/kernel.h>
#include <zephyr/ztest.h>

#include <micrort/micrort.h>

#include "allocations.h"
#include "calls.h"
#include "executor.h"

static const struct {
	const char *name;
	void (*call)(void);
} functions[] = {
#define FUNCTION(_function) {#_function, call_##_function},
#include "functions.inc"
#undef FUNCTION
};

void *block;
unsigned int refusals_expected;

static uint32_t counted(void)
{
	return micrort_exception_counted();
}

/** Everything that can hold memory holds some. */
static void prepare(void)
{
	zassert_ok(micrort_alloc_emergency_exception_buf(256));
	zassert_ok(micrort_raise(&micrort_exc_value_error, "before the heap was locked"));
	zassert_true(micrort_qstr_from_str(KNOWN) > 0);
	block = micrort_malloc(24);
	zassert_not_null(block);
	refusals_expected = 0;
}

static void clean_up(void *fixture)
{
	ARG_UNUSED(fixture);

	while (micrort_heap_unlock() >= 0) {
	}
	while (micrort_critical_exit() == 0) {
	}
	(void)micrort_check();
	(void)micrort_kbd_intr_detach();
	(void)micrort_kbd_intr(3);
	(void)micrort_opt_level_set(0);
	settle();
	(void)micrort_exception_clear();
	(void)micrort_alloc_emergency_exception_buf(0);
	micrort_free(block);
	block = NULL;
}

ZTEST_SUITE(allocation, NULL, NULL, NULL, clean_up, NULL);

ZTEST(allocation, test_no_function_allocates_with_the_heap_locked)
{
	for (size_t i = 0; i < ARRAY_SIZE(functions); i++) {
		const char *name = functions[i].name;
		struct allocations before;
		struct allocations after;
		uint32_t lost;

		prepare();
		zassert_ok(micrort_heap_lock());
		before = allocations_now();
		lost = counted();
		functions[i].call();
		after = allocations_now();

		zassert_equal(after.calls, before.calls, "%s asked a heap", name);
		zassert_true(after.allocated <= before.allocated, "%s", name);
		zassert_equal(after.peak, before.peak, "%s", name);
		zassert_true(after.arena_allocated <= before.arena_allocated, "%s", name);
		zassert_equal(after.arena_peak, before.arena_peak, "%s", name);
		zassert_equal(after.refused - before.refused, refusals_expected, "%s: %u refused",
			      name, after.refused - before.refused);
		zassert_equal(counted(), lost, "%s: an exception was lost", name);
		clean_up(NULL);
	}
	zassert_true(ARRAY_SIZE(functions) > 40, "the list is not whole");
}

/** The counters see what the table must not do. */
ZTEST(allocation, test_allocations_are_seen)
{
	struct allocations before;
	struct allocations after;

	/* Without a hole in front of what is used. */
	before = allocations_now();
	block = micrort_malloc(200);
	zassert_not_null(block);
	after = allocations_now();
	if (IS_ENABLED(CONFIG_MICRORT_HEAP_ARENA)) {
		zassert_true(after.arena_allocated >= before.arena_allocated + 200);
		zassert_true(after.arena_peak >= after.arena_allocated);
	} else {
		zassert_equal(after.calls, before.calls + 1);
		zassert_true(after.allocated >= before.allocated + 200);
		zassert_true(after.peak >= after.allocated);
	}
	zassert_equal(after.refused, before.refused);
}
