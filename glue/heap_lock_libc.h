/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

#ifndef MICRORT_GLUE_HEAP_LOCK_LIBC_H_
#define MICRORT_GLUE_HEAP_LOCK_LIBC_H_

/**
 * @file
 * @brief The two ways to stand in front of malloc() and its like.
 *
 * Zephyr's own are compiled with the image and get other names there (intercept.h). Those of a
 * library that was built before are passed by the linker (--wrap).
 */

#ifdef CONFIG_COMMON_LIBC_MALLOC
#include "intercept.h"
#define OURS(_function) _function
#else
#define OURS(_function) __wrap_##_function
#define REAL(_function) __real_##_function
#endif

#endif /* MICRORT_GLUE_HEAP_LOCK_LIBC_H_ */
