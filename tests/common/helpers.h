/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief Threads for tests that need several.
 */

#ifndef MICRORT_TESTS_HELPERS_H_
#define MICRORT_TESTS_HELPERS_H_

#include <zephyr/kernel.h>

#define HELPERS 6

/** Longest time that a test waits for something that must come. */
#define PATIENCE K_SECONDS(5)

/** Start helper thread @a index; it is passed @a arg first. */
k_tid_t helper_start(int index, int priority, k_thread_entry_t entry, void *arg);

/** The same, started later by k_thread_start(). */
k_tid_t helper_create(int index, int priority, k_thread_entry_t entry, void *arg);

/** The thread of helper @a index. */
k_tid_t helper_thread(int index);

/** Fail the test unless helper @a index ends. */
void helper_join(int index);

/** Abort helper @a index. */
void helper_abort(int index);

/** Abort all that are left; the `after` of a suite. */
void helpers_after(void *fixture);

#endif /* MICRORT_TESTS_HELPERS_H_ */
