/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief memalign(), intercepted by the linker (--wrap).
 *
 * A file of its own, so that it is linked only where it is called: the C library's object that has
 * memalign() may define what Zephyr's malloc() defines, too, as picolibc's does.
 */

#include "heap_refuse.h"

void *__real_memalign(size_t align, size_t size);

void *__wrap_memalign(size_t align, size_t size)
{
	return REFUSED_TO_ANY(size) ? out_of_memory() : __real_memalign(align, size);
}
