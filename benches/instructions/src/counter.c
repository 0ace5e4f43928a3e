/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

#include "counter.h"

/* 100000 instructions at 1024 ns, and SysTick's period of 80 ns. */
#define TICKS_OF_100000 1280000

static uint32_t ticks_between(uint32_t begin, uint32_t end)
{
	return (begin - end) & SysTick_LOAD_RELOAD_Msk;
}

uint32_t counter_between(uint32_t begin, uint32_t end)
{
	uint64_t ticks = ticks_between(begin, end);

	return (uint32_t)((ticks * 100000 + TICKS_OF_100000 / 2) / TICKS_OF_100000) - 1;
}

static __attribute__((noinline)) uint32_t ticks_of_loop(uint32_t rounds)
{
	uint32_t begin = counter_now();

	__asm__ volatile("1: subs %0, #1\n\tbne 1b" : "+l"(rounds) : : "cc");

	return ticks_between(begin, counter_now());
}

void counter_start(void)
{
	uint32_t ticks;

	SysTick->CTRL &= ~SysTick_CTRL_TICKINT_Msk;
	SysTick->LOAD = SysTick_LOAD_RELOAD_Msk;
	SysTick->VAL = 0;

	ticks = ticks_of_loop(51000) - ticks_of_loop(1000);
	if (ticks != TICKS_OF_100000) {
		printk("error: 100000 instructions took %u ticks and not %u\n", ticks,
		       TICKS_OF_100000);
	}
}

void figure_add(struct figure *figure, uint32_t instructions)
{
	figure->min = MIN(figure->min, instructions);
	figure->max = MAX(figure->max, instructions);
}

void figure_print(const char *key, const struct figure *figure, uint32_t divisor)
{
	printk("figure %s %u %u\n", key, DIV_ROUND_UP(figure->min, divisor),
	       DIV_ROUND_UP(figure->max, divisor));
}

void others_run(void)
{
	int priority = k_thread_priority_get(k_current_get());

	k_thread_priority_set(k_current_get(), K_LOWEST_APPLICATION_THREAD_PRIO);
	k_thread_priority_set(k_current_get(), priority);
}
