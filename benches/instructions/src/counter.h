/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief Count executed instructions.
 *
 * QEMU counts instructions and derives its clock from them: with -icount shift=10 one instruction
 * is 12.8 ticks of SysTick, so the difference of two readings gives a whole number.
 */

#ifndef MICRORT_BENCHES_COUNTER_H_
#define MICRORT_BENCHES_COUNTER_H_

#include <stdint.h>

#include <zephyr/kernel.h>

#include <cmsis_core.h>

#define SAMPLES 64

/** A reading; one load. */
static ALWAYS_INLINE uint32_t counter_now(void)
{
	return SysTick->VAL;
}

/** Stop the system's tick and check the scale; the kernel's timers are dead from here on. */
void counter_start(void);

/** Instructions between two readings, the second one not counted. */
uint32_t counter_between(uint32_t begin, uint32_t end);

/** Samples of one figure. */
struct figure {
	uint32_t min;
	uint32_t max;
};

void figure_add(struct figure *figure, uint32_t instructions);
void figure_print(const char *key, const struct figure *figure, uint32_t divisor);

/** Measure @a _statement in SAMPLES samples, each between @a _before and @a _after. */
#define MEASURE(_key, _before, _statement, _after)                                                 \
	do {                                                                                       \
		struct figure _figure = {.min = UINT32_MAX};                                       \
                                                                                                   \
		for (int _i = 0; _i < SAMPLES; _i++) {                                             \
			uint32_t _begin, _end;                                                     \
                                                                                                   \
			_before;                                                                   \
			compiler_barrier();                                                        \
			_begin = counter_now();                                                    \
			_statement;                                                                \
			_end = counter_now();                                                      \
			compiler_barrier();                                                        \
			_after;                                                                    \
			figure_add(&_figure, counter_between(_begin, _end));                       \
		}                                                                                  \
		figure_print(_key, &_figure, 1);                                                   \
	} while (false)

/** Let every thread of a lower priority run until none is ready. */
void others_run(void);

void bench_schedule(void);
void bench_heap(void);
void bench_kbd_intr(void);
void bench_zephyr(void);

#endif /* MICRORT_BENCHES_COUNTER_H_ */
