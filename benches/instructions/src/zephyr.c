/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/* Zephyr's own primitives for the same work. */

#include "counter.h"
#include "interrupts.h"

static K_THREAD_STACK_DEFINE(stack, 1024);
static struct k_work_q queue;
static K_SEM_DEFINE(semaphore, 0, 1);
static uint32_t begin, end, entered[8], entries;

static void handler(struct k_work *work)
{
	uint32_t now = counter_now();

	ARG_UNUSED(work);

	entered[entries++ % ARRAY_SIZE(entered)] = now;
}

static struct k_work works[8];

static void submit(void *work)
{
	begin = counter_now();
	(void)k_work_submit_to_queue(&queue, work);
	end = counter_now();
}

static void submit_all(void)
{
	entries = 0;
	for (int i = 0; i < ARRAY_SIZE(works); i++) {
		(void)k_work_submit_to_queue(&queue, &works[i]);
	}
}

static void measure_in_interrupt(void)
{
	struct figure awake = {.min = UINT32_MAX};
	struct figure function = {.min = UINT32_MAX};
	struct figure each = {.min = UINT32_MAX};

	for (int i = 0; i < SAMPLES; i++) {
		(void)k_work_submit_to_queue(&queue, &works[0]);
		interrupt_low(submit, &works[1]);
		figure_add(&awake, counter_between(begin, end));
		others_run();

		submit_all();
		others_run();
		figure_add(&each, counter_between(entered[0], entered[7]));
	}
	figure_print("zephyr_submit_awake_isr", &awake, 1);
	figure_print("zephyr_drain_each", &each, 7);

	k_thread_priority_set(&queue.thread, 2);
	for (int i = 0; i < SAMPLES; i++) {
		entries = 0;
		interrupt_low(submit, &works[0]);
		figure_add(&function, counter_between(begin, entered[0]));
	}
	figure_print("zephyr_isr_to_handler", &function, 1);
}

static void wait_for_semaphore(void *p1, void *p2, void *p3)
{
	ARG_UNUSED(p1);
	ARG_UNUSED(p2);
	ARG_UNUSED(p3);

	while (true) {
		(void)k_sem_take(&semaphore, K_FOREVER);
	}
}

static K_THREAD_DEFINE(waiter, 512, wait_for_semaphore, NULL, NULL, NULL, 10, 0, 0);

void bench_zephyr(void)
{
	others_run();
	MEASURE("zephyr_sem_give_idle", , k_sem_give(&semaphore), others_run());

	k_work_queue_init(&queue);
	k_work_queue_start(&queue, stack, K_THREAD_STACK_SIZEOF(stack), 10, NULL);
	for (int i = 0; i < ARRAY_SIZE(works); i++) {
		k_work_init(&works[i], handler);
	}
	others_run();

	MEASURE("zephyr_submit_awake", (void)k_work_submit_to_queue(&queue, &works[0]),
		(void)k_work_submit_to_queue(&queue, &works[1]), others_run());
	MEASURE("zephyr_submit_idle", , (void)k_work_submit_to_queue(&queue, &works[0]),
		others_run());
	MEASURE("zephyr_submit_queued", (void)k_work_submit_to_queue(&queue, &works[0]),
		(void)k_work_submit_to_queue(&queue, &works[0]), others_run());
	MEASURE("zephyr_sched_lock_pair", , k_sched_lock(); k_sched_unlock(), );
	measure_in_interrupt();
}
