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
