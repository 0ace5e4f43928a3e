/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief stack_use.h, micrort_stack_usage_get(): "any k_thread".
 */

#include <string.h>

#include <zephyr/ztest.h>

#include "helpers.h"
#include "stack_depth.h"

static K_SEM_DEFINE(waiting, 0, 1);
static K_SEM_DEFINE(go_on, 0, 1);

static struct micrort_stack_usage usage, untouched;

static void before(void *fixture)
{
	ARG_UNUSED(fixture);
	memset(&untouched, 0x5a, sizeof(untouched));
	usage = untouched;
	k_sem_reset(&waiting);
	k_sem_reset(&go_on);
}

ZTEST_SUITE(stack_threads, NULL, NULL, before, helpers_after, NULL);

/* On native_sim: what the others are is not known. */
static bool only_own_known(k_tid_t thread)
{
	if (OTHERS_KNOWN) {
		return false;
	}
	zassert_equal(micrort_stack_usage_get(thread, &usage), -ENOTSUP);
	zassert_mem_equal(&usage, &untouched, sizeof(usage));

	return true;
}

/* By the function that calls micrort_stack_use(), and by the one that then waits. */
#define NEAR 400

static int used_by_helper;

static void note_and_wait(void *arg)
{
	ARG_UNUSED(arg);
	used_by_helper = micrort_stack_use();
	k_sem_give(&waiting);
	(void)k_sem_take(&go_on, K_FOREVER);
}

static void wait_at_depth(void *levels, void *p2, void *p3)
{
	call_at_depth(POINTER_TO_INT(levels), note_and_wait, NULL);
}

/** A thread that waits, at two depths */
ZTEST(stack_threads, test_pended_thread)
{
	const int levels = 6;
	size_t used[2];

	for (int i = 0; i < 2; i++) {
		k_tid_t thread = helper_start(0, 0, wait_at_depth, INT_TO_POINTER(i * levels));

		zassert_ok(k_sem_take(&waiting, PATIENCE));
		if (!only_own_known(thread)) {
			zassert_ok(micrort_stack_usage_get(thread, &usage));
			check_usage(&usage, true);
			zassert_equal(usage.size, stack_size_of(thread));
			zassert_within((int)usage.used, used_by_helper, NEAR);
			used[i] = usage.used;
		}
		k_sem_give(&go_on);
		helper_join(0);
	}
	if (OTHERS_KNOWN) {
		zassert_true(used[1] >= used[0] + levels * LEVEL_BYTES, "%zu, %zu", used[0],
			     used[1]);
	}
}

static volatile bool stop;

static void note_and_spin(void *arg)
{
	ARG_UNUSED(arg);
	used_by_helper = micrort_stack_use();
	while (!stop) {
		/* On native_sim time passes in this alone. */
		k_busy_wait(50);
	}
}

static void spin_at_depth(void *levels, void *p2, void *p3)
{
	call_at_depth(POINTER_TO_INT(levels), note_and_spin, NULL);
}

/* A thread that runs only while this one sleeps. */
static k_tid_t start_spinning(void)
{
	k_tid_t thread;

	stop = false;
	used_by_helper = 0;
	thread = helper_start(0, 10, spin_at_depth, INT_TO_POINTER(3));
	k_msleep(2);
	zassert_true(used_by_helper > 0);

	return thread;
}

/** A thread that would run if this one let it */
ZTEST(stack_threads, test_ready_thread)
{
	k_tid_t thread = start_spinning();

	if (!only_own_known(thread)) {
		zassert_ok(micrort_stack_usage_get(thread, &usage));
		check_usage(&usage, true);
		zassert_within((int)usage.used, used_by_helper, NEAR);
	}
	stop = true;
	helper_join(0);
}

/** A thread that was suspended, and one that has not begun */
ZTEST(stack_threads, test_suspended_and_new_thread)
{
	k_tid_t fresh = helper_create(1, 0, wait_at_depth, INT_TO_POINTER(0));
	k_tid_t thread = start_spinning();

	k_thread_suspend(thread);
	if (!only_own_known(thread)) {
		zassert_ok(micrort_stack_usage_get(thread, &usage));
		check_usage(&usage, true);
		zassert_within((int)usage.used, used_by_helper, NEAR);
	}
	usage = untouched;
	if (!only_own_known(fresh)) {
		zassert_ok(micrort_stack_usage_get(fresh, &usage));
		check_usage(&usage, true);
		/* What the kernel has put there for its start. */
		zassert_true(usage.used < 400);
	}
	stop = true;
	k_thread_resume(thread);
	helper_join(0);
	helper_abort(1);
}

static struct micrort_stack_usage usage_by_name;
static int result_by_name;

static void look_at_itself(void *thread, void *p2, void *p3)
{
	result_by_name = micrort_stack_usage_get(thread, &usage_by_name);
	used_by_helper = micrort_stack_use();
}

/** "any k_thread": of itself, on native_sim too */
ZTEST(stack_threads, test_running_thread)
{
	helper_start(0, 0, look_at_itself, helper_thread(0));
	helper_join(0);
	zassert_ok(result_by_name);
	check_usage(&usage_by_name, true);
	zassert_within((int)usage_by_name.used, used_by_helper, 256);
}

static void is_no_thread(k_tid_t thread)
{
	int ret;

	usage = untouched;
	ret = micrort_stack_usage_get(thread, &usage);
	zassert_true(ret == -ESRCH || (!OTHERS_KNOWN && ret == -ENOTSUP), "%p: %d", thread, ret);
	zassert_mem_equal(&usage, &untouched, sizeof(usage));
	zassert_equal(micrort_stack_usage_get(thread, NULL), -EINVAL);
}

/** "-ESRCH: No thread, or one that has ended"; and it may begin again */
ZTEST(stack_threads, test_ended_thread)
{
	for (int round = 0; round < 2; round++) {
		k_tid_t thread = helper_start(0, 0, wait_at_depth, INT_TO_POINTER(0));

		zassert_ok(k_sem_take(&waiting, PATIENCE));
		zassert_equal(micrort_stack_usage_get(thread, &usage), OTHERS_KNOWN ? 0 : -ENOTSUP);
		k_sem_give(&go_on);
		helper_join(0);
		is_no_thread(thread);

		thread = helper_start(0, 0, wait_at_depth, INT_TO_POINTER(0));
		zassert_ok(k_sem_take(&waiting, PATIENCE));
		helper_abort(0);
		is_no_thread(thread);
	}
}

/** Memory that never was a thread */
ZTEST(stack_threads, test_thread_that_never_was)
{
	static struct k_thread zeroed;
	static uint8_t garbage[sizeof(struct k_thread)] __aligned(16);

	is_no_thread(&zeroed);
	is_no_thread((k_tid_t)(garbage + 1));
	/* "With CONFIG_THREAD_MONITOR anything else is recognized, and not looked at" */
	if (IS_ENABLED(CONFIG_THREAD_MONITOR)) {
		static const uintptr_t addresses[] = {1, 8, 0xfffffff0, UINTPTR_MAX,
						      UINTPTR_MAX - 15};

		memset(garbage, 0xff, sizeof(garbage));
		is_no_thread((k_tid_t)garbage);
		is_no_thread((k_tid_t)is_no_thread);
		ARRAY_FOR_EACH(addresses, i) {
			is_no_thread((k_tid_t)addresses[i]);
		}
		/* A copy of a thread is none. */
		memcpy(garbage, k_current_get(), sizeof(garbage));
		is_no_thread((k_tid_t)garbage);
		is_no_thread((k_tid_t)((uintptr_t)k_current_get() + 1));
	}
}
