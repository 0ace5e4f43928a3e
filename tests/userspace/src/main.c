/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief design.md: "From user threads (CONFIG_USERSPACE) the calls that are safe are syscalls with
 * checked arguments; scheduling a supervisor function from a user thread is impossible."
 */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <zephyr/ztest.h>
#include <zephyr/ztest_error_hook.h>

#include <micrort/micrort.h>

#define PATIENCE    K_SECONDS(5)
#define SYSTEM_LOCK IS_ENABLED(CONFIG_MICRORT_HEAP_LOCK_SYSTEM)

static K_THREAD_STACK_DEFINE(stack, 2048);
static struct k_thread thread;

/* User threads write what they find here. */
static ZTEST_BMEM int found[8];
static ZTEST_BMEM void *found_block[3];
static ZTEST_BMEM int found_errno;

static bool function_ran;

static void before(void *fixture)
{
	ARG_UNUSED(fixture);

	memset(found, 0xff, sizeof(found));
	function_ran = false;
	while (micrort_heap_locked() > 0) {
		(void)micrort_heap_unlock();
	}
}

ZTEST_SUITE(userspace, NULL, NULL, before, NULL, NULL);

static void run_in_user_thread(k_thread_entry_t entry)
{
	k_thread_create(&thread, stack, K_THREAD_STACK_SIZEOF(stack), entry, NULL, NULL, NULL, 0,
			K_USER | K_INHERIT_PERMS, K_NO_WAIT);
	zassert_ok(k_thread_join(&thread, PATIENCE));
}

static void lock_calls(void *p1, void *p2, void *p3)
{
	found[0] = micrort_heap_locked();
	found[1] = micrort_heap_lock();
	found[2] = micrort_heap_lock();
	found[3] = micrort_heap_locked();
	found[4] = micrort_heap_unlock();
	found[5] = micrort_heap_unlock();
	found[6] = micrort_heap_unlock();
	found[7] = k_is_user_context();
}

/** micrort_heap_lock(), micrort_heap_unlock(), micrort_heap_locked() are syscalls. */
ZTEST(userspace, test_heap_lock_from_a_user_thread)
{
	run_in_user_thread(lock_calls);
	zassert_equal(found[7], 1, "this test needs a user thread");
	if (SYSTEM_LOCK) {
		/* One lock for the whole system is not a user thread's to hold. */
		zassert_equal(found[0], 0);
		zassert_equal(found[1], -EPERM);
		zassert_equal(found[3], 0);
		zassert_equal(found[4], -EPERM);
		zassert_equal(micrort_heap_locked(), 0);
		return;
	}
	zassert_equal(found[0], 0);
	zassert_equal(found[1], 0);
	zassert_equal(found[2], 0);
	zassert_equal(found[3], 2);
	zassert_equal(found[4], 1);
	zassert_equal(found[5], 0);
	zassert_equal(found[6], -EPERM);
	zassert_equal(micrort_heap_locked(), 0);
}

static void lock_and_end(void *p1, void *p2, void *p3)
{
	found[0] = micrort_heap_lock();
}

/** A user thread that ends locked leaves nothing to the next one. */
ZTEST(userspace, test_ended_user_thread_leaves_no_lock)
{
	if (SYSTEM_LOCK) {
		TC_PRINT("skipped: the system's depth belongs to no thread\n");
		ztest_test_skip();
	}
	for (int i = 0; i < 12; i++) {
		run_in_user_thread(lock_and_end);
		zassert_ok(found[0], "thread %d", i);
	}
	run_in_user_thread(lock_calls);
	zassert_equal(found[0], 0);
}

/** A kernel object's memory is from the pool of the thread that asks for it. */
ZTEST(userspace, test_object_from_a_locked_heap)
{
	void *object;

	k_thread_system_pool_assign(k_current_get());
	zassert_ok(micrort_heap_lock());
	zassert_is_null(k_object_alloc(K_OBJ_SEM));
	zassert_equal(micrort_heap_unlock(), 0);
	object = k_object_alloc(K_OBJ_SEM);
	zassert_not_null(object);
	k_object_free(object);
	k_thread_heap_assign(k_current_get(), NULL);
}

#if defined(CONFIG_COMMON_LIBC_MALLOC) && CONFIG_COMMON_LIBC_MALLOC_ARENA_SIZE != 0

static K_SEM_DEFINE(locked, 0, 1);
static K_SEM_DEFINE(unlocked, 0, 1);

/* With one lock for the system, the test's thread locks; else this one does. */
static void allocate(void *p1, void *p2, void *p3)
{
	found_block[0] = malloc(40);
	if (SYSTEM_LOCK) {
		k_sem_take(&locked, K_FOREVER);
	} else {
		(void)micrort_heap_lock();
	}
	errno = 0;
	found_block[1] = malloc(40);
	found_errno = errno;
	free(found_block[0]);
	if (SYSTEM_LOCK) {
		k_sem_take(&unlocked, K_FOREVER);
	} else {
		(void)micrort_heap_unlock();
	}
	found_block[2] = malloc(40);
	free(found_block[2]);
	found[2] = 0;
}

/** The C library's heap, which user threads share, is locked for them, too. */
ZTEST(userspace, test_malloc_in_a_user_thread)
{
	struct micrort_heap_refusals before_it;
	struct micrort_heap_refusals after_it;

	micrort_heap_refusals_get(&before_it);
	k_thread_create(&thread, stack, K_THREAD_STACK_SIZEOF(stack), allocate, NULL, NULL, NULL, 0,
			K_USER | K_INHERIT_PERMS, K_FOREVER);
	k_thread_access_grant(&thread, &locked, &unlocked);
	k_thread_start(&thread);
	k_msleep(5);
	if (SYSTEM_LOCK) {
		zassert_ok(micrort_heap_lock());
		k_sem_give(&locked);
		k_msleep(5);
		zassert_equal(micrort_heap_unlock(), 0);
		k_sem_give(&unlocked);
	}
	zassert_ok(k_thread_join(&thread, PATIENCE));
	zassert_equal(found[2], 0, "it did not come to its end");
	zassert_not_null(found_block[0]);
	zassert_is_null(found_block[1]);
	zassert_equal(found_errno, ENOMEM);
	zassert_not_null(found_block[2]);
	micrort_heap_refusals_get(&after_it);
	zassert_equal(after_it.count, before_it.count + 1);
	zassert_equal(after_it.size, 40);
	zassert_is_null(after_it.thread, "it has ended");
}

#endif

static void interrupt_calls(void *p1, void *p2, void *p3)
{
	found[0] = micrort_check();
	found[1] = micrort_kbd_intr_raise();
	found[2] = micrort_check();
	found[3] = micrort_kbd_intr_raise();
	found[4] = micrort_poll();
	found[5] = micrort_kbd_intr_raise();
	found[6] = micrort_sleep(K_FOREVER);
	found[7] = micrort_check();
}

static void attach_and_drop_to_user_mode(void *p1, void *p2, void *p3)
{
	(void)micrort_kbd_intr_attach();
	(void)micrort_check();
	k_thread_user_mode_enter(interrupt_calls, NULL, NULL, NULL);
}

/** micrort_check(), micrort_kbd_intr_raise(), micrort_poll(), micrort_sleep() are syscalls. */
ZTEST(userspace, test_interrupt_in_a_user_thread)
{
	k_thread_create(&thread, stack, K_THREAD_STACK_SIZEOF(stack), attach_and_drop_to_user_mode,
			NULL, NULL, NULL, 0, K_INHERIT_PERMS, K_NO_WAIT);
	zassert_ok(k_thread_join(&thread, PATIENCE));
	zassert_equal(found[0], 0);
	zassert_equal(found[1], 0);
	zassert_equal(found[2], -EINTR);
	zassert_equal(found[3], 0);
	zassert_equal(found[4], -EINTR);
	zassert_equal(found[5], 0);
	zassert_equal(found[6], -EINTR);
	zassert_equal(found[7], 0);
}

static void note_that_it_ran(void *arg)
{
	ARG_UNUSED(arg);
	function_ran = true;
}

static void sleep_for_ever(void *p1, void *p2, void *p3)
{
	k_sleep(K_FOREVER);
}

static void enter_and_drop_to_user_mode(void *p1, void *p2, void *p3)
{
	(void)micrort_critical_enter();
	k_thread_user_mode_enter(sleep_for_ever, NULL, NULL, NULL);
}

/** A user thread can write its own storage: its region is closed where it becomes one. */
ZTEST(userspace, test_region_ends_with_supervisor_mode)
{
	k_thread_create(&thread, stack, K_THREAD_STACK_SIZEOF(stack), enter_and_drop_to_user_mode,
			NULL, NULL, NULL, 0, K_INHERIT_PERMS, K_NO_WAIT);
	k_msleep(5);
	zassert_ok(micrort_schedule(note_that_it_ran, NULL));
	(void)micrort_poll();
	k_msleep(5);
	zassert_true(function_ran);
	k_thread_abort(&thread);
}

static void sleep_and_be_aborted(void *p1, void *p2, void *p3)
{
	found[0] = micrort_heap_lock();
	(void)micrort_sleep(K_FOREVER);
}

static void abort_itself(void *p1, void *p2, void *p3)
{
	found[0] = micrort_heap_lock();
	k_thread_abort(k_current_get());
}

/** A user thread that is aborted in a sleep, or by its own system call, leaves nothing behind. */
ZTEST(userspace, test_user_threads_that_are_aborted)
{
	for (int i = 0; i < 12; i++) {
		k_thread_create(&thread, stack, K_THREAD_STACK_SIZEOF(stack), sleep_and_be_aborted,
				NULL, NULL, NULL, 0, K_USER | K_INHERIT_PERMS, K_NO_WAIT);
		k_msleep(2);
		k_thread_abort(&thread);
		zassert_ok(micrort_kbd_intr_raise());
		(void)micrort_check();
		run_in_user_thread(abort_itself);
	}
	zassert_equal(micrort_heap_locked(), 0);
	zassert_ok(micrort_critical_enter());
	zassert_ok(micrort_critical_exit());
}

static void poll_and_sleep(void *p1, void *p2, void *p3)
{
	int64_t start = k_uptime_get();

	found[0] = micrort_poll();
	found[1] = micrort_sleep(K_NO_WAIT);
	found[2] = micrort_sleep(K_MSEC(20));
	found[3] = (int)(k_uptime_get() - start);
}

/** "A user thread runs no functions." With the poll executor they wait for another thread. */
ZTEST(userspace, test_poll_in_a_user_thread_runs_no_functions)
{
	zassert_ok(micrort_critical_enter());
	zassert_ok(micrort_schedule(note_that_it_ran, NULL));
	zassert_ok(micrort_critical_exit());
	run_in_user_thread(poll_and_sleep);
	zassert_equal(found[0], 0);
	zassert_equal(found[1], 0);
	zassert_equal(found[2], 0);
	zassert_true(found[3] >= 20);
	if (IS_ENABLED(CONFIG_MICRORT_EXECUTOR_POLL)) {
		zassert_false(function_ran);
		zassert_equal(micrort_poll(), 1);
	}
	zassert_true(function_ran);
}

static void schedule_from_user_mode(void *p1, void *p2, void *p3)
{
	ztest_set_fault_valid(true);
	found[0] = micrort_schedule(note_that_it_ran, NULL);
	found[1] = 1;
}

static struct micrort_task task = MICRORT_TASK_INITIALIZER(NULL);

static void schedule_task_from_user_mode(void *p1, void *p2, void *p3)
{
	ztest_set_fault_valid(true);
	found[0] = micrort_task_schedule(&task);
	found[1] = 1;
}

static void enter_from_user_mode(void *p1, void *p2, void *p3)
{
	ztest_set_fault_valid(true);
	found[0] = micrort_critical_enter();
	found[1] = 1;
}

static void attach_from_user_mode(void *p1, void *p2, void *p3)
{
	ztest_set_fault_valid(true);
	found[0] = micrort_kbd_intr_attach();
	found[1] = 1;
}

static void select_from_user_mode(void *p1, void *p2, void *p3)
{
	ztest_set_fault_valid(true);
	found[0] = micrort_kbd_intr(7);
	found[1] = 1;
}

static void must_fault(k_thread_entry_t entry)
{
	struct micrort_schedule_stats before_it;
	struct micrort_schedule_stats after_it;

	micrort_schedule_stats_get(&before_it);
	run_in_user_thread(entry);
	zassert_equal(found[1], -1, "the thread went on, with %d", found[0]);
	micrort_schedule_stats_get(&after_it);
	zassert_mem_equal(&after_it, &before_it, sizeof(after_it));
	if (IS_ENABLED(CONFIG_MICRORT_EXECUTOR_POLL)) {
		zassert_equal(micrort_poll(), 0);
	} else {
		k_msleep(10);
	}
	zassert_false(function_ran);
}

/** "scheduling a supervisor function from a user thread is impossible": it faults */
ZTEST(userspace, test_schedule_from_a_user_thread_faults)
{
	must_fault(schedule_from_user_mode);
}

/** And so does a task of the kernel. */
ZTEST(userspace, test_task_schedule_from_a_user_thread_faults)
{
	must_fault(schedule_task_from_user_mode);
}

/** What is not a syscall cannot be called. */
ZTEST(userspace, test_critical_enter_from_a_user_thread_faults)
{
	must_fault(enter_from_user_mode);
	zassert_equal(micrort_critical_exit(), -EPERM);
}

ZTEST(userspace, test_attach_from_a_user_thread_faults)
{
	must_fault(attach_from_user_mode);
}

ZTEST(userspace, test_select_from_a_user_thread_faults)
{
	int chr = micrort_kbd_intr_get();

	must_fault(select_from_user_mode);
	zassert_equal(micrort_kbd_intr_get(), chr);
}

/** The module works on after all that. */
ZTEST(userspace, test_works_after_faults)
{
	must_fault(schedule_from_user_mode);
	zassert_ok(micrort_schedule(note_that_it_ran, NULL));
	if (IS_ENABLED(CONFIG_MICRORT_EXECUTOR_POLL)) {
		zassert_equal(micrort_poll(), 1);
	} else {
		k_msleep(10);
	}
	zassert_true(function_ran);
}

static void sleep_in_a_system_call(void *p1, void *p2, void *p3)
{
	k_sleep(K_FOREVER);
}

/** stack_use.h: "that is on another stack (in a system call)" */
ZTEST(userspace, test_stack_of_a_user_thread)
{
	struct micrort_stack_usage usage;

	k_thread_create(&thread, stack, K_THREAD_STACK_SIZEOF(stack), sleep_in_a_system_call, NULL,
			NULL, NULL, 0, K_USER | K_INHERIT_PERMS, K_NO_WAIT);
	k_msleep(10);
	zassert_ok(micrort_stack_usage_get(&thread, &usage));
	k_thread_abort(&thread);
	zassert_equal(usage.size, thread.stack_info.size);
	zassert_equal(usage.used, MICRORT_STACK_UNKNOWN);
	zassert_equal(micrort_stack_usage_get(&thread, &usage), -ESRCH);
}
