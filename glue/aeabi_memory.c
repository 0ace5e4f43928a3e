/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief What Rust calls on Arm to copy and fill memory, by the C library that the image has anyway.
 *
 * Otherwise Rust brings functions of its own, of more than a kilobyte. Weak, because a C library may
 * have them, too.
 */

#include <stddef.h>
#include <string.h>

#include <zephyr/toolchain.h>

#define ALIGNMENTS(_define) _define() _define(4) _define(8)

#define DEFINE(_alignment)                                                                         \
	void __weak __aeabi_memcpy##_alignment(void *to, const void *from, size_t size)            \
	{                                                                                          \
		(void)memcpy(to, from, size);                                                      \
	}                                                                                          \
	void __weak __aeabi_memmove##_alignment(void *to, const void *from, size_t size)           \
	{                                                                                          \
		(void)memmove(to, from, size);                                                     \
	}                                                                                          \
	void __weak __aeabi_memset##_alignment(void *to, size_t size, int byte)                    \
	{                                                                                          \
		(void)memset(to, byte, size);                                                      \
	}                                                                                          \
	void __weak __aeabi_memclr##_alignment(void *to, size_t size)                              \
	{                                                                                          \
		(void)memset(to, 0, size);                                                         \
	}

ALIGNMENTS(DEFINE)
