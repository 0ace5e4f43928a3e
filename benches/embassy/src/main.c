/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/* Instructions from an interrupt to an async task of lib.rs. */

#include <micrort/micrort.h>

#include "counter.h"
#include "interrupts.h"

/* Of lib.rs. */
bool bench_start(void);
void bench_poll(void);
void bench_signal(void);
void bench_send(void);
void bench_function(void);

static uint32_t begin, end, entered;

uint32_t bench_now(void)
{
	return counter_now();
}

/* In what was woken. */
void bench_enter(uint32_t now)
{
	entered = now;
}

static void measure(void *fn)
{
	void (*wake)(void) = (void (*)(void))fn;

	begin = counter_now();
	wake();
	end = counter_now();
}

#ifdef IN_INTERRUPT
static void poll(void *arg)
{
	ARG_UNUSED(arg);

	bench_poll();
}

/* Of a lower priority than the interrupt that wakes; it is pended, and comes behind that. */
void bench_pend(void)
{
	interrupt_low(poll, NULL);
}
#elif defined(IN_THREAD)
static K_SEM_DEFINE(woken, 0, 1);

void bench_pend(void)
{
	k_sem_give(&woken);
}

static void thread(void *p1, void *p2, void *p3)
{
	ARG_UNUSED(p1);
	ARG_UNUSED(p2);
	ARG_UNUSED(p3);

	while (true) {
		(void)k_sem_take(&woken, K_FOREVER);
		bench_poll();
	}
}

static K_THREAD_DEFINE(poller, 1024, thread, NULL, NULL, NULL, 2, 0, 0);
#endif

/* The interrupt is of high priority, so that an executor in another one comes behind it. */
static void measure_all(const char *call_key, const char *key, void (*wake)(void))
{
	struct figure call = {.min = UINT32_MAX};
	struct figure figure = {.min = UINT32_MAX};

	for (int i = 0; i < SAMPLES; i++) {
		interrupt_high(measure, (void *)wake);
		others_run();
		figure_add(&call, counter_between(begin, end));
		figure_add(&figure, counter_between(begin, entered));
	}
	figure_print(call_key, &call, 1);
	figure_print(key, &figure, 1);
}

static void leave(void)
{
	__asm__ volatile("mov r0, #0x18\n\tldr r1, =0x20026\n\tbkpt 0xab" : : : "r0", "r1");
}

int main(void)
{
	/* Below the executor. */
	k_thread_priority_set(k_current_get(), 5);
	k_thread_priority_set(micrort_executor_thread(), 2);
	counter_start();
	if (!bench_start()) {
		printk("error: an async task runs already\n");
	}
	others_run();

	measure_all("function_call", "function", bench_function);
#if defined(IN_MICRORT) || defined(IN_INTERRUPT) || defined(IN_THREAD)
	measure_all("signal_call", "signal", bench_signal);
	measure_all("channel_call", "channel", bench_send);
#endif
	printk("end\n");
	leave();

	return 0;
}
