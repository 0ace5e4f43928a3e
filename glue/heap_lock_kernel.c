/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief The kernel's allocation functions, intercepted by the linker (--wrap).
 *
 * k_malloc() and its like are intercepted by name so that the record of a refusal gives their
 * caller; the k_heap functions behind them, for everything that reaches a locked heap otherwise.
 * Refusing at this level, and not at sys_heap's, makes K_FOREVER fail at once.
 */

#include <zephyr/kernel.h>
#include <zephyr/sys/iterable_sections.h>

#include "heap_refuse.h"
#include "port.h"

/*
 * The slower half of a function that is called often: the other half, where nobody is refused, is
 * then a load, a branch and a jump. It is jumped to, so its caller is that of the whole; where the
 * compiler makes no such jumps, it is no half.
 */
#if defined(CONFIG_NO_OPTIMIZATIONS) || defined(CONFIG_DEBUG_OPTIMIZATIONS)
#define APART ALWAYS_INLINE
#else
#define APART __attribute__((noinline))
#endif

#if defined(CONFIG_MICRORT_HEAP_LOCK_KERNEL_HEAP) && K_HEAP_MEM_POOL_SIZE > 0
#define LOCKS_SYSTEM_HEAP 1

extern struct k_heap _system_heap;

void *__real_k_malloc(size_t size);
void *__real_k_calloc(size_t nmemb, size_t size);
void *__real_k_aligned_alloc(size_t align, size_t size);
void *__real_k_realloc(void *ptr, size_t size);

static APART void *k_malloc_if_allowed(size_t size)
{
	return micrort_heap_refuse(size, __builtin_return_address(0)) ? NULL
								      : __real_k_malloc(size);
}

void *__wrap_k_malloc(size_t size)
{
	return micrort_any_refusal() ? k_malloc_if_allowed(size) : __real_k_malloc(size);
}

void *__wrap_k_calloc(size_t nmemb, size_t size)
{
	return REFUSED(nmemb * size) ? NULL : __real_k_calloc(nmemb, size);
}

void *__wrap_k_aligned_alloc(size_t align, size_t size)
{
	return REFUSED(size) ? NULL : __real_k_aligned_alloc(align, size);
}

void *__wrap_k_realloc(void *ptr, size_t size)
{
	/* A block made of size 0 is freed, which works with the heap locked. */
	return ((ptr == NULL || size != 0) && REFUSED(size)) ? NULL
							     : __real_k_realloc(ptr, size);
}

#endif

static bool is_lockable(struct k_heap *heap)
{
#ifdef LOCKS_SYSTEM_HEAP
	if (heap == &_system_heap) {
		return true;
	}
#endif
	STRUCT_SECTION_FOREACH(micrort_locked_heap, locked) {
		if (heap == locked->heap) {
			return true;
		}
	}

	return false;
}

#define REFUSED_FROM(heap, size) (micrort_any_refusal() && is_lockable(heap) && REFUSED(size))

void *__real_k_heap_alloc(struct k_heap *heap, size_t bytes, k_timeout_t timeout);
void *__real_k_heap_aligned_alloc(struct k_heap *heap, size_t align, size_t bytes,
				  k_timeout_t timeout);
void *__real_k_heap_realloc(struct k_heap *heap, void *ptr, size_t bytes, k_timeout_t timeout);

void *__wrap_k_heap_alloc(struct k_heap *heap, size_t bytes, k_timeout_t timeout)
{
	return REFUSED_FROM(heap, bytes) ? NULL : __real_k_heap_alloc(heap, bytes, timeout);
}

static APART void *k_heap_aligned_alloc_if_allowed(struct k_heap *heap, size_t align, size_t bytes,
						   k_timeout_t timeout)
{
	return REFUSED_FROM(heap, bytes)
		       ? NULL
		       : __real_k_heap_aligned_alloc(heap, align, bytes, timeout);
}

void *__wrap_k_heap_aligned_alloc(struct k_heap *heap, size_t align, size_t bytes,
				  k_timeout_t timeout)
{
	return micrort_any_refusal() ? k_heap_aligned_alloc_if_allowed(heap, align, bytes, timeout)
				     : __real_k_heap_aligned_alloc(heap, align, bytes, timeout);
}

void *__wrap_k_heap_realloc(struct k_heap *heap, void *ptr, size_t bytes, k_timeout_t timeout)
{
	return ((ptr == NULL || bytes != 0) && REFUSED_FROM(heap, bytes))
		       ? NULL
		       : __real_k_heap_realloc(heap, ptr, bytes, timeout);
}
