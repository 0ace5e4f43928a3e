/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief mem_info.h, micrort_mem_info(): the lines, in their order.
 *
 * report_parse() fails on whatever else is printed.
 */

#include <string.h>

#include <zephyr/ztest.h>

#include "report.h"

ZTEST_SUITE(lines, NULL, NULL, NULL, NULL, NULL);

static void compare(const struct heap_report *heap, int which, bool verbose)
{
	struct micrort_heap_info info = heap_info_now(which);

	zassert_equal(heap->total, info.total);
	zassert_equal(heap->used, info.used);
	zassert_equal(heap->free, info.free);
	zassert_equal(heap->one_blocks, info.one_blocks);
	zassert_equal(heap->two_blocks, info.two_blocks);
	zassert_equal(heap->max_block, info.max_block);
	zassert_equal(heap->max_free, info.max_free);
	zassert_equal(heap->allocated, info.allocated);
	zassert_equal(heap->peak, info.peak);
	zassert_false(heap->changed);
	zassert_equal(heap->cell_count, verbose ? info.total / info.block_size : 0);
}

/** micropython/meminfo.py, plain and verbose */
ZTEST(lines, test_report)
{
	for (int verbose = 0; verbose <= 1; verbose++) {
		struct micrort_heap_refusals refusals;

		report_take(verbose);
		zassert_equal(report.heap_count, (ARENA ? 1 : 0) + (SYSTEM_HEAP ? 1 : 0));
		if (ARENA) {
			compare(ARENA_REPORT, MICRORT_HEAP_ID_ARENA, verbose);
		}
		if (SYSTEM_HEAP) {
			compare(SYSTEM_HEAP_REPORT, MICRORT_HEAP_ID_SYSTEM, verbose);
		}
		micrort_heap_refusals_get(&refusals);
		zassert_equal(report.depth, 0);
		zassert_equal(report.refused, refusals.count);
		zassert_equal(report.has_last, refusals.count != 0);
		zassert_equal(report.last, refusals.size);
	}
}

/** "`stack: %u out of %u`: bytes in use on the caller's stack, and its size" */
ZTEST(lines, test_stack)
{
	struct micrort_stack_usage usage = {0};

	report_take(false);
	if (IS_ENABLED(CONFIG_MICRORT_STACK_USE)) {
		zassert_ok(micrort_stack_usage_get(NULL, &usage));
		zassert_equal(report.stack_size, usage.size);
		/* The report is made deeper in the stack. */
		zassert_between_inclusive(report.stack_used, usage.used, usage.used + 1024);
	} else {
		zassert_equal(micrort_stack_use(), -ENOTSUP);
	}
}

/** "heap totals [...]; refusals": the line of the heap lock */
ZTEST(lines, test_heap_lock)
{
	unsigned long refused;

	report_take(false);
	refused = report.refused;
	zassert_ok(micrort_heap_lock());
	zassert_ok(micrort_heap_lock());
	zassert_is_null(micrort_malloc(77));
	report_take(false);
	zassert_equal(micrort_heap_unlock(), 1);
	zassert_equal(micrort_heap_unlock(), 0);
	zassert_equal(report.depth, 2);
	zassert_equal(report.refused, refused + 1);
	zassert_true(report.has_last);
	zassert_equal(report.last, 77);
	report_take(false);
	zassert_equal(report.depth, 0);
}

static struct capture on_console;

static int catch_character(int character)
{
	char text = (char)character;

	if (on_console.length < sizeof(on_console.text) - 1) {
		on_console.text[on_console.length++] = text;
	}

	return character;
}

/* Kernel functions without a header. */
void __printk_hook_install(int (*hook)(int));
void *__printk_get_hook(void);

static int print_on_console(const struct micrort_printer *printer, bool verbose)
{
	int (*console)(int) = __printk_get_hook();
	int ret;

	on_console = (struct capture){0};
	__printk_hook_install(catch_character);
	ret = micrort_mem_info(printer, verbose);
	__printk_hook_install(console);

	return ret;
}

/** print.h: "NULL stands for printk()" */
ZTEST(lines, test_printk)
{
	for (int verbose = 0; verbose <= 1; verbose++) {
		const char *heaps = SYSTEM_HEAP || ARENA ? "GC:" : "lock:";

		captured = (struct capture){0};
		zassert_ok(micrort_mem_info(&capturing, verbose));
		zassert_ok(print_on_console(NULL, verbose));
		zassert_str_equal(strstr(on_console.text, heaps), strstr(captured.text, heaps));
		report_parse(&on_console, verbose);
	}
}
