/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief The heap behind the interned strings.
 */

#ifndef MICRORT_TESTS_NAMES_HEAP_H_
#define MICRORT_TESTS_NAMES_HEAP_H_

#include <stddef.h>

/** Bytes of it that are used. */
size_t heap_used(void);

/** Take all that is left. */
void heap_fill(void);

/** Give back what heap_fill() took. */
void heap_give_back(void);

/** Give everything back, unlock, and fail the test unless the heaps are sound. */
void heap_after(void *fixture);

#endif /* MICRORT_TESTS_NAMES_HEAP_H_ */
