/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief Issue of the report: "It works with the heap locked, inside a scheduled function, and
 * allocates nothing"; mem_info.h: "Called in an interrupt. Nothing was printed."
 */

#include <string.h>

#include <zephyr/sys/sys_heap.h>
#include <zephyr/ztest.h>

#include "executor.h"
#include "helpers.h"
#include "interrupts.h"
#include "report.h"

static void before(void *fixture)
{
	ARG_UNUSED(fixture);
	captured = (struct capture){0};
}

static void after(void *fixture)
{
	while (micrort_heap_locked() > 0) {
		(void)micrort_heap_unlock();
	}
	helpers_after(fixture);
	zassert_equal(atomic_get(&interrupts_not_real), 0);
}

ZTEST_SUITE(contexts, NULL, NULL, before, after, NULL);

/** Locked, so that whatever it tries to allocate is refused and counted; and the same report. */
ZTEST(contexts, test_locked_heap)
{
	for (int verbose = 0; verbose <= 1; verbose++) {
		static struct report unlocked;
		struct micrort_heap_refusals refusals_before, refusals_after;

		report_take(verbose);
		unlocked = report;
		micrort_heap_refusals_get(&refusals_before);
		zassert_ok(micrort_heap_lock());
		report_take(verbose);
		for (int which = 0; which <= 1; which++) {
			struct micrort_heap_info info;

			(void)micrort_heap_info_get(which, &info);
		}
		zassert_equal(micrort_heap_unlock(), 0);
		micrort_heap_refusals_get(&refusals_after);

		zassert_equal(refusals_after.count, refusals_before.count);
		zassert_equal(report.depth, 1);
		zassert_mem_equal(report.heaps, unlocked.heaps, sizeof(unlocked.heaps));
	}
}

#if SYSTEM_HEAP && defined(CONFIG_SYS_HEAP_RUNTIME_STATS)
extern struct k_heap _system_heap;

/** Unlocked: not even for a moment */
ZTEST(contexts, test_allocates_nothing)
{
	struct sys_memory_stats stats;

	zassert_ok(sys_heap_runtime_stats_reset_max(&_system_heap.heap));
	zassert_ok(micrort_mem_info(&capturing, true));
	zassert_ok(sys_heap_runtime_stats_get(&_system_heap.heap, &stats));
	zassert_equal(stats.max_allocated_bytes, stats.allocated_bytes);
	report_parse(&captured, true);
	zassert_equal(SYSTEM_HEAP_REPORT->allocated, stats.allocated_bytes);
	zassert_equal(SYSTEM_HEAP_REPORT->peak, stats.max_allocated_bytes);
}
#endif

static int result;
static k_tid_t ran_in;
static struct micrort_stack_usage usage;

static void report_in_function(void *verbose)
{
	ran_in = k_current_get();
	result = micrort_mem_info(&capturing, POINTER_TO_INT(verbose));
	(void)micrort_stack_usage_get(NULL, &usage);
}

ZTEST(contexts, test_scheduled_function)
{
	NEEDS_A_THREAD("a report is refused");
	for (int verbose = 0; verbose <= 1; verbose++) {
		before(NULL);
		result = -1;
		executor_begin();
		zassert_ok(micrort_schedule(report_in_function, INT_TO_POINTER(verbose)));
		settle();
		executor_end();
		zassert_ok(result);
		if (micrort_executor_thread() != NULL) {
			zassert_equal(ran_in, micrort_executor_thread());
		}
		report_parse(&captured, verbose);
		if (IS_ENABLED(CONFIG_MICRORT_STACK_USE)) {
			zassert_equal(report.stack_size, usage.size);
		}
	}
}

static void report_in_interrupt(void *verbose)
{
	result = micrort_mem_info(&capturing, POINTER_TO_INT(verbose));
}

static void report_in_interrupt_on_console(void *verbose)
{
	result = micrort_mem_info(NULL, POINTER_TO_INT(verbose));
}

/** "-EWOULDBLOCK: Called in an interrupt. Nothing was printed." */
ZTEST(contexts, test_interrupt_in_contexts)
{
	for (int verbose = 0; verbose <= 1; verbose++) {
		result = 0;
		interrupt_low(report_in_interrupt, INT_TO_POINTER(verbose));
		zassert_equal(result, -EWOULDBLOCK);
		zassert_equal(captured.pieces, 0);
		result = 0;
		interrupt_high(report_in_interrupt_on_console, INT_TO_POINTER(verbose));
		zassert_equal(result, -EWOULDBLOCK);
	}
}

/* The printer lets the other threads in after each piece. */
static int capture_slowly(const char *text, size_t length, void *capture_arg)
{
	k_sleep(K_TICKS(1));

	return capture_piece(text, length, capture_arg);
}

#define REPORTERS 3

static struct capture captures[REPORTERS];
static int results[REPORTERS];

static void report_slowly(void *index_arg, void *p2, void *p3)
{
	int index = POINTER_TO_INT(index_arg);
	struct micrort_printer slow = {.print = capture_slowly, .arg = &captures[index]};

	results[index] = micrort_mem_info(&slow, true);
}

/** "hold no lock while they print": several reports at once, none disturbs another */
ZTEST(contexts, test_several_threads)
{
	memset(captures, 0, sizeof(captures));
	for (int i = 0; i < REPORTERS; i++) {
		results[i] = -1;
		helper_start(i, 5 + i, report_slowly, INT_TO_POINTER(i));
	}
	for (int i = 0; i < REPORTERS; i++) {
		helper_join(i);
		zassert_ok(results[i]);
		report_parse(&captures[i], true);
		for (size_t heap = 0; heap < report.heap_count; heap++) {
			zassert_false(report.heaps[heap].changed);
		}
	}
}
