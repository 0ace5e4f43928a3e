/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief Stacks that are used by a known number of calls.
 */

#ifndef MICRORT_TESTS_STACK_DEPTH_H_
#define MICRORT_TESTS_STACK_DEPTH_H_

#include <micrort/micrort.h>

/** Bytes at least that a level takes. */
#define LEVEL_BYTES 48

/** Call @a fn below so many levels of calls. */
void call_at_depth(int levels, void (*fn)(void *arg), void *arg);

/** A function for it: stores micrort_stack_use() in *result, an int. */
void note_stack_use(void *result);

/** As the kernel knows it; 0 where it does not. */
size_t stack_size_of(k_tid_t thread);

/* On native_sim a thread's stack is the host's, and no other one is known. */
#define OTHERS_KNOWN     (!IS_ENABLED(CONFIG_ARCH_POSIX))
#define HIGH_WATER_KNOWN (OTHERS_KNOWN && IS_ENABLED(CONFIG_INIT_STACKS))

/** Fail the test unless the figures fit together; @a used_known says whether used must be known. */
void check_usage(const struct micrort_stack_usage *usage, bool used_known);

#endif /* MICRORT_TESTS_STACK_DEPTH_H_ */
