/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief The C half of the host port, for C programs: compiled with them (docs/host.md).
 */

#include <stdarg.h>
#include <stdio.h>

#include <zephyr/kernel.h>

#include "../glue/port.h"

void printk(const char *fmt, ...)
{
	char text[256];
	va_list arguments;
	int length;

	va_start(arguments, fmt);
	length = vsnprintf(text, sizeof(text), fmt, arguments);
	va_end(arguments);
	if (length > 0) {
		micrort_host_print(text, (size_t)length < sizeof(text) ? (size_t)length : sizeof(text) - 1);
	}
}

bool micrort_heap_may_allocate(size_t size)
{
	return !micrort_heap_refuse(size, __builtin_return_address(0));
}

void *micrort_malloc(size_t size)
{
	if (micrort_heap_refuse(size, __builtin_return_address(0))) {
		return NULL;
	}

	return micrort_arena_alloc(size);
}

void micrort_free(void *block)
{
	micrort_arena_free(block);
}
