/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

#include <zephyr/sys/atomic.h>
#include <zephyr/ztest.h>

#include "trace.h"

#define TRACE_SIZE 64

static atomic_t count;
static int trace[TRACE_SIZE];

void trace_reset(void)
{
	atomic_set(&count, 0);
}

void trace_add(int number)
{
	atomic_val_t index = atomic_inc(&count);

	if (index < TRACE_SIZE) {
		trace[index] = number;
	}
}

size_t trace_count(void)
{
	return (size_t)atomic_get(&count);
}

int trace_at(size_t index)
{
	return index < MIN(trace_count(), TRACE_SIZE) ? trace[index] : -1;
}

void trace_compare(const int *expected, size_t expected_count, int line)
{
	for (size_t i = 0; i < MIN(expected_count, trace_count()); i++) {
		zassert_equal(trace_at(i), expected[i], "line %d: entry %d ran at place %d, not %d",
			      line, trace_at(i), (int)i, expected[i]);
	}
	zassert_equal(trace_count(), expected_count, "line %d: %d entries ran, not %d", line,
		      (int)trace_count(), (int)expected_count);
}

void trace_function(void *number)
{
	trace_add(POINTER_TO_INT(number));
}
