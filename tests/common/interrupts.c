/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

#include <zephyr/init.h>
#include <zephyr/irq.h>
#include <zephyr/irq_offload.h>
#include <zephyr/kernel.h>

#include "interrupts.h"

struct call {
	interrupt_fn_t fn;
	void *arg;
};

atomic_t interrupts_not_real;

static void run(const void *call_arg)
{
	const struct call *call = call_arg;

	if (!k_is_in_isr()) {
		atomic_inc(&interrupts_not_real);
	}
	call->fn(call->arg);
}

#if defined(CONFIG_CPU_CORTEX_M)

#include <cmsis_core.h>

static volatile struct call calls[2];

static void isr(const void *index)
{
	struct call call = calls[POINTER_TO_INT(index)];

	run(&call);
}

static int interrupts_init(void)
{
	IRQ_CONNECT(INTERRUPT_LINE_LOW, 3, isr, INT_TO_POINTER(0), 0);
	IRQ_CONNECT(INTERRUPT_LINE_HIGH, 1, isr, INT_TO_POINTER(1), 0);
	irq_enable(INTERRUPT_LINE_LOW);
	irq_enable(INTERRUPT_LINE_HIGH);
	return 0;
}

SYS_INIT(interrupts_init, PRE_KERNEL_1, 0);

static void pend(int index, int line, interrupt_fn_t fn, void *arg)
{
	calls[index].fn = fn;
	calls[index].arg = arg;
	__DMB();
	NVIC_SetPendingIRQ(line);
	__DSB();
	__ISB();
}

void interrupt_low(interrupt_fn_t fn, void *arg)
{
	pend(0, INTERRUPT_LINE_LOW, fn, arg);
}

void interrupt_high(interrupt_fn_t fn, void *arg)
{
	pend(1, INTERRUPT_LINE_HIGH, fn, arg);
}

#else

void interrupt_low(interrupt_fn_t fn, void *arg)
{
	struct call call = {.fn = fn, .arg = arg};

	irq_offload(run, &call);
}

void interrupt_high(interrupt_fn_t fn, void *arg)
{
	interrupt_low(fn, arg);
}

#endif
