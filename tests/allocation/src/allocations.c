/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

#include <zephyr/kernel.h>
#include <zephyr/sys/atomic.h>
#include <zephyr/sys/sys_heap.h>
#include <zephyr/ztest.h>

#include <micrort/micrort.h>

#include "allocations.h"

extern struct k_heap _system_heap;

static atomic_t calls;

void *__real_sys_heap_alloc(struct sys_heap *heap, size_t bytes);
void *__real_sys_heap_aligned_alloc(struct sys_heap *heap, size_t align, size_t bytes);
void *__real_sys_heap_aligned_realloc(struct sys_heap *heap, void *ptr, size_t align, size_t bytes);

void *__wrap_sys_heap_alloc(struct sys_heap *heap, size_t bytes)
{
	atomic_inc(&calls);

	return __real_sys_heap_alloc(heap, bytes);
}

void *__wrap_sys_heap_aligned_alloc(struct sys_heap *heap, size_t align, size_t bytes)
{
	atomic_inc(&calls);

	return __real_sys_heap_aligned_alloc(heap, align, bytes);
}

void *__wrap_sys_heap_aligned_realloc(struct sys_heap *heap, void *ptr, size_t align, size_t bytes)
{
	atomic_inc(&calls);

	return __real_sys_heap_aligned_realloc(heap, ptr, align, bytes);
}

struct allocations allocations_now(void)
{
	struct allocations now = {.calls = (uint32_t)atomic_get(&calls)};
	struct micrort_heap_refusals refusals;
	struct sys_memory_stats stats;

	zassert_true(sys_heap_validate(&_system_heap.heap));
	zassert_ok(sys_heap_runtime_stats_get(&_system_heap.heap, &stats));
	now.allocated = stats.allocated_bytes;
	now.peak = stats.max_allocated_bytes;
	if (IS_ENABLED(CONFIG_MICRORT_HEAP_ARENA)) {
		struct micrort_heap_info info;

		zassert_ok(micrort_heap_info_get(MICRORT_HEAP_ID_ARENA, &info));
		zassert_equal(info.used + info.free, info.total);
		now.arena_allocated = info.allocated;
		now.arena_peak = info.peak;
	}
	micrort_heap_refusals_get(&refusals);
	now.refused = refusals.count;

	return now;
}
