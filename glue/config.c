/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief What Kconfig decides for the Rust library: see config.h.
 */

#include <zephyr/kernel.h>
#include <zephyr/sys/util.h>

#include "port.h"

const struct micrort_port_config micrort_port_config = {
#ifdef CONFIG_MICRORT_EXECUTOR_PASSES_MAX
	.passes_max = CONFIG_MICRORT_EXECUTOR_PASSES_MAX,
#else
	.passes_max = UINT32_MAX,
#endif
	.opt_level = CONFIG_MICRORT_OPT_LEVEL,
	.executor_poll = IS_ENABLED(CONFIG_MICRORT_EXECUTOR_POLL),
	.schedule_timing = IS_ENABLED(CONFIG_MICRORT_SCHEDULE_TIMING),
	.heap_lock = IS_ENABLED(CONFIG_MICRORT_HEAP_LOCK),
	.heap_lock_system = IS_ENABLED(CONFIG_MICRORT_HEAP_LOCK_SYSTEM),
	.heap_lock_isr = IS_ENABLED(CONFIG_MICRORT_HEAP_LOCK_ISR),
	.heap_arena = IS_ENABLED(CONFIG_MICRORT_HEAP_ARENA),
	.mem_info = IS_ENABLED(CONFIG_MICRORT_MEM_INFO),
	.stack_use = IS_ENABLED(CONFIG_MICRORT_STACK_USE),
};

#ifdef CONFIG_MICRORT_SCHEDULE_SECOND_ARGUMENT
typedef struct micrort_port_wide_slot slot_t;
#else
typedef struct micrort_port_slot slot_t;
#endif

static slot_t slots[CONFIG_MICRORT_SCHEDULE_DEPTH];

const struct micrort_port_pool micrort_port_pool = {
	.first = slots,
	.end = slots + ARRAY_SIZE(slots),
	.slot_size = sizeof(slots[0]),
};

#ifdef CONFIG_MICRORT_HEAP_ARENA

static uint8_t arena[CONFIG_MICRORT_HEAP_ARENA_SIZE] __aligned(16);

#ifdef CONFIG_MICRORT_MEM_INFO
/* A bit for every 16 bytes. */
static uint32_t map[2][DIV_ROUND_UP(CONFIG_MICRORT_HEAP_ARENA_SIZE, 16 * 32)];
#endif

#endif

const struct micrort_port_arena micrort_port_arena = {
#ifdef CONFIG_MICRORT_HEAP_ARENA
	.bytes = arena,
	.size = sizeof(arena),
#ifdef CONFIG_MICRORT_MEM_INFO
	.map = map[0],
	.words = ARRAY_SIZE(map[0]),
#endif
#endif
};

int16_t micrort_port_kbd_intr_char = CONFIG_MICRORT_KBD_INTR_CHAR;
uint8_t micrort_port_opt_level = CONFIG_MICRORT_OPT_LEVEL;

void micrort_port_allocation_refused(void *caller)
{
	if (IS_ENABLED(CONFIG_MICRORT_EXCEPTION_HEAP_REFUSED)) {
		micrort_raise_allocation_refused(caller);
	}
}

void micrort_port_queue_was_full(void)
{
	if (IS_ENABLED(CONFIG_MICRORT_EXCEPTION_QUEUE_FULL)) {
		micrort_raise_queue_full();
	}
}

void micrort_port_report_stack(void *report)
{
	if (IS_ENABLED(CONFIG_MICRORT_STACK_USE)) {
		micrort_report_stack(report);
	}
}

#if defined(CONFIG_ARMV7_M_ARMV8_M_MAINLINE)

BUILD_ASSERT(!IS_ENABLED(CONFIG_SMP), "micrort's lock on a Cortex-M is for one CPU");

/* What zephyr-sys/src/cpu.rs has in its instructions: values of symbols. */
GEN_ABS_SYM_BEGIN(micrort_inline_cpu)

GEN_ABSOLUTE_SYM(micrort_lock_basepri, _EXC_IRQ_DEFAULT_PRIO);
GEN_ABSOLUTE_SYM(micrort_offset_of_current, offsetof(struct z_kernel, cpus[0].current));
GEN_ABSOLUTE_SYM(micrort_offset_of_tls, offsetof(struct k_thread, tls));

GEN_ABS_SYM_END

#endif
