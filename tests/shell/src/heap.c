/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief `micrort heap`. That a prompt never stays locked is the matter of tests/kbd_shell.
 */

#include <errno.h>
#include <stdio.h>

#include <zephyr/kernel.h>
#include <zephyr/shell/shell.h>
#include <zephyr/ztest.h>

#include <micrort/micrort.h>

#include "helpers.h"
#include "session.h"

ZTEST_SUITE(heap, NULL, NULL, session_before, session_after, NULL);

ZTEST(heap, test_lock_and_unlock)
{
	EXPECT("micrort heap locked", 0, "depth 0");
	EXPECT("micrort heap lock", 0, "locked, depth 1");
	EXPECT("micrort heap lock", 0, "locked, depth 2");
	EXPECT("micrort heap locked", 0, "depth 2");
	zassert_is_null(k_malloc(8));
	EXPECT("micrort heap unlock", 0, "unlocked, depth 1");
	EXPECT("micrort heap unlock", 0, "unlocked, depth 0");
	zassert_equal(micrort_heap_locked(), 0);
}

ZTEST(heap, test_unlock_at_depth_0)
{
	EXPECT("micrort heap unlock", -EPERM, "the heap is not locked");
	EXPECT("micrort heap locked", 0, "depth 0");
}

ZTEST(heap, test_lock_at_the_largest_depth)
{
	while (micrort_heap_lock() == 0) {
	}
	EXPECT("micrort heap lock", -EOVERFLOW, "not locked: it is as deep as it gets");
	EXPECT("micrort heap locked", 0, "depth 65535");
}

ZTEST(heap, test_stats_of_heap)
{
	struct micrort_heap_refusals record;
	char line[100];

	(void)k_thread_name_set(k_current_get(), "stats");
	zassert_ok(micrort_heap_lock());
	zassert_is_null(k_malloc(40));
	micrort_heap_refusals_get(&record);
	snprintf(line, sizeof(line),
		 "refused: %u, the last one 40 bytes, called from %p, by thread stats",
		 record.count, record.caller);
	EXPECT("micrort heap stats", 0, line);
}

static void be_refused(void *p1, void *p2, void *p3)
{
	ARG_UNUSED(p1);
	ARG_UNUSED(p2);
	ARG_UNUSED(p3);

	(void)micrort_heap_lock();
	(void)k_malloc(24);
}

/** The thread has ended, and had no name. */
ZTEST(heap, test_stats_of_a_thread_without_a_name)
{
	helper_start(0, 0, be_refused, NULL);
	helper_join(0);
	EXPECT("micrort heap stats", 0,
	       "refused: %u, the last one 24 bytes, called from %x, by thread ?");
}

ZTEST(heap, test_wrong_use_of_heap)
{
	EXPECT("micrort heap", SHELL_CMD_HELP_PRINTED, "heap - %s", ANYTHING);
	EXPECT("micrort heap free", -EINVAL, "free: no such subcommand", "heap - %s", ANYTHING);
	EXPECT("micrort heap lock 2", -EINVAL, "lock: wrong parameter count", ANYTHING);
	EXPECT("micrort heap unlock 1", -EINVAL, "unlock: wrong parameter count", ANYTHING);
	EXPECT("micrort heap locked -v", -EINVAL, "locked: wrong parameter count", ANYTHING);
	EXPECT("micrort heap stats -v", -EINVAL, "stats: wrong parameter count", ANYTHING);
	zassert_equal(micrort_heap_locked(), 0);
}
