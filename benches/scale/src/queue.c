/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief Cost of schedule and of a drained entry, with more and more entries.
 */

#include <micrort/micrort.h>

#include "counter.h"

#define DEPTH CONFIG_MICRORT_SCHEDULE_DEPTH
#define TASKS 1000

static struct micrort_task tasks[TASKS];
static uint32_t last_begin;

static void empty(void *arg)
{
	ARG_UNUSED(arg);
}

static void empty_task(struct micrort_task *task)
{
	ARG_UNUSED(task);
}

static void note_begin(void *at)
{
	*(uint32_t *)at = counter_now();
}

/* Each call but the first one, which wakes the executor. */
static void scale_functions(void)
{
	uint32_t first_begin, most = 0;

	(void)micrort_schedule(note_begin, &first_begin);
	for (int i = 1; i < DEPTH - 1; i++) {
		uint32_t begin = counter_now(), end;

		(void)micrort_schedule(empty, NULL);
		end = counter_now();
		most = MAX(most, counter_between(begin, end));
	}
	(void)micrort_schedule(note_begin, &last_begin);
	others_run();
	printk("scale schedule %u %u\n", DEPTH, most);
	printk("scale drain %u %u\n", DEPTH,
	       DIV_ROUND_CLOSEST(counter_between(first_begin, last_begin), DEPTH - 1));
}

static void scale_tasks(int count)
{
	uint32_t first_begin, most = 0;

	(void)micrort_schedule(note_begin, &first_begin);
	for (int i = 0; i < count; i++) {
		uint32_t begin = counter_now(), end;

		(void)micrort_task_schedule(&tasks[i]);
		end = counter_now();
		most = MAX(most, counter_between(begin, end));
	}
	(void)micrort_schedule(note_begin, &last_begin);
	others_run();
	printk("scale task_schedule %d %u\n", count, most);
	printk("scale task_drain %d %u\n", count,
	       DIV_ROUND_CLOSEST(counter_between(first_begin, last_begin), count + 1));
}

void scale_queue(void)
{
	for (int i = 0; i < TASKS; i++) {
		tasks[i] = (struct micrort_task)MICRORT_TASK_INITIALIZER(empty_task);
	}
	/* The first use of the pool links its slots. */
	(void)micrort_schedule(empty, NULL);
	others_run();

	scale_functions();
	for (int count = 1; count <= TASKS; count *= 10) {
		scale_tasks(count);
	}
}
