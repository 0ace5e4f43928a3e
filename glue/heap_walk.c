/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief The blocks of Zephyr's system heap, by its own accessors.
 */

#include <zephyr/kernel.h>
#include <zephyr/sys/mem_stats.h>
#include <zephyr/sys/sys_heap.h>

#include "port.h"

#if K_HEAP_MEM_POOL_SIZE > 0

/* Zephyr's lib/heap. */
#include <heap.h>

extern struct k_heap _system_heap;

/* What precedes the first block is the heap's own. */
static chunkid_t first_block(struct z_heap *heap)
{
	return chunk_size(heap, 0);
}

void micrort_port_heap_shape(struct micrort_port_heap_shape *shape)
{
	k_spinlock_key_t key = k_spin_lock(&_system_heap.lock);
	struct z_heap *heap = _system_heap.heap.heap;

	*shape = (struct micrort_port_heap_shape){.unit = CHUNK_UNIT};
	if (heap != NULL) {
		shape->base = (uintptr_t)&chunk_buf(heap)[first_block(heap)];
		shape->units = heap->end_chunk - first_block(heap);
	}
#ifdef CONFIG_SYS_HEAP_RUNTIME_STATS
	struct sys_memory_stats stats;

	if (heap != NULL && sys_heap_runtime_stats_get(&_system_heap.heap, &stats) == 0) {
		shape->has_stats = true;
		shape->allocated = stats.allocated_bytes;
		shape->peak = stats.max_allocated_bytes;
	}
#endif
	k_spin_unlock(&_system_heap.lock, key);
}

/* The header at @a block is trusted only if the block before it, which it names, names it. */
static bool is_block(struct z_heap *heap, chunkid_t block)
{
	chunksz_t left = chunk_field(heap, block, LEFT_SIZE);

	return left != 0 && left <= block - first_block(heap) &&
	       chunk_size(heap, block - left) == left;
}

void micrort_port_heap_step(uint32_t from, struct micrort_port_heap_step *step)
{
	k_spinlock_key_t key = k_spin_lock(&_system_heap.lock);
	struct z_heap *heap = _system_heap.heap.heap;
	chunkid_t first = first_block(heap);
	chunkid_t block = first;

	if (from < heap->end_chunk - first && is_block(heap, first + from)) {
		block += from;
	}
	step->at = block - first;
	step->count = 0;
	while (block < heap->end_chunk && step->count < ARRAY_SIZE(step->blocks)) {
		chunksz_t size = chunk_size(heap, block);

		/* A header that something has written over. */
		if (size == 0 || size > heap->end_chunk - block ||
		    chunk_field(heap, block + size, LEFT_SIZE) != size) {
			break;
		}
		step->blocks[step->count++] = size << 1 | (chunk_used(heap, block) ? 1 : 0);
		block += size;
	}
	k_spin_unlock(&_system_heap.lock, key);
}

#else

void micrort_port_heap_shape(struct micrort_port_heap_shape *shape)
{
	*shape = (struct micrort_port_heap_shape){0};
}

void micrort_port_heap_step(uint32_t from, struct micrort_port_heap_step *step)
{
	ARG_UNUSED(from);

	*step = (struct micrort_port_heap_step){0};
}

#endif
