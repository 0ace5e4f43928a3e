/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief micrort's heap for the Rust library: the one that Kconfig has chosen.
 */

#include <zephyr/kernel.h>

#include "port.h"

extern struct k_heap _system_heap;

static void *kernel_alloc(size_t align, size_t size)
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

static void kernel_free(void *block)
{
#if K_HEAP_MEM_POOL_SIZE > 0
	k_free(block);
#else
	ARG_UNUSED(block);
#endif
}

void *micrort_port_alloc(size_t align, size_t size)
{
	return IS_ENABLED(CONFIG_MICRORT_HEAP_ARENA) ? micrort_arena_port_alloc(align, size)
						     : kernel_alloc(align, size);
}

void micrort_port_free(void *block, size_t align, size_t size)
{
	if (IS_ENABLED(CONFIG_MICRORT_HEAP_ARENA)) {
		micrort_arena_port_free(block, align, size);
	} else {
		kernel_free(block);
	}
}
