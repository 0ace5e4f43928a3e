/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief "An exception raised inside a scheduled function is printed in the traceback form of the
 * reference when that function returns, and stops nothing else."
 */

#include "console.h"
#include "exceptions.h"
#include "executor.h"
#include "helpers.h"
#include "interrupts.h"

static void before(void *fixture)
{
	exceptions_before(fixture);
	trace_reset();
}

ZTEST_SUITE(functions, NULL, NULL, before, exceptions_after, NULL);

static void raise_number(void *arg)
{
	int number = POINTER_TO_INT(arg);

	trace_add(number);
	zassert_ok(micrort_raise(&micrort_exc_value_error, "number %d", number));
}

static void raise_in_interrupt(void *arg)
{
	ARG_UNUSED(arg);
	(void)micrort_raise(&micrort_exc_os_error, "interrupt");
}

ZTEST(functions, test_printed_when_it_returns_and_the_next_ones_run)
{
	int line;

	NEEDS_A_THREAD("what they raise is kept, as an interrupt's");
	zassert_ok(micrort_raise(&sensor_error, "of the thread"));
	console_keep();
	zassert_ok(micrort_schedule(raise_number, INT_TO_POINTER(1)));
	zassert_ok(micrort_schedule(trace_function, INT_TO_POINTER(2)));
	zassert_ok(micrort_schedule(raise_number, INT_TO_POINTER(3)));
	zassert_ok(micrort_schedule(trace_function, INT_TO_POINTER(4)));
	settle();
	console_restore(NULL);
	TRACE_EXPECT(1, 2, 3, 4);
	line = kept_count("Traceback (most recent call last):\n  File \"");
	zassert_equal(line, 2, "%s", kept_text);
	zassert_equal(kept_count("functions.c\", line "), CONFIG_MICRORT_OPT_LEVEL >= 3 ? 0 : 2);
	zassert_equal(kept_count("\nValueError: number 1\n"), 1);
	zassert_equal(kept_count("\nValueError: number 3\n"), 1);
	zassert_equal(kept_count("SensorError"), 0, "the thread's own is not the function's");
	/* It is nobody's any more. */
	CHECK_TAKEN(&sensor_error, "of the thread");
	check_none();
}

static void raise_and_take(void *arg)
{
	struct micrort_exception taken;

	ARG_UNUSED(arg);
	zassert_ok(micrort_raise(&micrort_exc_value_error, "first"));
	zassert_ok(micrort_raise(&micrort_exc_value_error, "second"));
	interrupt_low(raise_in_interrupt, NULL);
	taken = take_one();
	zassert_equal(taken.type, &micrort_exc_value_error, "its own come first");
	zassert_str_equal(taken_text, "first");
	zassert_false(taken.in_isr);
	taken = take_one();
	zassert_str_equal(taken_text, "second");
	taken = take_one();
	zassert_equal(taken.type, &sensor_error);
	trace_add(1);
}

/** "What a scheduled function has raised, and not taken itself"; an interrupt's is not its. */
ZTEST(functions, test_taken_inside)
{
	NEEDS_A_THREAD("what they raise is kept, as an interrupt's");
	zassert_ok(micrort_alloc_emergency_exception_buf(200));
	zassert_ok(micrort_raise(&sensor_error, "of the thread"));
	console_keep();
	zassert_ok(micrort_schedule(raise_and_take, NULL));
	settle();
	console_restore(NULL);
	TRACE_EXPECT(1);
	zassert_str_equal(kept_text, "");
	CHECK_TAKEN(&micrort_exc_os_error, "interrupt");
	check_none();
}

static void raise_locked(void *arg)
{
	ARG_UNUSED(arg);
	zassert_ok(micrort_heap_lock());
	zassert_equal(micrort_raise(&micrort_exc_memory_error, "text"), LOST_ALL);
	zassert_equal(micrort_raise(&micrort_exc_memory_error, "text"), -ENOBUFS);
	zassert_ok(micrort_heap_unlock());
}

/** With the heap locked in the function: the type alone; what was only counted stays so. */
ZTEST(functions, test_type_alone)
{
	NEEDS_A_THREAD("what they raise is kept, as an interrupt's");
	console_keep();
	zassert_ok(micrort_schedule(raise_locked, NULL));
	settle();
	console_restore(NULL);
	zassert_str_equal(kept_text, "MemoryError: \n");
	zassert_equal(micrort_exception_counted(), 1);
	check_none();
}

static void raise_in_task(struct micrort_task *task);
static MICRORT_TASK_DEFINE(task, raise_in_task);

static void raise_in_task(struct micrort_task *self)
{
	zassert_equal_ptr(self, &task);
	raise_number(INT_TO_POINTER(5));
}

ZTEST(functions, test_tasks)
{
	NEEDS_A_THREAD("what they raise is kept, as an interrupt's");
	console_keep();
	zassert_ok(micrort_task_schedule(&task));
	settle();
	console_restore(NULL);
	zassert_equal(kept_count("ValueError: number 5\n"), 1);
	check_none();
}

static volatile bool waiting;

static void raise_and_wait(void *arg)
{
	raise_number(arg);
	waiting = true;
	k_sleep(K_FOREVER);
}

static void poll(void *p1, void *p2, void *p3)
{
	ARG_UNUSED(p1);
	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
	(void)micrort_poll();
}

/** A function whose thread is ended inside it does not return; what it raised is printed. */
ZTEST(functions, test_thread_ended_inside)
{
	if (!EXECUTOR_IS_POLL) {
		printk("the executor's thread does not end\n");
		ztest_test_skip();
	}
	waiting = false;
	zassert_ok(micrort_schedule(raise_and_wait, INT_TO_POINTER(6)));
	(void)helper_start(0, 0, poll, NULL);
	wait_for(&waiting);
	console_keep();
	helper_abort(0);
	settle();
	console_restore(NULL);
	zassert_equal(kept_count("ValueError: number 6\n"), 1);
	check_none();
}
