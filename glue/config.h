/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief What Kconfig decides for the Rust library, which is compiled without Kconfig: a part of port.h.
 *
 * Constants and memory of config.c. What a feature adds to an image is decided there and in the other
 * files of this folder: by the functions of the library that C calls, or does not call.
 */

#ifndef MICRORT_GLUE_CONFIG_H_
#define MICRORT_GLUE_CONFIG_H_

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <micrort/schedule.h>

/** Choices. */
struct micrort_port_config {
	/** Passes in a row before a pause. */
	uint32_t passes_max;
	/** Level of the build. */
	uint8_t opt_level;
	/** Functions run in threads that poll. */
	bool executor_poll;
	/** The longest run is measured. */
	bool schedule_timing;
	/** The heap lock refuses allocations. */
	bool heap_lock;
	/** One heap lock for all, instead of one for each thread. */
	bool heap_lock_system;
	/** No interrupt may allocate. */
	bool heap_lock_isr;
	/** The heap behind micrort_malloc() is the arena. */
	bool heap_arena;
	/** There are reports of the memory, and of stacks. */
	bool mem_info;
	bool stack_use;
};
extern const struct micrort_port_config micrort_port_config;

/** A slot of the queue. The same as Slot in src/raw/fifo.rs, which alone looks into it. */
struct micrort_port_slot {
	struct micrort_task entry;
	void *arg;
};

/** A slot for functions of two arguments, too: WideSlot there. */
struct micrort_port_wide_slot {
	struct micrort_port_slot slot;
	micrort_fn2_t fn;
	void *arg2;
};

/** The slots: Pool there. */
struct micrort_port_pool {
	void *first;
	void *end;
	size_t slot_size;
};
extern const struct micrort_port_pool micrort_port_pool;

/** Memory of the arena, all 0: Memory in src/raw/arena.rs. */
struct micrort_port_arena {
	uint8_t *bytes;
	size_t size;
	/** Two halves of so many words each. */
	uint32_t *map;
	size_t words;
};
extern const struct micrort_port_arena micrort_port_arena;

/** The character that interrupts, or -1. Rust's variable, with Kconfig's value at boot. */
extern int16_t micrort_port_kbd_intr_char;
/** The level at run time, likewise. */
extern uint8_t micrort_port_opt_level;

/** An allocation was refused: perhaps an exception. From any context. */
void micrort_port_allocation_refused(void *caller);
/** The queue was full: perhaps an exception. From any context. */
void micrort_port_queue_was_full(void);

/** Have the line of the stack printed, or none. From threads. */
void micrort_port_report_stack(void *report);

/** micrort's heap, without a look at the heap lock: heap_port.c. From any context; the arena gives interrupts nothing. */
void *micrort_port_alloc(size_t align, size_t size);
void micrort_port_free(void *block, size_t align, size_t size);

/* Rust for C. */

/** Raise what config.c wants raised. */
void micrort_raise_allocation_refused(void *caller);
void micrort_raise_queue_full(void);

/** Print the line of the stack. */
void micrort_report_stack(void *report);

/** micrort_port_alloc() where the heap is the arena. */
void *micrort_arena_port_alloc(size_t align, size_t size);
void micrort_arena_port_free(void *block, size_t align, size_t size);

#endif /* MICRORT_GLUE_CONFIG_H_ */
