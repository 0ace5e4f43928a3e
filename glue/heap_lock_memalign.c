/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief memalign(), intercepted.
 *
 * A file of its own, so that it is linked only where it is called: the C library's object that has
 * memalign() may define more of what is intercepted.
 */

#include "heap_lock_libc.h"
#include "heap_refuse.h"

void *REAL(memalign)(size_t align, size_t size);

void *OURS(memalign)(size_t align, size_t size)
{
	return REFUSED_TO_ANY(size) ? out_of_memory() : REAL(memalign)(align, size);
}

#ifdef CONFIG_NEWLIB_LIBC

struct _reent;

void *__real__memalign_r(struct _reent *reent, size_t align, size_t size);

void *__wrap__memalign_r(struct _reent *reent, size_t align, size_t size)
{
	return REFUSED_TO_ANY(size) ? out_of_memory() : __real__memalign_r(reent, align, size);
}

#endif
