/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief The C library's allocation functions, intercepted.
 */

#include <stdlib.h>

#include <micrort/heap_lock.h>

#include "heap_lock_libc.h"
#include "heap_refuse.h"
#include "port.h"

void *REAL(malloc)(size_t size);
void *REAL(calloc)(size_t nmemb, size_t size);
void *REAL(realloc)(void *ptr, size_t size);
void *REAL(reallocarray)(void *ptr, size_t nmemb, size_t size);

bool z_impl_micrort_heap_refuse_user(size_t size, void *caller)
{
	return micrort_any_refusal() && micrort_heap_refuse(size, caller);
}

void *OURS(malloc)(size_t size)
{
	return REFUSED_TO_ANY(size) ? out_of_memory() : REAL(malloc)(size);
}

void *OURS(calloc)(size_t nmemb, size_t size)
{
	return REFUSED_TO_ANY(nmemb * size) ? out_of_memory() : REAL(calloc)(nmemb, size);
}

/* With size 0 the next two may free, which works with the heap locked. */

void *OURS(realloc)(void *ptr, size_t size)
{
	return (size != 0 && REFUSED_TO_ANY(size)) ? out_of_memory() : REAL(realloc)(ptr, size);
}

void *OURS(reallocarray)(void *ptr, size_t nmemb, size_t size)
{
	return (nmemb != 0 && size != 0 && REFUSED_TO_ANY(nmemb * size))
		       ? out_of_memory()
		       : REAL(reallocarray)(ptr, nmemb, size);
}

/* Zephyr's own has none for an empty heap. */
#if !defined(CONFIG_COMMON_LIBC_MALLOC) || CONFIG_COMMON_LIBC_MALLOC_ARENA_SIZE != 0

void *REAL(aligned_alloc)(size_t align, size_t size);

void *OURS(aligned_alloc)(size_t align, size_t size)
{
	return REFUSED_TO_ANY(size) ? out_of_memory() : REAL(aligned_alloc)(align, size);
}

#endif

#ifdef CONFIG_NEWLIB_LIBC

/* What newlib's functions call, whoever called them. */

struct _reent;

void *__real__malloc_r(struct _reent *reent, size_t size);
void *__real__calloc_r(struct _reent *reent, size_t nmemb, size_t size);
void *__real__realloc_r(struct _reent *reent, void *ptr, size_t size);

void *__wrap__malloc_r(struct _reent *reent, size_t size)
{
	return REFUSED_TO_ANY(size) ? out_of_memory() : __real__malloc_r(reent, size);
}

void *__wrap__calloc_r(struct _reent *reent, size_t nmemb, size_t size)
{
	return REFUSED_TO_ANY(nmemb * size) ? out_of_memory()
					    : __real__calloc_r(reent, nmemb, size);
}

void *__wrap__realloc_r(struct _reent *reent, void *ptr, size_t size)
{
	return (size != 0 && REFUSED_TO_ANY(size)) ? out_of_memory()
						   : __real__realloc_r(reent, ptr, size);
}

#endif /* CONFIG_NEWLIB_LIBC */
