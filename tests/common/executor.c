/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

#include <zephyr/ztest.h>

#include "executor.h"
#include "helpers.h"

#define PATIENCE_MS 5000

#define NUMBERED_TASKS 64

static void run_numbered(struct micrort_task *task);

static struct micrort_task numbered[NUMBERED_TASKS] = {
	[0 ... NUMBERED_TASKS - 1] = MICRORT_TASK_INITIALIZER(run_numbered),
};
static volatile bool polling;

struct micrort_schedule_stats stats_now(void)
{
	struct micrort_schedule_stats stats;

	micrort_schedule_stats_get(&stats);
	return stats;
}

uint32_t queued_now(void)
{
	struct micrort_schedule_stats stats = stats_now();

	return stats.accepted - stats.run - stats.cancelled;
}

static bool all_started(void)
{
	return queued_now() == 0;
}

void let_others_run(void)
{
	k_msleep(5);
}

void settle(void)
{
	for (int waited = 0; waited < PATIENCE_MS; waited++) {
		if (EXECUTOR_IS_POLL) {
			zassert_true(micrort_poll() >= 0, "an interrupt is pending");
		}
		if (all_started()) {
			/* The last one has begun; what it waits for is the test's own affair. */
			let_others_run();
			if (all_started()) {
				return;
			}
		}
		k_msleep(1);
	}
	zassert_unreachable("something that was accepted did not run");
}

void spend_time(int milliseconds)
{
	if (EXECUTOR_IS_INTERRUPT) {
		k_busy_wait(milliseconds * USEC_PER_MSEC);
	} else {
		k_msleep(milliseconds);
	}
}

static void poll_until_end(void *p1, void *p2, void *p3)
{
	ARG_UNUSED(p1);
	ARG_UNUSED(p2);
	ARG_UNUSED(p3);

	while (polling) {
		(void)micrort_sleep(K_MSEC(2));
	}
}

void executor_begin(void)
{
	if (EXECUTOR_IS_POLL) {
		polling = true;
		helper_start(0, EXECUTOR_PRIORITY, poll_until_end, NULL);
	}
}

void executor_end(void)
{
	if (EXECUTOR_IS_POLL) {
		polling = false;
		helper_join(0);
	}
}

static void run_numbered(struct micrort_task *task)
{
	trace_add((int)(task - numbered));
}

void queue_number(int number)
{
	zassert_between_inclusive(number, 0, NUMBERED_TASKS - 1);

	if (number % 2 == 1 && micrort_schedule(trace_function, INT_TO_POINTER(number)) == 0) {
		return;
	}
	zassert_ok(micrort_task_schedule(&numbered[number]));
}

void wait_for(const volatile bool *flag)
{
	for (int waited = 0; waited < PATIENCE_MS && !*flag; waited++) {
		k_msleep(1);
	}
	zassert_true(*flag, "it did not come");
}
