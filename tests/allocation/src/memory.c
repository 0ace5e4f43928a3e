/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief micrort/heap_lock.h, mem_info.h, stack_use.h, qstr.h
 */

#include <errno.h>
#include <string.h>

#include <zephyr/ztest.h>

#include <micrort/micrort.h>

#include "executor.h"
#include "calls.h"

static int discard(const char *text, size_t length, void *pieces)
{
	ARG_UNUSED(text);
	ARG_UNUSED(length);

	(*(int *)pieces)++;

	return 0;
}

CALL(micrort_heap_lock)
{
	zassert_ok(micrort_heap_lock());
}

CALL(micrort_heap_unlock)
{
	zassert_equal(micrort_heap_unlock(), 0);
	zassert_equal(micrort_heap_unlock(), -EPERM);
}

CALL(micrort_heap_locked)
{
	zassert_equal(micrort_heap_locked(), 1);
}

CALL(micrort_heap_may_allocate)
{
	zassert_false(micrort_heap_may_allocate(8));
	refusals_expected = 1;
}

CALL(micrort_heap_refusals_get)
{
	struct micrort_heap_refusals refusals;

	micrort_heap_refusals_get(&refusals);
}

CALL(micrort_malloc)
{
	zassert_is_null(micrort_malloc(16));
	zassert_is_null(micrort_malloc(0));
	zassert_is_null(micrort_malloc(SIZE_MAX));
	refusals_expected = 3;
}

CALL(micrort_free)
{
	micrort_free(block);
	block = NULL;
	micrort_free(NULL);
}

CALL(micrort_mem_info)
{
	int pieces = 0;
	const struct micrort_printer printer = {discard, &pieces};

	zassert_ok(micrort_mem_info(&printer, false));
	zassert_ok(micrort_mem_info(&printer, true));
	zassert_true(pieces > 5);
	zassert_ok(micrort_mem_info(NULL, true));
}

CALL(micrort_heap_info_get)
{
	struct micrort_heap_info info;

	zassert_ok(micrort_heap_info_get(MICRORT_HEAP_ID_SYSTEM, &info));
	zassert_equal(micrort_heap_info_get(MICRORT_HEAP_ID_ARENA, &info),
		      IS_ENABLED(CONFIG_MICRORT_HEAP_ARENA) ? 0 : -ENOTSUP);
	zassert_equal(micrort_heap_info_get(2, &info), -EINVAL);
}

CALL(micrort_stack_use)
{
	zassert_true(micrort_stack_use() > 0);
}

CALL(micrort_stack_usage_get)
{
	struct micrort_stack_usage usage;

	zassert_ok(micrort_stack_usage_get(NULL, &usage));
	zassert_equal(micrort_stack_usage_get(NULL, NULL), -EINVAL);
}

CALL(micrort_stack_usage_get_isr)
{
	struct micrort_stack_usage usage;

	zassert_equal(micrort_stack_usage_get_isr(0, &usage),
		      IS_ENABLED(CONFIG_ARCH_POSIX) ? -ENOTSUP : 0);
}

CALL(micrort_main_thread)
{
	zassert_not_null(micrort_main_thread());
}

CALL(micrort_executor_thread)
{
	zassert_equal(micrort_executor_thread() == NULL,
		      EXECUTOR_IS_POLL || EXECUTOR_IS_INTERRUPT);
}

CALL(micrort_qstr_from_str)
{
	zassert_true(micrort_qstr_from_str(KNOWN) > 0);
	zassert_equal(micrort_qstr_from_str("new to micrort_qstr_from_str"), -ENOMEM);
	refusals_expected = 1;
}

CALL(micrort_qstr_from_strn)
{
	zassert_true(micrort_qstr_from_strn(KNOWN, strlen(KNOWN)) > 0);
	zassert_equal(micrort_qstr_from_strn("new\0to micrort_qstr_from_strn", 10), -ENOMEM);
	refusals_expected = 1;
}

CALL(micrort_qstr_find_strn)
{
	zassert_true(micrort_qstr_find_strn(KNOWN, strlen(KNOWN)) > 0);
	zassert_equal(micrort_qstr_find_strn("not there", 9), -ENOENT);
}

CALL(micrort_qstr_str)
{
	zassert_ok(strcmp(micrort_qstr_str(micrort_qstr_from_str(KNOWN)), KNOWN));
	zassert_is_null(micrort_qstr_str(0));
}

CALL(micrort_qstr_len)
{
	zassert_equal(micrort_qstr_len(micrort_qstr_from_str(KNOWN)), strlen(KNOWN));
	zassert_equal(micrort_qstr_len(UINT16_MAX), -ENOENT);
}

CALL(micrort_qstr_stats_get)
{
	struct micrort_qstr_stats stats;

	micrort_qstr_stats_get(&stats);
	zassert_true(stats.strings >= 1);
}

CALL(micrort_qstr_info)
{
	int pieces = 0;
	const struct micrort_printer printer = {discard, &pieces};

	zassert_ok(micrort_qstr_info(&printer, false));
	zassert_ok(micrort_qstr_info(&printer, true));
	zassert_true(pieces >= 3);
	zassert_ok(micrort_qstr_info(NULL, true));
}
