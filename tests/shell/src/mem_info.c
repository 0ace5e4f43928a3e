/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief `micrort mem_info`, and a report that ends half way.
 */

#include <errno.h>

#include <zephyr/kernel.h>
#include <zephyr/ztest.h>

#include <micrort/micrort.h>

#include "session.h"

#define TOTALS "GC: total: %u, used: %u, free: %u"
#define BLOCKS " No. of 1-blocks: %u, 2-blocks: %u, max blk sz: %u, max free sz: %u"
#define MAP    "GC memory layout; from %x:"
#define ROW    "00000000: %s"
#define PEAK   "peak: %u, allocated: %u"
#define STACK  "stack: %u out of %u"
#define LOCK   "lock: depth: 0, refused: %s"

ZTEST_SUITE(mem_info, NULL, NULL, session_before, session_after, NULL);

ZTEST(mem_info, test_plain)
{
	if (IS_ENABLED(CONFIG_MICRORT_HEAP_ARENA)) {
		EXPECT("micrort mem_info", 0, STACK, TOTALS, BLOCKS, PEAK, "system heap:", TOTALS,
		       BLOCKS, PEAK, LOCK);
	} else {
		EXPECT("micrort mem_info", 0, STACK, TOTALS, BLOCKS, LOCK);
	}
}

ZTEST(mem_info, test_verbose_of_mem_info)
{
	/* Something is used in the first row of each map. */
	void *of_kernel = k_malloc(16);
	void *of_micrort = micrort_malloc(16);

	if (IS_ENABLED(CONFIG_MICRORT_HEAP_ARENA)) {
		EXPECT("micrort mem_info -v", 0, STACK, TOTALS, BLOCKS, MAP, ROW, ANYTHING, PEAK,
		       "system heap:", TOTALS, BLOCKS, MAP, ROW, ANYTHING, PEAK,
		       LOCK);
	} else {
		EXPECT("micrort mem_info -v", 0, STACK, TOTALS, BLOCKS, MAP, ROW, ANYTHING,
		       LOCK);
	}
	micrort_free(of_micrort);
	k_free(of_kernel);
}

/** "Ctrl-C stops a long command": the printer ends the report, which is half way then. */
ZTEST(mem_info, test_interrupt_ends_the_report)
{
	zassert_ok(micrort_kbd_intr_attach());
	zassert_ok(micrort_kbd_intr_raise());
	EXPECT("micrort mem_info -v", -EINTR, STACK);
	EXPECT("micrort mem_info -v", 0, STACK, ANYTHING);
}

ZTEST(mem_info, test_wrong_use_of_mem_info)
{
	EXPECT("micrort mem_info x", -EINVAL, "x: not -v");
	EXPECT("micrort mem_info v", -EINVAL, "v: not -v");
	EXPECT("micrort mem_info -vv", -EINVAL, "-vv: not -v");
	EXPECT("micrort mem_info \"\"", -EINVAL, ": not -v");
	EXPECT("micrort mem_info 1", -EINVAL, "1: not -v");
	EXPECT("micrort mem_info -v x", -EINVAL, "mem_info: wrong parameter count",
	       "mem_info - %s", ANYTHING);
}
