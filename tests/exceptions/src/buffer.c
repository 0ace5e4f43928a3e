/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief `alloc_emergency_exception_buf(size)`: "0 releases, failure keeps the old one"
 */

#include <limits.h>

#include "exceptions.h"
#include "interrupts.h"

ZTEST_SUITE(buffer, NULL, NULL, exceptions_before, exceptions_after, NULL);

static void raise_in_interrupt(void *arg)
{
	ARG_UNUSED(arg);
	(void)micrort_raise(&sensor_error, "in the buffer");
}

/* Whether there is a buffer that keeps a record. */
static bool is_there(void)
{
	struct micrort_exception taken;

	interrupt_low(raise_in_interrupt, NULL);
	taken = take_one();
	return taken.file != NULL;
}

static void unlock(void *arg)
{
	ARG_UNUSED(arg);
	(void)micrort_heap_unlock();
}

static void none(void *arg)
{
	ARG_UNUSED(arg);
}

static void lock(void *arg)
{
	ARG_UNUSED(arg);
	(void)micrort_heap_lock();
}

static void fill(void *arg)
{
	ARG_UNUSED(arg);
	fill_heap();
}

static void empty(void *arg)
{
	ARG_UNUSED(arg);
	empty_heap();
}

static const struct {
	const char *what;
	int size;
	int expected;
	void (*before)(void *arg);
	void (*after)(void *arg);
} failures[] = {
	{"negative", -1, -EINVAL, none, none},
	{"most negative", INT_MIN, -EINVAL, none, none},
	{"larger than the heap", 5000, -ENOMEM, none, none},
	{"largest", INT_MAX, -ENOMEM, none, none},
	{"heap locked", 100, -ENOMEM, lock, unlock},
	{"heap full", 100, -ENOMEM, fill, empty},
};

/** "-1 and its like"; "failure keeps the old one" */
ZTEST(buffer, test_failure_keeps_the_old_one)
{
	zassert_ok(micrort_alloc_emergency_exception_buf(100));
	ARRAY_FOR_EACH_PTR(failures, failure) {
		failure->before(NULL);
		zassert_equal(micrort_alloc_emergency_exception_buf(failure->size),
			      failure->expected, "%s", failure->what);
		zassert_true(is_there(), "after \"%s\"", failure->what);
		failure->after(NULL);
		(void)micrort_exception_clear();
	}
	/* And where there is none, there still is none. */
	zassert_ok(micrort_alloc_emergency_exception_buf(0));
	ARRAY_FOR_EACH_PTR(failures, failure) {
		failure->before(NULL);
		zassert_equal(micrort_alloc_emergency_exception_buf(failure->size),
			      failure->expected, "%s", failure->what);
		failure->after(NULL);
		(void)micrort_exception_clear();
	}
	zassert_false(is_there());
}

/** "0 releases": also with the heap locked, for freeing works. */
ZTEST(buffer, test_zero_releases)
{
	zassert_ok(micrort_alloc_emergency_exception_buf(0));
	zassert_false(is_there());
	zassert_ok(micrort_alloc_emergency_exception_buf(100));
	zassert_true(is_there());
	zassert_ok(micrort_heap_lock());
	zassert_ok(micrort_alloc_emergency_exception_buf(0));
	zassert_ok(micrort_heap_unlock());
	zassert_false(is_there());
}

/** The new one is allocated before the old one is freed, and what was two becomes one again. */
ZTEST(buffer, test_replaced)
{
	for (int i = 0; i < 100; i++) {
		zassert_ok(micrort_alloc_emergency_exception_buf(RECORD + i % 7 * 100));
		zassert_true(is_there());
	}
	/* No room for two of these. */
	zassert_ok(micrort_alloc_emergency_exception_buf(0));
	zassert_ok(micrort_alloc_emergency_exception_buf(2500));
	zassert_equal(micrort_alloc_emergency_exception_buf(2600), -ENOMEM);
	zassert_true(is_there());
	(void)micrort_exception_clear();
}

/** "-EBUSY: Unread exceptions lie in the old buffer." Not for those that lie on the heap. */
ZTEST(buffer, test_busy)
{
	zassert_ok(micrort_alloc_emergency_exception_buf(200));
	zassert_ok(micrort_raise(&sensor_error, "on the heap"));
	zassert_ok(micrort_alloc_emergency_exception_buf(0));
	zassert_ok(micrort_alloc_emergency_exception_buf(200));
	interrupt_low(raise_in_interrupt, NULL);
	interrupt_low(raise_in_interrupt, NULL);
	CHECK_TAKEN(&sensor_error, "on the heap");
	for (int unread = 2; unread > 0; unread--) {
		zassert_equal(micrort_alloc_emergency_exception_buf(0), -EBUSY);
		zassert_equal(micrort_alloc_emergency_exception_buf(100), -EBUSY);
		CHECK_TAKEN(&sensor_error, "in the buffer");
	}
	zassert_ok(micrort_alloc_emergency_exception_buf(100));
	interrupt_low(raise_in_interrupt, NULL);
	zassert_equal(micrort_alloc_emergency_exception_buf(0), -EBUSY);
	zassert_equal(micrort_exception_clear(), 1);
	zassert_ok(micrort_alloc_emergency_exception_buf(0));
}
