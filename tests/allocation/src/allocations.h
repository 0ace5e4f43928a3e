/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief What the heaps have handed out.
 */

#ifndef MICRORT_TESTS_ALLOCATIONS_H_
#define MICRORT_TESTS_ALLOCATIONS_H_

#include <stddef.h>
#include <stdint.h>

/** A state of the heaps. */
struct allocations {
	/* Calls that asked any sys_heap for a block: the system heap, the C library's. */
	uint32_t calls;
	/* Bytes of the system heap, now and at most. */
	size_t allocated;
	size_t peak;
	/* Of the arena; 0 without one. */
	size_t arena_allocated;
	size_t arena_peak;
	/* Allocations that the heap lock has refused. */
	uint32_t refused;
};

struct allocations allocations_now(void);

#endif /* MICRORT_TESTS_ALLOCATIONS_H_ */
