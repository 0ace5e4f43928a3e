/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief "Locked" means every public way to a block of a heap: all that the headers of this Zephyr
 * declare, the kernel's own callers included.
 */

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include <zephyr/ztest.h>

#include <kernel_internal.h>

#include <micrort/micrort.h>

#include "allocators.h"
#include "helpers.h"

/** What is known of a function that the headers declare. */
struct way {
	/* One of allocators.c, which the other suites go through. */
	bool is_listed;
	/* Takes memory from the pool of the thread, and gives it back; whether there was some. */
	bool (*takes)(void);
	/* Why it is not called here. */
	const char *why_not;
};

#define WAY(_name)              static const __unused struct way way_##_name
#define LISTED(_name)           WAY(_name) = {.is_listed = true}
#define TAKES(_name, _takes)    WAY(_name) = {.takes = _takes}
#define NOT_CALLED(_name, _why) WAY(_name) = {.why_not = _why}

/* The kernel's */

LISTED(k_malloc);
LISTED(k_calloc);
LISTED(k_aligned_alloc);
LISTED(k_realloc);
LISTED(k_heap_alloc);
LISTED(k_heap_aligned_alloc);
LISTED(k_heap_realloc);
LISTED(k_heap_calloc);
NOT_CALLED(k_mem_slab_alloc, "a slab is no heap");
NOT_CALLED(k_pipe_alloc_init, "of CONFIG_PIPES; it takes its buffer from z_thread_malloc()");
NOT_CALLED(k_object_alloc, "of CONFIG_USERSPACE; tests/userspace calls it");
NOT_CALLED(k_object_alloc_size, "of CONFIG_USERSPACE; tests/userspace calls k_object_alloc()");

/* On the heap inside a k_heap they may only be called with the lock of that. */
#define BELOW "below the heaps that can be locked"
NOT_CALLED(sys_heap_alloc, BELOW);
NOT_CALLED(sys_heap_noalign_alloc, BELOW);
NOT_CALLED(sys_heap_aligned_alloc, BELOW);
NOT_CALLED(sys_heap_realloc, BELOW);
NOT_CALLED(sys_heap_aligned_realloc, BELOW);

static bool took(void *block)
{
	k_free(block);
	return block != NULL;
}

static bool takes_aligned(void)
{
	return took(z_thread_aligned_alloc(16, 40));
}

static bool takes(void)
{
	return took(z_thread_malloc(40));
}

TAKES(z_thread_aligned_alloc, takes_aligned);
TAKES(z_thread_malloc, takes);

static struct k_queue queue;
static int item;

static bool is_queued(int ret)
{
	zassert_equal(ret, k_queue_is_empty(&queue) ? -ENOMEM : 0);
	return k_queue_get(&queue, K_NO_WAIT) == &item;
}

static bool takes_for_append(void)
{
	k_queue_init(&queue);
	return is_queued(k_queue_alloc_append(&queue, &item));
}

static bool takes_for_prepend(void)
{
	k_queue_init(&queue);
	return is_queued(k_queue_alloc_prepend(&queue, &item));
}

TAKES(k_queue_alloc_append, takes_for_append);
TAKES(k_queue_alloc_prepend, takes_for_prepend);

static bool takes_for_msgq(void)
{
	struct k_msgq msgq;
	int ret = k_msgq_alloc_init(&msgq, 4, 10);

	if (ret == 0) {
		zassert_ok(k_msgq_cleanup(&msgq));
	} else {
		zassert_equal(ret, -ENOMEM);
	}
	return ret == 0;
}

static bool takes_for_stack(void)
{
	struct k_stack stack;
	int ret = k_stack_alloc_init(&stack, 10);

	if (ret == 0) {
		zassert_ok(k_stack_cleanup(&stack));
	} else {
		zassert_equal(ret, -ENOMEM);
	}
	return ret == 0;
}

TAKES(k_msgq_alloc_init, takes_for_msgq);
TAKES(k_stack_alloc_init, takes_for_stack);

#if defined(CONFIG_DYNAMIC_THREAD) && !defined(CONFIG_X86_64)
static bool takes_for_thread_stack(void)
{
	k_thread_stack_t *stack = k_thread_stack_alloc(256, 0);

	return stack != NULL && k_thread_stack_free(stack) == 0;
}

TAKES(k_thread_stack_alloc, takes_for_thread_stack);
#else
NOT_CALLED(k_thread_stack_alloc, "no CONFIG_DYNAMIC_THREAD, or a stack of pages that the heaps here lack");
#endif

/* The C library's */

LISTED(malloc);
LISTED(calloc);
LISTED(realloc);
LISTED(reallocarray);
LISTED(aligned_alloc);
NOT_CALLED(memalign, "with an allocator of its own, beside Zephyr's malloc()");
NOT_CALLED(valloc, "as memalign()");
NOT_CALLED(alloca, "of the stack");

#ifdef CONFIG_PICOLIBC
static bool is_freed(void *block)
{
	free(block);
	return block != NULL;
}

static bool takes_for_strdup(void)
{
	return is_freed(strdup("text"));
}

static bool takes_for_strndup(void)
{
	return is_freed(strndup("text", 2));
}

TAKES(strdup, takes_for_strdup);
TAKES(strndup, takes_for_strndup);
#else
NOT_CALLED(strdup, "of another C library");
NOT_CALLED(strndup, "of another C library");
#endif

static const struct {
	const char *name;
	const struct way *way;
} functions[] = {
#define FUNCTION(_name) {#_name, &way_##_name},
#include "functions.inc"
#undef FUNCTION
};

static void after(void *fixture)
{
	k_thread_heap_assign(k_current_get(), NULL);
	helpers_after(fixture);
	check_heaps();
}

ZTEST_SUITE(ways, NULL, NULL, unlock_all, after, NULL);

static bool is_of_allocators(const char *name)
{
	FOR_EACH_ALLOCATOR(a) {
		size_t length = strlen(name);

		if (strncmp(a->name, name, length) == 0 && !isalnum((int)a->name[length])) {
			return true;
		}
	}
	return false;
}

ZTEST(ways, test_all_are_known)
{
	ARRAY_FOR_EACH_PTR(functions, function) {
		const struct way *way = function->way;

		TC_PRINT("%s: %s\n", function->name,
			 way->is_listed ? "refused, see the other suites"
			 : way->takes   ? "refused, see below"
					: way->why_not);
		zassert_true(!way->is_listed || is_of_allocators(function->name), "%s",
			     function->name);
	}
}

static void check_pool(struct k_heap *pool, bool is_locked)
{
	k_thread_heap_assign(k_current_get(), pool);
	ARRAY_FOR_EACH_PTR(functions, function) {
		struct micrort_heap_refusals before;
		struct micrort_heap_refusals record;
		bool is_refused = is_locked;

		if (function->way->takes == NULL) {
			continue;
		}
		if (strncmp(function->name, "str", 3) == 0) {
			is_refused = IS_ENABLED(CONFIG_MICRORT_HEAP_LOCK_LIBC_HEAP);
		}
		zassert_true(function->way->takes(), "%s", function->name);
		micrort_heap_refusals_get(&before);
		zassert_ok(micrort_heap_lock());
		zassert_equal(function->way->takes(), !is_refused, "%s", function->name);
		zassert_equal(micrort_heap_unlock(), 0);
		micrort_heap_refusals_get(&record);
		zassert_equal(record.count - before.count, is_refused ? 1 : 0, "%s",
			      function->name);
		zassert_true(function->way->takes(), "%s", function->name);
	}
}

ZTEST(ways, test_pool_of_a_thread)
{
	check_pool(&_system_heap, IS_ENABLED(CONFIG_MICRORT_HEAP_LOCK_KERNEL_HEAP));
	check_pool(&registered_heap, true);
	check_pool(&other_heap, false);
}

/* A block knows its heap, which need not be the system's. */
ZTEST(ways, test_realloc_of_a_block_from_a_pool)
{
	struct k_heap *pools[] = {&_system_heap, &registered_heap, &other_heap};

	ARRAY_FOR_EACH(pools, i) {
		bool is_refused = (i == 0) ? IS_ENABLED(CONFIG_MICRORT_HEAP_LOCK_KERNEL_HEAP) : i == 1;
		void *block;
		void *larger;

		k_thread_heap_assign(k_current_get(), pools[i]);
		block = z_thread_malloc(40);
		zassert_not_null(block);
		zassert_ok(micrort_heap_lock());
		larger = k_realloc(block, 80);
		zassert_equal(larger == NULL, is_refused);
		zassert_equal(micrort_heap_unlock(), 0);
		/* A refused one is still there. */
		k_free(is_refused ? block : larger);
	}
}
