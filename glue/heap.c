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
		       : micrort_port_alloc(sizeof(void *), size);
}

void micrort_free(void *block)
{
	if (IS_ENABLED(CONFIG_MICRORT_HEAP_ARENA)) {
		micrort_arena_free(block);
	} else {
		micrort_port_free(block, sizeof(void *), 0);
	}
}
