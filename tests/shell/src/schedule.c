/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief `micrort schedule stats`
 */

#include <errno.h>
#include <stdio.h>

#include <zephyr/kernel.h>
#include <zephyr/ztest.h>

#include <micrort/micrort.h>

#include "executor.h"
#include "session.h"

ZTEST_SUITE(schedule, NULL, NULL, session_before, session_after, NULL);

static void work(void *arg)
{
	ARG_UNUSED(arg);
}

static void task_work(struct micrort_task *task)
{
	ARG_UNUSED(task);
}

static MICRORT_TASK_DEFINE(task, task_work);

ZTEST(schedule, test_stats_of_schedule)
{
	struct micrort_schedule_stats stats;
	char line[120];

	/* Not by the scheduler's lock: another CPU would run them. */
	zassert_ok(micrort_critical_enter());
	zassert_ok(micrort_task_schedule(&task));
	zassert_equal(micrort_task_schedule(&task), MICRORT_TASK_JOINED);
	while (micrort_schedule(work, NULL) == 0) {
	}
	zassert_ok(micrort_task_cancel(&task));
	zassert_ok(micrort_critical_exit());
	settle();

	stats = stats_now();
	zassert_true(stats.refused > 0 && stats.coalesced > 0 && stats.cancelled > 0);
	snprintf(line, sizeof(line),
		 "accepted: %u, run: %u, cancelled: %u, refused: %u, joined: %u, at most queued: %u",
		 stats.accepted, stats.run, stats.cancelled, stats.refused, stats.coalesced,
		 stats.high_water);
	if (IS_ENABLED(CONFIG_MICRORT_SCHEDULE_TIMING)) {
		EXPECT("micrort schedule stats", 0, line, "longest run: %u cycles");
	} else {
		EXPECT("micrort schedule stats", 0, line);
	}
}

ZTEST(schedule, test_wrong_use_of_schedule)
{
	EXPECT("micrort schedule stats -v", -EINVAL, "stats: wrong parameter count", "stats - %s");
}
