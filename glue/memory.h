/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief Heaps and stacks for the Rust library's reports: a part of port.h.
 */

#ifndef MICRORT_GLUE_MEMORY_H_
#define MICRORT_GLUE_MEMORY_H_

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <zephyr/kernel.h>

/** A heap as a whole; the same as Shape in src/heap_walk.rs. */
struct micrort_port_heap_shape {
	uintptr_t base;
	size_t unit;
	/** In units; 0 where there is no such heap, or not yet. */
	uint32_t units;
	/** Whether the next two are known. */
	bool has_stats;
	size_t allocated;
	size_t peak;
};

/** Some blocks of it; the same as Step in src/heap_walk.rs. */
struct micrort_port_heap_step {
	uint32_t at;
	uint32_t count;
	/** Twice the size in units, plus 1 for a block that is used. */
	uint32_t blocks[8];
};

/** Of the system heap, or of the arena. From threads. */
void micrort_port_heap_shape(bool arena, struct micrort_port_heap_shape *shape);

/**
 * The block that is @a from units behind the first one, and perhaps some that follow; if no block
 * begins there, the first ones.
 */
void micrort_port_heap_step(bool arena, uint32_t from, struct micrort_port_heap_step *step);

/* Rust for C: the same of the arena. */
void micrort_arena_shape(struct micrort_port_heap_shape *shape);
void micrort_arena_step(uint32_t from, struct micrort_port_heap_step *step);

/** A stack; the same as Stack in src/stack_use.rs. SIZE_MAX is what is not known. */
struct micrort_port_stack {
	uintptr_t start;
	size_t size;
	uintptr_t pointer;
	bool grows_up;
};

/** Of a thread, or (NULL) the one in use. 0, -ESRCH, -ENOTSUP. */
int micrort_port_stack(k_tid_t thread, struct micrort_port_stack *stack);

/** Of interrupts. 0, -EINVAL, -ENOTSUP. */
int micrort_port_interrupt_stack(unsigned int cpu, struct micrort_port_stack *stack);

/** How much of it was never written, or SIZE_MAX; takes time in proportion. */
size_t micrort_port_stack_unused(uintptr_t start, size_t size);

/** Bounds of the host's stack that the caller runs on (native_sim). */
int micrort_native_stack(uintptr_t *start, size_t *size);

#endif /* MICRORT_GLUE_MEMORY_H_ */
