/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief What ran, and in which order.
 */

#ifndef MICRORT_TESTS_TRACE_H_
#define MICRORT_TESTS_TRACE_H_

#include <stddef.h>

#include <zephyr/sys/util.h>

/** Forget everything. */
void trace_reset(void);

/** Note that entry @a number ran. From any context. */
void trace_add(int number);

/** How many were noted. */
size_t trace_count(void);

/** The one at @a index, or -1. */
int trace_at(size_t index);

/** Fail the test unless exactly @a expected was noted. */
void trace_compare(const int *expected, size_t count, int line);

#define TRACE_EXPECT(...)                                                                          \
	do {                                                                                       \
		const int trace_expected[] = {__VA_ARGS__};                                 \
		trace_compare(trace_expected, ARRAY_SIZE(trace_expected), __LINE__);               \
	} while (false)

#define TRACE_EXPECT_NOTHING() trace_compare(NULL, 0, __LINE__)

/** A function for micrort_schedule(): notes its argument as a number. */
void trace_function(void *number);

#endif /* MICRORT_TESTS_TRACE_H_ */
