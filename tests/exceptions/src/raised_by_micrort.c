/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief "A refused allocation and a full queue raise MemoryError and RuntimeError there if the
 * Kconfig option for it is on."
 */

#include "exceptions.h"
#include "executor.h"
#include "interrupts.h"

ZTEST_SUITE(raised_by_micrort, NULL, NULL, exceptions_before, exceptions_after, NULL);

static const char refused_text[] = "memory allocation failed, heap is locked";
static const char full_text[] = "schedule queue full";

static void *block;

static __attribute__((noinline)) void allocate(void *arg)
{
	ARG_UNUSED(arg);
	block = k_malloc(16);
}

static void check_refused(bool in_isr)
{
	struct micrort_exception taken;

	if (!IS_ENABLED(CONFIG_MICRORT_EXCEPTION_HEAP_REFUSED)) {
		check_none();
		return;
	}
	taken = take_one();
	zassert_equal(taken.type, &micrort_exc_memory_error);
	zassert_str_equal(taken_text, refused_text);
	zassert_str_equal(taken.file, "<heap>");
	zassert_equal(taken.line, 0);
	zassert_equal(taken.in_isr, in_isr);
	zassert_str_equal(taken.thread, "tester");
	zassert_equal(taken.address_count, 1);
	zassert_between_inclusive((uintptr_t)taken.addresses[0], (uintptr_t)allocate,
				  (uintptr_t)allocate + 128);
	check_none();
}

ZTEST(raised_by_micrort, test_refused_allocation)
{
	zassert_ok(micrort_alloc_emergency_exception_buf(200));
	zassert_ok(micrort_heap_lock());
	allocate(NULL);
	zassert_is_null(block);
	check_refused(false);
	interrupt_low(allocate, NULL);
	zassert_is_null(block);
	check_refused(true);
	zassert_ok(micrort_heap_unlock());
	allocate(NULL);
	zassert_not_null(block);
	k_free(block);
	check_none();
}

/** A heap that is merely full refuses nothing: its caller is told, as ever. */
ZTEST(raised_by_micrort, test_full_heap_is_no_refusal)
{
	fill_heap();
	zassert_is_null(micrort_malloc(100));
	check_none();
}

/** A thousand of them: the first is kept, the others are counted, no memory is touched. */
ZTEST(raised_by_micrort, test_refused_again_and_again)
{
	zassert_ok(micrort_heap_lock());
	for (int i = 0; i < 1000; i++) {
		allocate(NULL);
	}
	zassert_ok(micrort_heap_unlock());
	if (IS_ENABLED(CONFIG_MICRORT_EXCEPTION_HEAP_REFUSED)) {
		CHECK_TAKEN(&micrort_exc_memory_error, "");
		zassert_equal(micrort_exception_counted(), 999);
	}
	check_none();
}

static void overflow(void *arg)
{
	zassert_equal(micrort_schedule(trace_function, arg), -ENOBUFS);
}

static void check_full(bool in_isr)
{
	struct micrort_exception taken;

	if (!IS_ENABLED(CONFIG_MICRORT_EXCEPTION_QUEUE_FULL)) {
		check_none();
		return;
	}
	taken = take_one();
	zassert_equal(taken.type, &micrort_exc_runtime_error);
	zassert_str_equal(taken_text, full_text);
	zassert_str_equal(taken.file, "<schedule>");
	zassert_equal(taken.in_isr, in_isr);
	check_none();
}

ZTEST(raised_by_micrort, test_full_queue)
{
	trace_reset();
	zassert_ok(micrort_alloc_emergency_exception_buf(200));
	zassert_ok(micrort_critical_enter());
	for (int i = 0; i < DEPTH; i++) {
		zassert_ok(micrort_schedule(trace_function, INT_TO_POINTER(i)));
	}
	check_none();
	overflow(NULL);
	check_full(false);
	interrupt_low(overflow, NULL);
	check_full(true);
	zassert_ok(micrort_critical_exit());
	settle();
	zassert_equal(trace_count(), DEPTH);
	check_none();
}
