/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

#include <stdlib.h>

#include <zephyr/sys/sys_heap.h>
#include <zephyr/version.h>
#include <zephyr/ztest.h>

#include <micrort/micrort.h>

#include "allocators.h"

K_HEAP_DEFINE(registered_heap, 1024);
K_HEAP_DEFINE(other_heap, 1024);

MICRORT_HEAP_LOCK_REGISTER(registered_heap);

#define KERNEL_HEAP_LOCKED IS_ENABLED(CONFIG_MICRORT_HEAP_LOCK_KERNEL_HEAP)
#define LIBC_HEAP_LOCKED   IS_ENABLED(CONFIG_MICRORT_HEAP_LOCK_LIBC_HEAP)

/*
 * Not inlined and no tail call, so that the allocation returns into the function that is named
 * after it.
 */
#define ALLOCATOR(_name, _call)                                                                    \
	static __attribute__((noinline)) void *_name##_here(size_t size)                           \
	{                                                                                          \
		void *volatile block = _call;                                                      \
                                                                                                   \
		return block;                                                                      \
	}

ALLOCATOR(k_malloc, k_malloc(size))
ALLOCATOR(k_calloc, k_calloc(1, size))
ALLOCATOR(k_aligned_alloc, k_aligned_alloc(16, size))
ALLOCATOR(k_realloc, k_realloc(NULL, size))
ALLOCATOR(k_heap_alloc_system, k_heap_alloc(&_system_heap, size, K_NO_WAIT))
ALLOCATOR(k_heap_alloc_system_forever, k_heap_alloc(&_system_heap, size, K_FOREVER))
ALLOCATOR(k_heap_aligned_alloc_system, k_heap_aligned_alloc(&_system_heap, 16, size, K_NO_WAIT))
ALLOCATOR(k_heap_alloc_registered, k_heap_alloc(&registered_heap, size, K_NO_WAIT))
ALLOCATOR(k_heap_alloc_forever, k_heap_alloc(&registered_heap, size, K_FOREVER))
ALLOCATOR(k_heap_alloc_second, k_heap_alloc(&registered_heap, size, K_SECONDS(1)))
ALLOCATOR(k_heap_aligned_alloc_forever,
	  k_heap_aligned_alloc(&registered_heap, 16, size, K_FOREVER))
ALLOCATOR(k_heap_realloc_registered, k_heap_realloc(&registered_heap, NULL, size, K_FOREVER))
#if KERNEL_VERSION_NUMBER >= ZEPHYR_VERSION(4, 1, 0)
ALLOCATOR(k_heap_calloc_registered, k_heap_calloc(&registered_heap, 1, size, K_FOREVER))
#endif
ALLOCATOR(k_heap_alloc_other, k_heap_alloc(&other_heap, size, K_NO_WAIT))
ALLOCATOR(micrort_malloc, micrort_malloc(size))

static void free_to_system_heap(void *block)
{
	k_heap_free(&_system_heap, block);
}

static void free_to_registered_heap(void *block)
{
	k_heap_free(&registered_heap, block);
}

static void free_to_other_heap(void *block)
{
	k_heap_free(&other_heap, block);
}

#if defined(CONFIG_COMMON_LIBC_MALLOC)
ALLOCATOR(malloc, malloc(size))
ALLOCATOR(calloc, calloc(1, size))
ALLOCATOR(realloc, realloc(NULL, size))
ALLOCATOR(reallocarray, reallocarray(NULL, 1, size))
ALLOCATOR(aligned_alloc, aligned_alloc(16, size))
#endif

/* isr_ok: k_realloc() and the C library's calls are made for threads. */
const struct allocator allocators[] = {
	{"k_malloc", k_malloc_here, k_free, KERNEL_HEAP_LOCKED, false, true},
	{"k_calloc", k_calloc_here, k_free, KERNEL_HEAP_LOCKED, false, true},
	{"k_aligned_alloc", k_aligned_alloc_here, k_free, KERNEL_HEAP_LOCKED, false, true},
	{"k_realloc", k_realloc_here, k_free, KERNEL_HEAP_LOCKED, false, false},
	{"k_heap_alloc of the system heap", k_heap_alloc_system_here, free_to_system_heap,
	 KERNEL_HEAP_LOCKED, false, true},
	{"k_heap_alloc of the system heap, K_FOREVER", k_heap_alloc_system_forever_here,
	 free_to_system_heap, KERNEL_HEAP_LOCKED, false, false},
	{"k_heap_aligned_alloc of the system heap", k_heap_aligned_alloc_system_here,
	 free_to_system_heap, KERNEL_HEAP_LOCKED, false, true},
	{"k_heap_alloc of a registered heap", k_heap_alloc_registered_here,
	 free_to_registered_heap, true, false, true},
	{"k_heap_alloc, K_FOREVER", k_heap_alloc_forever_here, free_to_registered_heap, true, false,
	 false},
	{"k_heap_alloc, a second", k_heap_alloc_second_here, free_to_registered_heap, true, false,
	 false},
	{"k_heap_aligned_alloc, K_FOREVER", k_heap_aligned_alloc_forever_here,
	 free_to_registered_heap, true, false, false},
	{"k_heap_realloc, K_FOREVER", k_heap_realloc_registered_here, free_to_registered_heap, true,
	 false, false},
#if KERNEL_VERSION_NUMBER >= ZEPHYR_VERSION(4, 1, 0)
	{"k_heap_calloc, K_FOREVER", k_heap_calloc_registered_here, free_to_registered_heap, true,
	 false, false},
#endif
	{"k_heap_alloc of another heap", k_heap_alloc_other_here, free_to_other_heap, false, false,
	 true},
	{"micrort_malloc", micrort_malloc_here, micrort_free,
	 /* micrort's own heap is locked in any case. */
	 true, false, IS_ENABLED(CONFIG_MICRORT_HEAP_KERNEL)},
#if defined(CONFIG_COMMON_LIBC_MALLOC)
	{"malloc", malloc_here, free, LIBC_HEAP_LOCKED, true, false},
	{"calloc", calloc_here, free, LIBC_HEAP_LOCKED, true, false},
	{"realloc", realloc_here, free, LIBC_HEAP_LOCKED, true, false},
	{"reallocarray", reallocarray_here, free, LIBC_HEAP_LOCKED, true, false},
	{"aligned_alloc", aligned_alloc_here, free, LIBC_HEAP_LOCKED, true, false},
#endif
};

const size_t allocator_count = ARRAY_SIZE(allocators);

void unlock_all(void *fixture)
{
	ARG_UNUSED(fixture);

	while (micrort_heap_locked() > 0) {
		(void)micrort_heap_unlock();
	}
}

void check_heaps(void)
{
	zassert_true(sys_heap_validate(&_system_heap.heap));
	zassert_true(sys_heap_validate(&registered_heap.heap));
	zassert_true(sys_heap_validate(&other_heap.heap));
}
