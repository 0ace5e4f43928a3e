/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief A call of each public function, made with the heap locked at depth 1.
 *
 * It checks that the function does what its header says for a locked heap. What was allocated and
 * refused meanwhile is checked by who makes it.
 */

#ifndef MICRORT_TESTS_CALLS_H_
#define MICRORT_TESTS_CALLS_H_

/** @brief Define the call of a function. */
#define CALL(_function) void call_##_function(void)

#define FUNCTION(_function) CALL(_function);
#include "functions.inc"
#undef FUNCTION

/** A string that is interned. */
#define KNOWN "known before the heap was locked"

/** A block of micrort's heap, for who wants to free it. */
extern void *block;

/** How many allocations the call is to be refused; 0 if it does not say. */
extern unsigned int refusals_expected;

#endif /* MICRORT_TESTS_CALLS_H_ */
