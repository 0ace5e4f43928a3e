/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief `micrort top`
 */

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <zephyr/kernel.h>
#include <zephyr/sys/util.h>
#include <zephyr/ztest.h>

#include <micrort/micrort.h>

#include "executor.h"
#include "session.h"
#include "terminal.h"

BUILD_ASSERT(IS_ENABLED(CONFIG_MICRORT_SCHEDULE_TIMING), "see testcase.yaml");

#define FUNCTIONS_LINE                                                                             \
	"functions: %s a second, queued: 0, at most: %u, refused: %u, joined: %u"

static void *setup(void)
{
	terminal_begin();

	return NULL;
}

ZTEST_SUITE(top, NULL, setup, session_before, session_after, NULL);

static void busy(void *arg)
{
	ARG_UNUSED(arg);

	k_busy_wait(5 * USEC_PER_MSEC);
}

/** The same lines once more after a second, and with a rate. */
ZTEST(top, test_watching_for_a_second)
{
	const char *printed;
	char function[40];
	int64_t begin;

	zassert_ok(micrort_schedule(busy, NULL));
	settle();
	snprintf(function, sizeof(function), "longest run: %%u cycles, of 0x%08lx",
		 (unsigned long)(uintptr_t)busy);
	begin = k_uptime_get();
	zassert_ok(call("micrort top 1", &printed));
	zassert_between_inclusive(k_uptime_get() - begin, 1000, 2000);
	zassert_not_null(strstr(printed, "functions: ? a second"));
	zassert_not_null(strstr(printed, "functions: 0 a second"));
	zassert_is_null(strchr(printed, '\x1b'));
	expect_lines(strstr(printed, "functions: 0"),
		     (const char *const[]){
			     FUNCTIONS_LINE,
			     function,
			     "allocations refused: %u",
			     "%s     used     most     size",
			     ANYTHING,
			     NULL,
		     },
		     __LINE__);
	for (size_t i = 0; i < 2; i++) {
		static const char *const rows[] = {"interrupts      [", "micrort heap    ["};

		zassert_not_null(strstr(printed, rows[i]), "%s", rows[i]);
	}
}

ZTEST(top, test_a_time_that_is_none)
{
	EXPECT("micrort top 0", -EINVAL, "0: not a number from 1 to 86400");
	EXPECT("micrort top 86401", -EINVAL, "86401: not a number from 1 to 86400");
	EXPECT("micrort top -1", -EINVAL, "-1: not a number from 1 to 86400");
	EXPECT("micrort top x", -EINVAL, "x: not a number from 1 to 86400");
	EXPECT("micrort top 1 2", -EINVAL, "top: wrong parameter count", "top - %s");
}

/** Other keys change nothing; what is typed behind the q is the next command. */
ZTEST(top, test_q_ends_it)
{
	int64_t begin = k_uptime_get();
	const char *shown = type("micrort top\rxyzq");

	zassert_true(k_uptime_get() - begin < 900, "the key was not seen");
	zassert_not_null(strstr(shown, "functions: ? a second"));
	zassert_not_null(strstr(type("micrort kbd_intr\r"), "interrupt character: 3"), "no prompt");
}
