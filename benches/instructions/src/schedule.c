/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

#include <micrort/micrort.h>

#include "counter.h"
#include "interrupts.h"

#define DEPTH    CONFIG_MICRORT_SCHEDULE_DEPTH
#define LOWER    10
#define HIGHER   2

/*
 * Functions wait until run_all(): the executor stands back behind the measuring thread, but where it
 * comes first, it runs them as soon as it is woken.
 */

static uint32_t begin, end;
static uint32_t entered[DEPTH];
static uint32_t entries;

static void empty(void *arg)
{
	ARG_UNUSED(arg);
}

static void empty_task(struct micrort_task *task)
{
	ARG_UNUSED(task);
}

static MICRORT_TASK_DEFINE(first_task, empty_task);
static MICRORT_TASK_DEFINE(second_task, empty_task);

static void note_entry(void *arg)
{
	uint32_t now = counter_now();

	ARG_UNUSED(arg);

	entered[entries++ % DEPTH] = now;
}

#if defined(CONFIG_MICRORT_EXECUTOR_POLL)

static void executor_stands_back(void)
{
}

static void run_all(void)
{
	(void)micrort_poll();
}

#elif defined(CONFIG_MICRORT_EXECUTOR_INTERRUPT)

static void executor_stands_back(void)
{
	irq_disable(CONFIG_MICRORT_EXECUTOR_IRQ);
}

static void executor_comes_first(void)
{
	irq_enable(CONFIG_MICRORT_EXECUTOR_IRQ);
}

static void run_all(void)
{
	executor_comes_first();
	executor_stands_back();
}

#else

static void executor_stands_back(void)
{
	k_thread_priority_set(micrort_executor_thread(), LOWER);
}

static void executor_comes_first(void)
{
	k_thread_priority_set(micrort_executor_thread(), HIGHER);
}

static void run_all(void)
{
	others_run();
}

#endif

static void schedule_between(void *func)
{
	begin = counter_now();
	(void)micrort_schedule((micrort_fn_t)func, NULL);
	end = counter_now();
}

static void measure_in_interrupt(const char *key, int before)
{
	struct figure figure = {.min = UINT32_MAX};

	for (int i = 0; i < SAMPLES; i++) {
		for (int j = 0; j < before; j++) {
			(void)micrort_schedule(empty, NULL);
		}
		interrupt_low(schedule_between, empty);
		figure_add(&figure, counter_between(begin, end));
		run_all();
	}
	figure_print(key, &figure, 1);
}

static void fill(void)
{
	for (int i = 0; i < DEPTH; i++) {
		(void)micrort_schedule(empty, NULL);
	}
}

static void measure_to_function(void)
{
	struct figure figure = {.min = UINT32_MAX};

	for (int i = 0; i < SAMPLES; i++) {
		entries = 0;
		interrupt_low(schedule_between, note_entry);
		figure_add(&figure, counter_between(begin, entered[0]));
	}
	figure_print("isr_to_function", &figure, 1);
}

/** The functions between the first and the last are empty, as where further ones are measured. */
static void measure_burst(void)
{
	struct figure burst = {.min = UINT32_MAX};

	for (int i = 0; i < SAMPLES; i++) {
		uint32_t calls, run;

		entries = 0;
		begin = counter_now();
		(void)micrort_schedule(note_entry, NULL);
		(void)micrort_schedule(empty, NULL);
		(void)micrort_schedule(empty, NULL);
		(void)micrort_schedule(empty, NULL);
		(void)micrort_schedule(empty, NULL);
		(void)micrort_schedule(empty, NULL);
		(void)micrort_schedule(empty, NULL);
		(void)micrort_schedule(note_entry, NULL);
		calls = counter_between(begin, counter_now());
		run_all();
		run = counter_between(entered[0], entered[1]);
		figure_add(&burst, calls + run);
	}
	figure_print("burst8_each", &burst, 8);
}

/** From the entry of one function to that of the seventh after it, with empty ones between. */
static void measure_drain(void)
{
	struct figure figure = {.min = UINT32_MAX};

	for (int i = 0; i < SAMPLES; i++) {
		entries = 0;
		(void)micrort_schedule(note_entry, NULL);
		for (int j = 1; j < 7; j++) {
			(void)micrort_schedule(empty, NULL);
		}
		(void)micrort_schedule(note_entry, NULL);
		run_all();
		figure_add(&figure, counter_between(entered[0], entered[1]));
	}
	figure_print("drain_each", &figure, 7);
}

void bench_schedule(void)
{
	executor_stands_back();

	MEASURE("schedule_awake", (void)micrort_schedule(empty, NULL),
		(void)micrort_schedule(empty, NULL), run_all());
	measure_in_interrupt("schedule_awake_isr", 1);
	MEASURE("schedule_idle", , (void)micrort_schedule(empty, NULL), run_all());
	MEASURE("schedule_full", fill(), (void)micrort_schedule(empty, NULL), run_all());
	MEASURE("task_schedule_awake", (void)micrort_task_schedule(&first_task),
		(void)micrort_task_schedule(&second_task), run_all());
	MEASURE("task_queued", (void)micrort_task_schedule(&first_task),
		(void)micrort_task_schedule(&first_task), run_all());
	measure_burst();
	measure_drain();
	MEASURE("critical_pair", , (void)micrort_critical_enter(); (void)micrort_critical_exit(), );
	MEASURE("poll_empty", , (void)micrort_poll(), );

#ifndef CONFIG_MICRORT_EXECUTOR_POLL
	executor_comes_first();
	measure_to_function();
#endif
}
