/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

#include <micrort/micrort.h>

#include "counter.h"

void bench_heap(void)
{
	void *block;

	MEASURE("k_malloc", , block = k_malloc(64), k_free(block));
#ifdef CONFIG_MICRORT_HEAP_LOCK
	MEASURE("heap_pair", , (void)micrort_heap_lock(); (void)micrort_heap_unlock(), );
	(void)micrort_heap_lock();
	MEASURE("malloc_refused", , block = k_malloc(64), k_free(block));
	(void)micrort_heap_unlock();
#endif
	MEASURE("zephyr_malloc_fails", , block = k_malloc(9000), k_free(block));
}
