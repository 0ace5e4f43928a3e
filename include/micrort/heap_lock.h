/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief Forbid heap allocation for a while.
 */

#ifndef MICRORT_HEAP_LOCK_H_
#define MICRORT_HEAP_LOCK_H_

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <zephyr/kernel.h>
#include <zephyr/sys/iterable_sections.h>
#include <zephyr/toolchain.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @defgroup micrort_heap_lock Heap lock
 * @ingroup micrort
 *
 * While the depth is not zero, an allocation from a locked heap fails at once: it returns NULL,
 * sets errno to ENOMEM where the call does so, and does not wait even with K_FOREVER. A realloc
 * is refused and the block stays valid. Freeing works. Each refusal is recorded.
 *
 * The depth belongs to the calling thread, or with @kconfig{CONFIG_MICRORT_HEAP_LOCK_SYSTEM} to
 * the whole system. An interrupt counts as the thread that it interrupted.
 *
 * Which heaps are locked: @kconfig{CONFIG_MICRORT_HEAP_LOCK_KERNEL_HEAP},
 * @kconfig{CONFIG_MICRORT_HEAP_LOCK_LIBC_HEAP}, the heap of micrort_malloc(), and every k_heap
 * that is named with MICRORT_HEAP_LOCK_REGISTER(). Other heaps go on working.
 *
 * @since 0.1
 * @{
 */

/**
 * @brief Lock the heap, one level deeper.
 *
 * @funcprops \isr_ok, \pre_kernel_ok
 *
 * @retval 0          The heap is locked.
 * @retval -EOVERFLOW The depth is 65535. Nothing was changed.
 * @retval -EPERM     A user thread may not lock the heap of the whole system.
 */
__syscall int micrort_heap_lock(void);

/**
 * @brief Undo one micrort_heap_lock().
 *
 * @funcprops \isr_ok, \pre_kernel_ok
 *
 * @retval -EPERM The heap is not locked, or a user thread may not unlock it for the whole system.
 *                Nothing was changed.
 * @return else the depth after unlocking, 0 to 65534.
 */
__syscall int micrort_heap_unlock(void);

/**
 * @brief Read the depth.
 *
 * Needs @kconfig{CONFIG_MICRORT_HEAP_LOCKED}.
 *
 * @funcprops \isr_ok, \pre_kernel_ok
 *
 * @return the depth, 0 to 65535; 0 means that the heap is not locked.
 */
__syscall int micrort_heap_locked(void);

/**
 * @brief Tell whether the heap lock lets the caller allocate, for a heap that micrort does not know.
 *
 * If it does not, the refusal is recorded, with the address of the call. With
 * @kconfig{CONFIG_MICRORT_HEAP_LOCK}=n it always does. Not for user threads.
 *
 * @funcprops \isr_ok, \pre_kernel_ok
 *
 * @param size Bytes that the caller wants to allocate.
 *
 * @return whether it may.
 */
bool micrort_heap_may_allocate(size_t size);

/** @brief What is known of the allocations that were refused. */
struct micrort_heap_refusals {
	/** Number of refused allocations since boot; wraps at 2^32. */
	uint32_t count;
	/** Size that the last one asked for, in bytes. */
	size_t size;
	/** Address to which the last refused call would have returned. */
	void *caller;
	/** Thread that made the last one, or that it interrupted; NULL once it has ended. */
	k_tid_t thread;
	/** Whether the last one was made in an interrupt. */
	bool in_isr;
};

/**
 * @brief Read the record of refused allocations.
 *
 * @funcprops \isr_ok, \pre_kernel_ok
 *
 * @param refusals Where to store it; all zero when nothing was refused.
 */
void micrort_heap_refusals_get(struct micrort_heap_refusals *refusals);

/** @cond INTERNAL_HIDDEN */
struct micrort_locked_heap {
	struct k_heap *heap;
};

/* For malloc() in a user thread, which cannot look at the kernel's memory. */
__syscall bool micrort_heap_refuse_user(size_t size, void *caller);
/** @endcond */

/**
 * @brief Let the heap lock apply to a k_heap of the application.
 *
 * @param _heap Name of a k_heap variable.
 */
#ifdef LL_EXTENSION_BUILD
#define MICRORT_HEAP_LOCK_REGISTER(_heap)                                                          \
	BUILD_ASSERT(false, "the heap lock does not apply to heaps of an extension")
#else
#define MICRORT_HEAP_LOCK_REGISTER(_heap)                                                          \
	const STRUCT_SECTION_ITERABLE(micrort_locked_heap, micrort_locked_##_heap) = {            \
		.heap = &(_heap),                                                                  \
	}
#endif

/**
 * @brief Allocate from micrort's own heap, a Kconfig choice.
 *
 * @kconfig{CONFIG_MICRORT_HEAP_KERNEL}: Zephyr's system heap, k_malloc().
 * @kconfig{CONFIG_MICRORT_HEAP_ARENA}: a private arena of
 * @kconfig{CONFIG_MICRORT_HEAP_ARENA_SIZE} bytes; in an interrupt the answer is NULL.
 *
 * @funcprops \isr_ok
 *
 * @param size Bytes.
 *
 * @return a block aligned for any pointer, or NULL.
 */
void *micrort_malloc(size_t size);

/**
 * @brief Give back a block of micrort_malloc().
 *
 * Works with the heap locked. With the arena, a block that an interrupt frees becomes available
 * at the next call from a thread.
 *
 * @funcprops \isr_ok
 *
 * @param block The block, or NULL.
 */
void micrort_free(void *block);

/** @} */

#ifdef __cplusplus
}
#endif

#include <zephyr/syscalls/heap_lock.h>

#ifndef CONFIG_MICRORT_HEAP_LOCKED
/* Set CONFIG_MICRORT_HEAP_LOCKED=y to use it. */
#pragma GCC poison micrort_heap_locked
#endif

#endif /* MICRORT_HEAP_LOCK_H_ */
