/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief CONFIG_MICRORT_MEM_INFO=n and CONFIG_MICRORT_STACK_USE=n: every call answers -ENOTSUP.
 */

#include <string.h>

#include <zephyr/ztest.h>

#include <micrort/micrort.h>

#include "interrupts.h"

ZTEST_SUITE(off, NULL, NULL, NULL, NULL, NULL);

static unsigned int printed;

static int count(const char *text, size_t length, void *arg)
{
	printed++;

	return 0;
}

static unsigned int calls;
static unsigned int others;

static void expect_not_supported(int ret)
{
	calls++;
	others += ret != -ENOTSUP;
}

static void call_all(void *untouched)
{
	static const struct micrort_printer printer = {.print = count};
	struct micrort_heap_info info;
	struct micrort_stack_usage usage;

	memset(&info, 0x5a, sizeof(info));
	memset(&usage, 0x5a, sizeof(usage));
	for (int verbose = 0; verbose <= 1; verbose++) {
		expect_not_supported(micrort_mem_info(&printer, verbose));
		expect_not_supported(micrort_mem_info(NULL, verbose));
	}
	expect_not_supported(micrort_heap_info_get(MICRORT_HEAP_ID_SYSTEM, &info));
	expect_not_supported(micrort_heap_info_get(MICRORT_HEAP_ID_ARENA, &info));
	expect_not_supported(micrort_stack_use());
	expect_not_supported(micrort_stack_usage_get(NULL, &usage));
	expect_not_supported(micrort_stack_usage_get(k_current_get(), &usage));
	expect_not_supported(micrort_stack_usage_get(micrort_main_thread(), &usage));
	expect_not_supported(micrort_stack_usage_get_isr(0, &usage));
	/* "left alone if the call fails" */
	others += memcmp(&info, untouched, sizeof(info)) != 0;
	others += memcmp(&usage, untouched, sizeof(usage)) != 0;
}

ZTEST(off, test_not_supported)
{
	static uint8_t untouched[MAX(sizeof(struct micrort_heap_info),
				     sizeof(struct micrort_stack_usage))];

	memset(untouched, 0x5a, sizeof(untouched));
	calls = 0;
	others = 0;
	call_all(untouched);
	interrupt_low(call_all, untouched);
	zassert_equal(calls, 2 * 11);
	zassert_equal(others, 0);
	zassert_equal(printed, 0);
}

/** Also then */
ZTEST(off, test_bad_arguments_in_off)
{
	zassert_equal(micrort_stack_usage_get(NULL, NULL), -EINVAL);
	zassert_equal(micrort_stack_usage_get_isr(0, NULL), -EINVAL);
	zassert_true(micrort_heap_info_get(MICRORT_HEAP_ID_SYSTEM, NULL) < 0);
	zassert_true(micrort_heap_info_get(-1, NULL) < 0);
}
