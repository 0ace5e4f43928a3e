/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief What memory is used for.
 */

#ifndef MICRORT_MEM_INFO_H_
#define MICRORT_MEM_INFO_H_

#include <stdbool.h>
#include <stddef.h>

#include <micrort/print.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @defgroup micrort_mem_info What memory is used for
 * @ingroup micrort
 *
 * Reports need no allocation, so that they work with the heap locked and in scheduled functions.
 * They look at a few blocks at a time, with interrupts masked only that long, and hold no lock
 * while they print; a heap that changes meanwhile is shown as it was when each part was looked at,
 * and the report says so. Needs @kconfig{CONFIG_MICRORT_MEM_INFO}.
 *
 * @since 0.1
 * @{
 */

/**
 * @brief Print how the stack and the heaps are used.
 *
 * The lines, in this order:
 *
 * - `stack: %u out of %u`: bytes in use on the caller's stack, and its size; not where
 *   micrort_stack_use() knows nothing.
 * - For the heap behind micrort_malloc(), and after a line `system heap:` for the system heap if
 *   that is another one:
 *   - `GC: total: %u, used: %u, free: %u`, in bytes;
 *   - ` No. of 1-blocks: %u, 2-blocks: %u, max blk sz: %u, max free sz: %u`, in units of the heap
 *     (the system heap's are 8 bytes, the arena's 16);
 *   - with @a verbose, `GC memory layout; from %x:`, and for every 64 units a row of their offset
 *     in bytes, `%08x: `, and a character for each: `.` free, `h` the first one of a block that is
 *     used, `=` the others. Two rows or more in which all is free are one line,
 *     `       (%u lines all free)`;
 *   - `heap changed while it was listed`, if it did;
 *   - `peak: %u, allocated: %u`: bytes that were handed out at most, and that are now, without
 *     headers, where the heap counts them: the arena, and the system heap with
 *     @kconfig{CONFIG_SYS_HEAP_RUNTIME_STATS}.
 * - `lock: depth: %u, refused: %u`: the heap lock's depth, how many allocations it has refused,
 *   and if any, `, last: %u`, the bytes that the last one asked for.
 *
 * Callable from threads, not from user threads.
 *
 * @param printer Takes the report; NULL for printk().
 * @param verbose Whether to print the maps.
 *
 * @retval 0            The report was printed.
 * @retval -EWOULDBLOCK Called in an interrupt. Nothing was printed.
 * @retval -ENOTSUP     Without @kconfig{CONFIG_MICRORT_MEM_INFO}.
 * @return else the printer's error, after which nothing more was printed.
 */
int micrort_mem_info(const struct micrort_printer *printer, bool verbose);

/** @brief A heap. */
enum micrort_heap_id {
	/** Zephyr's system heap, k_malloc(). */
	MICRORT_HEAP_ID_SYSTEM = 0,
	/** The private arena, @kconfig{CONFIG_MICRORT_HEAP_ARENA}. */
	MICRORT_HEAP_ID_ARENA = 1,
};

/**
 * @brief How a heap is used.
 *
 * @a used and @a free are made of whole blocks with their headers, so that their sum is @a total.
 */
struct micrort_heap_info {
	/** Bytes that can be used or free. */
	size_t total;
	/** Bytes in blocks that are used. */
	size_t used;
	/** Bytes that are free. */
	size_t free;
	/** Bytes of the heap's unit, in which the sizes of blocks are given here. */
	size_t block_size;
	/** Number of used blocks of one unit. */
	size_t one_blocks;
	/** Number of used blocks of two units. */
	size_t two_blocks;
	/** Units of the largest used block. */
	size_t max_block;
	/** Units of the largest free piece. */
	size_t max_free;
	/** Bytes that are handed out, without headers; 0 where the heap does not count them. */
	size_t allocated;
	/** Largest value of @a allocated since boot; 0 where the heap does not count it. */
	size_t peak;
};

/**
 * @brief Tell how a heap is used.
 *
 * Callable from threads, not from user threads.
 *
 * @param which A value of enum micrort_heap_id.
 * @param info  Where to store it; left alone if the call fails.
 *
 * @retval 0            Stored.
 * @retval -EINVAL      No such heap, or @a info is NULL.
 * @retval -ENOTSUP     That heap is not configured, or without @kconfig{CONFIG_MICRORT_MEM_INFO}.
 * @retval -EWOULDBLOCK Called in an interrupt.
 */
int micrort_heap_info_get(int which, struct micrort_heap_info *info);

/** @} */

#ifdef __cplusplus
}
#endif

#endif /* MICRORT_MEM_INFO_H_ */
