/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief The heap behind micrort_malloc().
 */

#include <zephyr/kernel.h>

#include "heap_refuse.h"
#include "port.h"

extern struct k_heap _system_heap;

void *micrort_port_kernel_alloc(size_t align, size_t size)
{
#if K_HEAP_MEM_POOL_SIZE > 0
	/* It is made at PRE_KERNEL_1. */
	if (_system_heap.heap.heap != NULL) {
		return k_aligned_alloc(MAX(align, sizeof(void *)), size);
	}
#else
	ARG_UNUSED(align);
	ARG_UNUSED(size);
#endif
	return NULL;
}

void micrort_port_kernel_free(void *block)
{
#if K_HEAP_MEM_POOL_SIZE > 0
	k_free(block);
#else
	ARG_UNUSED(block);
#endif
}

bool micrort_heap_may_allocate(size_t size)
{
	return !REFUSED(size);
}

void *micrort_malloc(size_t size)
{
	if (REFUSED(size)) {
		return NULL;
	}

	return IS_ENABLED(CONFIG_MICRORT_HEAP_ARENA)
		       ? micrort_arena_alloc(size)
		       : micrort_port_kernel_alloc(sizeof(void *), size);
}

void micrort_free(void *block)
{
	if (IS_ENABLED(CONFIG_MICRORT_HEAP_ARENA)) {
		micrort_arena_free(block);
	} else {
		micrort_port_kernel_free(block);
	}
}
