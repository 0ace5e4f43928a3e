/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief Every function of the kernel's that gives blocks of a k_heap, intercepted.
 *
 * All of them, because whether one calls another differs between versions. Refusing at this level,
 * and not at sys_heap's, makes K_FOREVER fail at once and gives the record its caller.
 */

#include <zephyr/kernel.h>
#include <zephyr/sys/iterable_sections.h>

#include <kernel_internal.h>

#include "heap_refuse.h"
#include "intercept.h"
#include "port.h"

#if K_HEAP_MEM_POOL_SIZE > 0
extern struct k_heap _system_heap;
#define SYSTEM_HEAP (&_system_heap)
#else
#define SYSTEM_HEAP NULL
#endif

/*
 * The slower half of a function that is called often: the other half, where nobody is refused, is
 * then a load, a branch and a jump. It is jumped to, so its caller is that of the whole; where the
 * compiler makes no such jumps, it is no half.
 */
#if defined(CONFIG_NO_OPTIMIZATIONS) || defined(CONFIG_DEBUG_OPTIMIZATIONS) ||                     \
	defined(CONFIG_ARMV6_M_ARMV8_M_BASELINE)
#define APART ALWAYS_INLINE
#else
#define APART __attribute__((noinline))
#endif

static bool is_lockable(struct k_heap *heap)
{
	if (IS_ENABLED(CONFIG_MICRORT_HEAP_LOCK_KERNEL_HEAP) && heap == SYSTEM_HEAP) {
		return true;
	}
	STRUCT_SECTION_FOREACH(micrort_locked_heap, locked) {
		if (heap == locked->heap) {
			return true;
		}
	}

	return false;
}

static __attribute__((noinline)) bool is_refused(struct k_heap *heap, size_t size, void *caller)
{
	return is_lockable(heap) && micrort_heap_refuse(size, caller);
}

#define REFUSED_FROM(heap, size)                                                                   \
	(micrort_any_refusal() && is_refused((heap), (size), __builtin_return_address(0)))

#if K_HEAP_MEM_POOL_SIZE > 0

#ifdef CONFIG_MICRORT_HEAP_LOCK_KERNEL_HEAP

DECLARE_REAL(k_malloc);
DECLARE_REAL(k_calloc);
DECLARE_REAL(k_aligned_alloc);

static APART void *k_malloc_if_allowed(size_t size)
{
	return micrort_heap_refuse(size, __builtin_return_address(0)) ? NULL : REAL(k_malloc)(size);
}

void *k_malloc(size_t size)
{
	return micrort_any_refusal() ? k_malloc_if_allowed(size) : REAL(k_malloc)(size);
}

void *k_calloc(size_t nmemb, size_t size)
{
	return REFUSED(nmemb * size) ? NULL : REAL(k_calloc)(nmemb, size);
}

void *k_aligned_alloc(size_t align, size_t size)
{
	return REFUSED(size) ? NULL : REAL(k_aligned_alloc)(align, size);
}

#endif /* CONFIG_MICRORT_HEAP_LOCK_KERNEL_HEAP */

DECLARE_REAL(k_realloc);

void *k_realloc(void *ptr, size_t size)
{
	/* In front of a block of mempool.c's stands its heap, which may be that of a thread's pool. */
	struct k_heap *heap = (ptr == NULL) ? SYSTEM_HEAP : ((struct k_heap **)ptr)[-1];

	/* A block made of size 0 is freed, which works with the heap locked. */
	return ((ptr == NULL || size != 0) && REFUSED_FROM(heap, size)) ? NULL
									: REAL(k_realloc)(ptr, size);
}

#endif /* K_HEAP_MEM_POOL_SIZE > 0 */

DECLARE_REAL(k_heap_alloc);
DECLARE_REAL(k_heap_aligned_alloc);
DECLARE_REAL(k_heap_realloc);

void *k_heap_alloc(struct k_heap *heap, size_t bytes, k_timeout_t timeout)
{
	return REFUSED_FROM(heap, bytes) ? NULL : REAL(k_heap_alloc)(heap, bytes, timeout);
}

static APART void *k_heap_aligned_alloc_if_allowed(struct k_heap *heap, size_t align, size_t bytes,
						   k_timeout_t timeout)
{
	return REFUSED_FROM(heap, bytes) ? NULL
					 : REAL(k_heap_aligned_alloc)(heap, align, bytes, timeout);
}

/* In 3.7 k_malloc() comes through here as well. */
void *k_heap_aligned_alloc(struct k_heap *heap, size_t align, size_t bytes, k_timeout_t timeout)
{
	return micrort_any_refusal() ? k_heap_aligned_alloc_if_allowed(heap, align, bytes, timeout)
				     : REAL(k_heap_aligned_alloc)(heap, align, bytes, timeout);
}

#ifdef MICRORT_INTERCEPTS_k_heap_calloc
DECLARE_REAL(k_heap_calloc);

void *k_heap_calloc(struct k_heap *heap, size_t num, size_t size, k_timeout_t timeout)
{
	return REFUSED_FROM(heap, num * size) ? NULL
					      : REAL(k_heap_calloc)(heap, num, size, timeout);
}
#endif

void *k_heap_realloc(struct k_heap *heap, void *ptr, size_t bytes, k_timeout_t timeout)
{
	return ((ptr == NULL || bytes != 0) && REFUSED_FROM(heap, bytes))
		       ? NULL
		       : REAL(k_heap_realloc)(heap, ptr, bytes, timeout);
}

/* The kernel's own allocations, from the pool of the thread that caused them. */
static struct k_heap *pool(void)
{
	return k_is_in_isr() ? SYSTEM_HEAP : _current->resource_pool;
}

DECLARE_REAL(z_thread_aligned_alloc);

void *z_thread_aligned_alloc(size_t align, size_t size)
{
	return REFUSED_FROM(pool(), size) ? NULL : REAL(z_thread_aligned_alloc)(align, size);
}

#ifdef MICRORT_INTERCEPTS_z_thread_malloc
DECLARE_REAL(z_thread_malloc);

void *z_thread_malloc(size_t size)
{
	return REFUSED_FROM(pool(), size) ? NULL : REAL(z_thread_malloc)(size);
}
#endif
