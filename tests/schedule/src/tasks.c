/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief design.md, "schedule": tasks.
 */

#include <string.h>

#include <zephyr/ztest.h>

#include "executor.h"
#include "helpers.h"
#include "interrupts.h"

static void before(void *fixture)
{
	ARG_UNUSED(fixture);
	trace_reset();
}

ZTEST_SUITE(tasks, NULL, NULL, before, helpers_after, NULL);

/** A null task, and a task whose function is null */
ZTEST(tasks, test_null_task_is_refused)
{
	static MICRORT_TASK_DEFINE(no_function, NULL);
	struct micrort_schedule_stats stats = stats_now();

	zassert_equal(micrort_task_schedule(NULL), -EINVAL);
	zassert_equal(micrort_task_schedule(&no_function), -EINVAL);
	zassert_equal(stats_now().accepted, stats.accepted);
	zassert_equal(stats_now().coalesced, stats.coalesced);
}

/** "Scheduling it can never find the queue full" */
ZTEST(tasks, test_full_queue_accepts_tasks)
{
	struct micrort_schedule_stats stats = stats_now();

	zassert_ok(micrort_critical_enter());
	for (int i = 0; i < DEPTH; i++) {
		zassert_ok(micrort_schedule(trace_function, INT_TO_POINTER(63)));
	}
	zassert_equal(micrort_schedule(trace_function, INT_TO_POINTER(63)), -ENOBUFS);
	for (int i = 0; i < 20; i += 2) {
		queue_number(i);
	}
	zassert_ok(micrort_critical_exit());
	zassert_equal(stats_now().accepted, stats.accepted + DEPTH + 10);
	zassert_equal(stats_now().refused, stats.refused + 1);
	settle();
	zassert_equal(trace_count(), DEPTH + 10);
	for (int i = 0; i < 10; i++) {
		zassert_equal(trace_at(DEPTH + i), 2 * i);
	}
}

static int runs;

static void count_run(struct micrort_task *task)
{
	ARG_UNUSED(task);
	runs++;
}

static MICRORT_TASK_DEFINE(counted, count_run);

/** "while it is queued, further calls join the one that waits (the call says so)" */
ZTEST(tasks, test_queued_task_is_joined)
{
	struct micrort_schedule_stats stats = stats_now();

	runs = 0;
	zassert_ok(micrort_critical_enter());
	zassert_ok(micrort_task_schedule(&counted));
	zassert_equal(MICRORT_TASK_JOINED, 1);
	for (int i = 0; i < 5; i++) {
		zassert_equal(micrort_task_schedule(&counted), MICRORT_TASK_JOINED);
	}
	/* Also when it is not the last one in the queue. */
	queue_number(0);
	zassert_equal(micrort_task_schedule(&counted), MICRORT_TASK_JOINED);
	zassert_ok(micrort_critical_exit());
	zassert_equal(stats_now().coalesced, stats.coalesced + 6);
	zassert_equal(stats_now().accepted, stats.accepted + 2);
	settle();
	zassert_equal(runs, 1);

	/* It is not queued any more. */
	zassert_ok(micrort_task_schedule(&counted));
	settle();
	zassert_equal(runs, 2);
}

static int results_inside[3];

static void schedule_itself(struct micrort_task *task)
{
	if (runs < 3) {
		results_inside[runs] = micrort_task_schedule(task);
	}
	runs++;
}

/** "it may schedule itself from its own function" */
ZTEST(tasks, test_task_schedules_itself)
{
	static MICRORT_TASK_DEFINE(again, schedule_itself);

	runs = 0;
	memset(results_inside, 0xff, sizeof(results_inside));
	zassert_ok(micrort_task_schedule(&again));
	settle();
	zassert_equal(runs, 4);
	for (int i = 0; i < 3; i++) {
		zassert_ok(results_inside[i], "it has left the queue before it runs");
	}
}

struct sensor {
	int reading;
	struct micrort_task task;
	int seen;
};

static void read_sensor(struct micrort_task *task)
{
	struct sensor *sensor = CONTAINER_OF(task, struct sensor, task);

	sensor->seen = sensor->reading;
}

/**
 * "Its function receives the task (CONTAINER_OF gives the owner's data), so that a joined call
 * loses no argument"
 */
ZTEST(tasks, test_joined_call_loses_no_argument)
{
	static struct sensor sensors[2] = {
		{.task = MICRORT_TASK_INITIALIZER(read_sensor)},
		{.task = MICRORT_TASK_INITIALIZER(read_sensor)},
	};

	zassert_ok(micrort_critical_enter());
	for (int i = 0; i < 2; i++) {
		sensors[i].reading = 10 + i;
		zassert_ok(micrort_task_schedule(&sensors[i].task));
	}
	for (int i = 0; i < 2; i++) {
		sensors[i].reading = 20 + i;
		zassert_equal(micrort_task_schedule(&sensors[i].task), MICRORT_TASK_JOINED);
	}
	zassert_ok(micrort_critical_exit());
	settle();
	zassert_equal(sensors[0].seen, 20);
	zassert_equal(sensors[1].seen, 21);
}

static int owner_result[3];

static void other_owner(void *index, void *p2, void *p3)
{
	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
	owner_result[POINTER_TO_INT(index)] = micrort_task_schedule(&counted);
}

static void interrupt_owner(void *index)
{
	other_owner(index, NULL, NULL);
}

/** A task scheduled by two owners at once: one of them queues it, the others join. */
ZTEST(tasks, test_task_of_two_owners)
{
	for (int round = 0; round < 50; round++) {
		int queued = 0;

		runs = 0;
		zassert_ok(micrort_critical_enter());
		helper_start(1, 0, other_owner, INT_TO_POINTER(0));
		helper_start(2, 0, other_owner, INT_TO_POINTER(1));
		if (round % 2 == 0) {
			interrupt_low(interrupt_owner, INT_TO_POINTER(2));
		}
		helper_join(1);
		helper_join(2);
		if (round % 2 != 0) {
			interrupt_low(interrupt_owner, INT_TO_POINTER(2));
		}
		zassert_ok(micrort_critical_exit());
		settle();
		for (int i = 0; i < 3; i++) {
			zassert_true(owner_result[i] == 0 ||
				     owner_result[i] == MICRORT_TASK_JOINED);
			queued += owner_result[i] == 0;
		}
		zassert_equal(queued, 1);
		zassert_equal(runs, 1);
	}
}

#define MANY 1100


static uint16_t next_expected;
static uint16_t out_of_order;

static void run_many(struct micrort_task *task);

static struct micrort_task many[MANY] = {
	[0 ... MANY - 1] = MICRORT_TASK_INITIALIZER(run_many),
};

static void run_many(struct micrort_task *task)
{
	out_of_order += task - many != next_expected;
	next_expected++;
}

/** "Tasks and functions share one order", with a thousand tasks queued at once */
ZTEST(tasks, test_thousand_tasks_in_order)
{
	next_expected = 0;
	out_of_order = 0;
	zassert_ok(micrort_critical_enter());
	for (int i = 0; i < 1000; i++) {
		zassert_ok(micrort_task_schedule(&many[i]));
	}
	zassert_ok(micrort_critical_exit());
	settle();
	zassert_equal(next_expected, 1000);
	zassert_equal(out_of_order, 0);
}

/** "high-water mark of the queue": functions and tasks that were queued at once */
ZTEST(tasks, test_high_water_mark)
{
	uint32_t tasks_queued;
	uint32_t mark = stats_now().high_water;

	zassert_true(mark + 3 <= MANY + DEPTH, "make MANY larger than what other tests queue");
	next_expected = 0;

	/* Reached and not passed: it stays. Functions count as well as tasks. */
	zassert_ok(micrort_critical_enter());
	zassert_ok(micrort_schedule(trace_function, NULL));
	tasks_queued = 1;
	for (int i = 0; tasks_queued < mark; i++) {
		zassert_ok(micrort_task_schedule(&many[i]));
		tasks_queued++;
	}
	zassert_equal(stats_now().high_water, mark);
	for (int i = 0; i < 3; i++) {
		zassert_ok(micrort_task_schedule(&many[MANY - 1 - i]));
	}
	zassert_equal(stats_now().high_water, mark + 3);
	/* A joined call queues nothing. */
	zassert_equal(micrort_task_schedule(&many[MANY - 1]), MICRORT_TASK_JOINED);
	zassert_equal(stats_now().high_water, mark + 3);
	zassert_ok(micrort_critical_exit());
	settle();

	/* What was queued one after the other was not queued at once. */
	for (uint32_t i = 0; i < 10; i++) {
		zassert_ok(micrort_task_schedule(&many[i]));
		settle();
	}
	zassert_equal(stats_now().high_water, mark + 3);
}
