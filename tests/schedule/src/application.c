/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief design.md, "schedule": "Where functions run is a Kconfig choice: [...] a work queue that
 * the application names"
 */

#include <zephyr/ztest.h>

#include "executor.h"

#define STACK_SIZE 2048

static K_THREAD_STACK_DEFINE(stack, STACK_SIZE);
static struct k_work_q queue, another_queue;

static void start_queue(void)
{
	static const struct k_work_queue_config config = {.name = "application", .essential = true};

	k_work_queue_start(&queue, stack, K_THREAD_STACK_SIZEOF(stack), EXECUTOR_PRIORITY, &config);
}

/* The suite that sorts first: the others need the queue. */
ZTEST_SUITE(application, NULL, NULL, NULL, NULL, NULL);

ZTEST(application, test_what_is_scheduled_waits_for_the_queue)
{
	uint32_t queued_at_boot = stats_now().accepted;

	trace_reset();
	for (int i = 0; i < 4; i++) {
		queue_number(i);
	}
	let_others_run();
	zassert_equal(stats_now().run, 0, "there is no queue to run on");
	zassert_is_null(micrort_executor_thread());

	zassert_equal(micrort_executor_start_on(NULL), -EINVAL);
	zassert_ok(micrort_executor_start_on(&queue));
	let_others_run();
	zassert_equal(stats_now().run, 0, "the queue has not been started");

	start_queue();
	zassert_equal(micrort_executor_start_on(&queue), -EALREADY);
	zassert_equal(micrort_executor_start_on(&another_queue), -EALREADY);
	settle();
	TRACE_EXPECT(0, 1, 2, 3);
	zassert_equal(stats_now().run, queued_at_boot + 4);
	zassert_equal(micrort_executor_thread(), k_work_queue_thread_get(&queue));
}
