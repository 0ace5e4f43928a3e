/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief The C library's allocation functions, intercepted by the linker (--wrap).
 */

#include <stddef.h>

#include <micrort/heap_lock.h>

#include "heap_refuse.h"
#include "port.h"

void *__real_malloc(size_t size);
void *__real_calloc(size_t nmemb, size_t size);
void *__real_realloc(void *ptr, size_t size);
void *__real_reallocarray(void *ptr, size_t nmemb, size_t size);
void *__real_aligned_alloc(size_t align, size_t size);

bool z_impl_micrort_heap_refuse_user(size_t size, void *caller)
{
	return micrort_any_refusal() && micrort_heap_refuse(size, caller);
}

void *__wrap_malloc(size_t size)
{
	return REFUSED_TO_ANY(size) ? out_of_memory() : __real_malloc(size);
}

void *__wrap_calloc(size_t nmemb, size_t size)
{
	return REFUSED_TO_ANY(nmemb * size) ? out_of_memory() : __real_calloc(nmemb, size);
}

/* With size 0 the next two may free, which works with the heap locked. */

void *__wrap_realloc(void *ptr, size_t size)
{
	return (size != 0 && REFUSED_TO_ANY(size)) ? out_of_memory() : __real_realloc(ptr, size);
}

void *__wrap_reallocarray(void *ptr, size_t nmemb, size_t size)
{
	return (nmemb != 0 && size != 0 && REFUSED_TO_ANY(nmemb * size))
		       ? out_of_memory()
		       : __real_reallocarray(ptr, nmemb, size);
}

void *__wrap_aligned_alloc(size_t align, size_t size)
{
	return REFUSED_TO_ANY(size) ? out_of_memory() : __real_aligned_alloc(align, size);
}
