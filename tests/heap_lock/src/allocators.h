/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief Every way to allocate, each in a function of its own so that its address can be told.
 */

#ifndef MICRORT_TESTS_ALLOCATORS_H_
#define MICRORT_TESTS_ALLOCATORS_H_

#include <stdbool.h>
#include <stddef.h>

#include <zephyr/kernel.h>

struct allocator {
	const char *name;
	/* Allocate @a size bytes. */
	void *(*alloc)(size_t size);
	void (*free)(void *block);
	/* Whether the heap lock applies to it. */
	bool locked;
	/* Whether a refusal sets errno. */
	bool sets_errno;
	/* Whether it is meant for interrupts. */
	bool isr_ok;
};

extern const struct allocator allocators[];
extern const size_t allocator_count;

/* Heaps of the application: one is registered, one is not. */
extern struct k_heap registered_heap;
extern struct k_heap other_heap;

extern struct k_heap _system_heap;

#define FOR_EACH_ALLOCATOR(_a)                                                                     \
	for (const struct allocator *_a = allocators; _a < allocators + allocator_count; _a++)

/** Whether the lock is one for the whole system. */
#define SYSTEM_LOCK IS_ENABLED(CONFIG_MICRORT_HEAP_LOCK_SYSTEM)

/** Undo whatever a test that failed left locked; the `before` of a suite. */
void unlock_all(void *fixture);

/** Fail the test unless all heaps are sound. */
void check_heaps(void);

#endif /* MICRORT_TESTS_ALLOCATORS_H_ */
