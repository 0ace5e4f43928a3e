/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

#include <zephyr/ztest.h>

#include "helpers.h"

#ifndef HELPER_STACK_SIZE
#define HELPER_STACK_SIZE (IS_ENABLED(CONFIG_64BIT) ? 8192 : 1024)
#endif

static K_THREAD_STACK_ARRAY_DEFINE(stacks, HELPERS, HELPER_STACK_SIZE);
static struct k_thread threads[HELPERS];
static bool started[HELPERS];

k_tid_t helper_create(int index, int priority, k_thread_entry_t entry, void *arg)
{
	zassert_false(started[index], "helper %d is in use", index);
	started[index] = true;
	return k_thread_create(&threads[index], stacks[index], K_THREAD_STACK_SIZEOF(stacks[index]),
			       entry, arg, NULL, NULL, priority, 0, K_FOREVER);
}

k_tid_t helper_start(int index, int priority, k_thread_entry_t entry, void *arg)
{
	k_tid_t thread = helper_create(index, priority, entry, arg);

	k_thread_start(thread);
	return thread;
}

k_tid_t helper_thread(int index)
{
	return &threads[index];
}

void helper_join(int index)
{
	zassert_ok(k_thread_join(&threads[index], PATIENCE), "helper %d did not end", index);
	started[index] = false;
}

void helper_abort(int index)
{
	k_thread_abort(&threads[index]);
	started[index] = false;
}

void helpers_after(void *fixture)
{
	ARG_UNUSED(fixture);

	for (int i = 0; i < HELPERS; i++) {
		if (started[i]) {
			helper_abort(i);
		}
	}
}
