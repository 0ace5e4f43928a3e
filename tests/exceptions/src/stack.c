/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief exception.h: how much of a stack raising and reading take.
 */

#include "exceptions.h"
#include "helpers.h"

ZTEST_SUITE(stack, NULL, NULL, exceptions_before, exceptions_after, NULL);

static void nothing(void *p1, void *p2, void *p3)
{
	ARG_UNUSED(p1);
	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
}

static void raise_one(void *p1, void *p2, void *p3)
{
	nothing(p1, p2, p3);
	(void)micrort_raise(&sensor_error, "%s: %d is out of range", "lid", 1234);
}

static int drop(const char *text, size_t length, void *arg)
{
	ARG_UNUSED(text);
	ARG_UNUSED(length);
	ARG_UNUSED(arg);

	return 0;
}

/** Without what printk() takes, which is the kernel's and differs between its versions. */
static void print_all(void *p1, void *p2, void *p3)
{
	static const struct micrort_printer printer = {.print = drop};

	nothing(p1, p2, p3);
	(void)micrort_exception_print(&printer);
}

static void take_first(void *p1, void *p2, void *p3)
{
	static struct micrort_exception taken = {
		.text = taken_text,
		.text_size = sizeof(taken_text),
	};

	nothing(p1, p2, p3);
	(void)micrort_exception_take(&taken);
}

static size_t used_by(k_thread_entry_t entry)
{
	k_tid_t thread = helper_start(0, 0, entry, NULL);
	size_t unused;

	helper_join(0);
	zassert_ok(k_thread_stack_space_get(thread, &unused));
	return thread->stack_info.size - unused;
}

/** "On a 32-bit CPU" */
ZTEST(stack, test_stack_of_raising_and_reading)
{
	size_t thread;
	size_t raising;
	size_t printing;
	size_t taking;

	if (IS_ENABLED(CONFIG_64BIT)) {
		printk("the figures are those of 32-bit CPUs\n");
		ztest_test_skip();
	}
	thread = used_by(nothing);
	raising = used_by(raise_one) - thread;
	printing = used_by(print_all) - thread;
	taking = used_by(take_first) - thread;
	printk("stack: raising %zu, printing %zu, taking %zu\n", raising, printing, taking);
	check_none();
	zassert_true(raising > 0 && raising <= 640);
	zassert_true(printing > 0 && printing <= 768);
	zassert_true(taking > 0 && taking <= 896);
}
