/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief The host's side of glue/stack.c: built with the host's headers, not with Zephyr's.
 */

#define _GNU_SOURCE
#include <pthread.h>
#include <stddef.h>
#include <stdint.h>

int micrort_native_stack(uintptr_t *start, size_t *size)
{
	pthread_attr_t attributes;
	void *address;
	int error;

	if (pthread_getattr_np(pthread_self(), &attributes) != 0) {
		return -1;
	}
	error = pthread_attr_getstack(&attributes, &address, size);
	*start = (uintptr_t)address;
	(void)pthread_attr_destroy(&attributes);

	return error == 0 ? 0 : -1;
}
