/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief stack_use.h: the stack that the caller runs on, and arguments that are refused.
 */

#include <string.h>

#include <zephyr/ztest.h>

#include "executor.h"
#include "helpers.h"
#include "stack_depth.h"

/* Of the main thread, which runs this. */
static int main_used;
static struct micrort_stack_usage main_usage[2];
static int main_result[2];
static k_tid_t main_current;

static void *setup(void)
{
	main_current = k_current_get();
	main_used = micrort_stack_use();
	main_result[0] = micrort_stack_usage_get(NULL, &main_usage[0]);
	main_result[1] = micrort_stack_usage_get(micrort_main_thread(), &main_usage[1]);

	return NULL;
}

ZTEST_SUITE(stack_own, NULL, setup, NULL, helpers_after, NULL);

static int stack_use_at(int levels)
{
	int used;

	call_at_depth(levels, note_stack_use, &used);

	return used;
}

/** micropython/stack_use.py: a number; and it grows with the depth of calls, each time the same */
ZTEST(stack_own, test_grows_with_depth)
{
	int used[12];

	ARRAY_FOR_EACH(used, i) {
		used[i] = stack_use_at(i);
		zassert_true(used[i] > 0);
		zassert_true(i == 0 || used[i] >= used[i - 1] + LEVEL_BYTES);
	}
	ARRAY_FOR_EACH(used, i) {
		zassert_equal(stack_use_at(i), used[i]);
	}
}

/** "NULL for the stack that the caller runs on", or its own k_thread */
ZTEST(stack_own, test_usage)
{
	struct micrort_stack_usage by_null, by_name;
	int used = micrort_stack_use();

	zassert_ok(micrort_stack_usage_get(NULL, &by_null));
	zassert_ok(micrort_stack_usage_get(k_current_get(), &by_name));
	check_usage(&by_null, true);
	check_usage(&by_name, true);
	zassert_equal(by_null.size, by_name.size);
	/* The two calls may differ by some registers. */
	zassert_within((int)by_null.used, used, 256);
	zassert_within((int)by_name.used, used, 256);
	if (OTHERS_KNOWN) {
		zassert_equal(by_null.size, stack_size_of(k_current_get()));
	}
}

/** "the high-water mark, which the reference lacks" */
ZTEST(stack_own, test_high_water)
{
	struct micrort_stack_usage before_it, after_it;
	const int levels = 20;
	int deepest;

	zassert_ok(micrort_stack_usage_get(NULL, &before_it));
	deepest = stack_use_at(levels);
	zassert_true(deepest > micrort_stack_use() + levels * LEVEL_BYTES);
	zassert_ok(micrort_stack_usage_get(NULL, &after_it));
	check_usage(&after_it, true);
	/* What was used is no longer in use. */
	zassert_within((int)after_it.used, (int)before_it.used, 256);
	if (HIGH_WATER_KNOWN) {
		/* The last call may have left some bytes of its frame as they were. */
		zassert_true(after_it.high_water + 64 >= (size_t)deepest);
		zassert_true(after_it.high_water >= before_it.high_water);
		zassert_true(after_it.high_water < after_it.size);
	}
}

static uint32_t cycles_of_use(void)
{
	uint32_t begin = k_cycle_get_32();

	(void)micrort_stack_use();
	return k_cycle_get_32() - begin;
}

static uint32_t cycles_of_usage(void)
{
	struct micrort_stack_usage usage;
	uint32_t begin = k_cycle_get_32();

	(void)micrort_stack_usage_get(NULL, &usage);
	return k_cycle_get_32() - begin;
}

/** Only "the high-water mark takes time in proportion to what was never used". */
ZTEST(stack_own, test_time)
{
	if (!IS_ENABLED(CONFIG_QEMU_ICOUNT) || !HIGH_WATER_KNOWN) {
		TC_PRINT("skipped: cycles count instructions nowhere else, or no stack is searched\n");
		ztest_test_skip();
	}
	TC_PRINT("%u and %u cycles\n", cycles_of_use(), cycles_of_usage());
	zassert_true(10 * cycles_of_use() < cycles_of_usage());
}

/** "for the main thread", by itself and by another thread */
ZTEST(stack_own, test_main_thread)
{
	struct micrort_stack_usage from_here;

	zassert_equal(main_current, micrort_main_thread());
	zassert_not_equal(k_current_get(), micrort_main_thread());
	zassert_true(main_used > 0);
	for (int i = 0; i < 2; i++) {
		zassert_ok(main_result[i]);
		check_usage(&main_usage[i], true);
		zassert_within((int)main_usage[i].used, main_used, 256);
	}
	if (OTHERS_KNOWN) {
		zassert_ok(micrort_stack_usage_get(micrort_main_thread(), &from_here));
		check_usage(&from_here, true);
		zassert_equal(from_here.size, main_usage[0].size);
		zassert_true(from_here.used > 0);
	} else {
		zassert_equal(micrort_stack_usage_get(micrort_main_thread(), &from_here), -ENOTSUP);
	}
}

static int used_in_function;
static k_tid_t ran_in;
static struct micrort_stack_usage usage_in_function;
static int result_in_function;

static void look(void *thread)
{
	ran_in = k_current_get();
	used_in_function = micrort_stack_use();
	result_in_function = micrort_stack_usage_get(thread, &usage_in_function);
}

/** "the work queue": "The thread that scheduled functions run in", or NULL: "whoever polls" */
ZTEST(stack_own, test_executor_thread)
{
	struct micrort_stack_usage usage;
	k_tid_t executor = micrort_executor_thread();

	executor_begin();
	zassert_ok(micrort_schedule(look, executor));
	settle();
	executor_end();
	zassert_ok(result_in_function);
	check_usage(&usage_in_function, true);
	zassert_within((int)usage_in_function.used, used_in_function, 256);
	if (IS_ENABLED(CONFIG_MICRORT_EXECUTOR_POLL)) {
		zassert_is_null(executor);
		return;
	}
	if (EXECUTOR_IS_INTERRUPT) {
		zassert_is_null(executor);
		/* It runs on the stack of interrupts, not on that of the thread which it interrupts. */
		zassert_ok(micrort_stack_usage_get_isr(0, &usage));
		zassert_equal(usage.size, usage_in_function.size);
		return;
	}
	zassert_equal(executor, ran_in);
#if defined(CONFIG_MICRORT_EXECUTOR_SYSTEM)
	zassert_equal(executor, k_work_queue_thread_get(&k_sys_work_q));
#endif
	if (OTHERS_KNOWN) {
		/* Now it waits for work. */
		zassert_ok(micrort_stack_usage_get(executor, &usage));
		check_usage(&usage, true);
		zassert_equal(usage.size, usage_in_function.size);
		zassert_equal(usage.size, stack_size_of(executor));
		if (HIGH_WATER_KNOWN) {
			zassert_true(usage.high_water + 64 >= (size_t)used_in_function);
		}
	} else {
		zassert_equal(micrort_stack_usage_get(executor, &usage), -ENOTSUP);
	}
}

/** "-EINVAL", "left alone if the call fails" */
ZTEST(stack_own, test_bad_arguments_in_stack_own)
{
	static const unsigned int cpus[] = {CONFIG_MP_MAX_NUM_CPUS, 2, 255, 256, INT_MAX, UINT_MAX};
	struct micrort_stack_usage usage, untouched;

	memset(&untouched, 0x5a, sizeof(untouched));
	usage = untouched;
	zassert_equal(micrort_stack_usage_get(NULL, NULL), -EINVAL);
	zassert_equal(micrort_stack_usage_get(k_current_get(), NULL), -EINVAL);
	zassert_equal(micrort_stack_usage_get_isr(0, NULL), -EINVAL);
	ARRAY_FOR_EACH(cpus, i) {
		zassert_equal(micrort_stack_usage_get_isr(cpus[i], &usage), -EINVAL, "%u", cpus[i]);
		zassert_equal(micrort_stack_usage_get_isr(cpus[i], NULL), -EINVAL, "%u", cpus[i]);
	}
	zassert_mem_equal(&usage, &untouched, sizeof(usage));
}
