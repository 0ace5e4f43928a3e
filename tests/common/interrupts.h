/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief Run a function in an interrupt.
 *
 * On Cortex-M these are real interrupts, pended in the NVIC: they come at once, unless interrupts
 * are masked, also inside an interrupt of lower priority. Elsewhere it is irq_offload().
 */

#ifndef MICRORT_TESTS_INTERRUPTS_H_
#define MICRORT_TESTS_INTERRUPTS_H_

#include <stdbool.h>

#include <zephyr/kernel.h>

/** Whether the high line can interrupt the low one. */
#define INTERRUPTS_NEST IS_ENABLED(CONFIG_CPU_CORTEX_M)

/** The lines on Cortex-M. */
#if defined(CONFIG_SOC_SERIES_NRF51X)
/* Of the software interrupts. */
#define INTERRUPT_LINE_LOW  20
#define INTERRUPT_LINE_HIGH 21
#else
/* Comparators on the LM3S6965, spare on the MPS2: QEMU never raises them. */
#define INTERRUPT_LINE_LOW  26
#define INTERRUPT_LINE_HIGH 27
#endif

typedef void (*interrupt_fn_t)(void *arg);

/** Run @a fn in an interrupt of low priority. */
void interrupt_low(interrupt_fn_t fn, void *arg);

/** Run @a fn in an interrupt of high priority. */
void interrupt_high(interrupt_fn_t fn, void *arg);

/** Number of calls that ran outside an interrupt after all; must be zero. */
extern atomic_t interrupts_not_real;

#endif /* MICRORT_TESTS_INTERRUPTS_H_ */
