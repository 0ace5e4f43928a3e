/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief The blocks of Zephyr's system heap, by its own accessors, or else of the arena.
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

static void system_shape(struct micrort_port_heap_shape *shape)
{
	/* All of it stays as it was when the heap was made. */
	struct z_heap *heap = _system_heap.heap.heap;

	*shape = (struct micrort_port_heap_shape){.unit = CHUNK_UNIT};
	if (heap == NULL) {
		return;
	}
	shape->base = (uintptr_t)&chunk_buf(heap)[first_block(heap)];
	shape->units = heap->end_chunk - first_block(heap);
#ifdef CONFIG_SYS_HEAP_RUNTIME_STATS
	struct sys_memory_stats stats;
	k_spinlock_key_t key = k_spin_lock(&_system_heap.lock);

	shape->has_stats = sys_heap_runtime_stats_get(&_system_heap.heap, &stats) == 0;
	k_spin_unlock(&_system_heap.lock, key);
	if (shape->has_stats) {
		shape->allocated = stats.allocated_bytes;
		shape->peak = stats.max_allocated_bytes;
	}
#endif
}

/* The header at @a block is trusted only if the block before it, which it names, names it. */
static bool is_block(struct z_heap *heap, chunkid_t block, chunkid_t first)
{
	chunksz_t left = chunk_field(heap, block, LEFT_SIZE);

	return left != 0 && left <= block - first && chunk_size(heap, block - left) == left;
}

/* One block at a time, because interrupts are masked meanwhile. */
static void system_step(uint32_t from, struct micrort_port_heap_step *step)
{
	struct z_heap *heap = _system_heap.heap.heap;
	chunkid_t first = first_block(heap);
	chunkid_t end = heap->end_chunk;
	chunkid_t block = from < end - first ? first + from : first;
	chunksz_t size;
	chunksz_t behind;
	bool used;
	k_spinlock_key_t key = k_spin_lock(&_system_heap.lock);

	if (!is_block(heap, block, first)) {
		block = first;
	}
	size = chunk_size(heap, block);
	used = chunk_used(heap, block);
	/* The block at the end knows the size of the last one, too. */
	behind = size <= end - block ? chunk_field(heap, block + size, LEFT_SIZE) : 0;
	k_spin_unlock(&_system_heap.lock, key);

	step->at = block - first;
	/* Else something has written over a header. */
	step->count = size != 0 && behind == size ? 1 : 0;
	step->blocks[0] = size << 1 | (used ? 1 : 0);
}

#else

static void system_shape(struct micrort_port_heap_shape *shape)
{
	*shape = (struct micrort_port_heap_shape){0};
}

static void system_step(uint32_t from, struct micrort_port_heap_step *step)
{
	ARG_UNUSED(from);

	*step = (struct micrort_port_heap_step){0};
}

#endif

void micrort_port_heap_shape(bool arena, struct micrort_port_heap_shape *shape)
{
	if (!arena) {
		system_shape(shape);
	} else if (IS_ENABLED(CONFIG_MICRORT_HEAP_ARENA)) {
		micrort_arena_shape(shape);
	} else {
		*shape = (struct micrort_port_heap_shape){0};
	}
}

void micrort_port_heap_step(bool arena, uint32_t from, struct micrort_port_heap_step *step)
{
	if (!arena) {
		system_step(from, step);
	} else if (IS_ENABLED(CONFIG_MICRORT_HEAP_ARENA)) {
		micrort_arena_step(from, step);
	}
}
