/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief Issue 3: "It is callable with the heap locked, in interrupts and in scheduled functions:
 * from the heap if possible, else from the emergency buffer, else the type alone."
 */

#include "exceptions.h"
#include "helpers.h"
#include "interrupts.h"

ZTEST_SUITE(contexts, NULL, NULL, exceptions_before, exceptions_after, NULL);

static int raised;
static int raised_line;

static void raise_here(void *arg)
{
	ARG_UNUSED(arg);
	raised_line = __LINE__ + 1;
	raised = micrort_raise(&sensor_error, "no answer from %s after %d ms", "lid", 250);
}

static const char whole_text[] = "no answer from lid after 250 ms";

static bool is_file_of_this(const char *file)
{
	size_t length = file != NULL ? strlen(file) : 0;

	return length >= 10 && strcmp(file + length - 10, "contexts.c") == 0;
}

/* Where the compiler does not inline it, an address inside raise_here() is known. */
static void check_whole(const struct micrort_exception *taken, bool in_isr)
{
	zassert_equal(taken->type, &sensor_error);
	zassert_str_equal(taken->type->name, "SensorError");
	zassert_true(is_file_of_this(taken->file));
	zassert_equal(taken->line, LINE(raised_line));
	zassert_str_equal(taken_text, whole_text);
	zassert_equal(taken->in_isr, in_isr);
	zassert_equal(taken->lost, 0);
	zassert_between_inclusive(taken->address_count, 1, MICRORT_EXCEPTION_ADDRESSES_MAX);
	zassert_between_inclusive((uintptr_t)taken->addresses[0], (uintptr_t)raise_here,
				  (uintptr_t)raise_here + 256);
	/* raise_here() was called by a function that is in the image, too. */
	if (IS_ENABLED(CONFIG_FRAME_POINTER) && !in_isr) {
		zassert_true(taken->address_count > 1);
		zassert_false(IN_RANGE((uintptr_t)taken->addresses[1], (uintptr_t)raise_here,
				       (uintptr_t)raise_here + 64));
	}
}

/** "from the heap if possible" */
ZTEST(contexts, test_thread)
{
	struct micrort_exception taken;

	raise_here(NULL);
	zassert_ok(raised);
	taken = take_one();
	check_whole(&taken, false);
	zassert_str_equal(taken.thread, "tester");
	zassert_equal(taken.interrupt, 0);
	check_none();
	zassert_equal(micrort_exception_counted(), 0);
}

static void raise_and_end(void *name, void *p2, void *p3)
{
	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
	if (name != NULL) {
		(void)k_thread_name_set(k_current_get(), name);
	}
	raise_here(NULL);
}

/** A thread without a name is known by its address; the record outlives its thread. */
ZTEST(contexts, test_names_of_threads)
{
	static char longest[] = "a-name-of-more-than-thirty-two-bytes";
	char expected[MICRORT_EXCEPTION_THREAD_MAX + 1];
	struct micrort_exception taken;

	(void)helper_start(0, 0, raise_and_end, NULL);
	helper_join(0);
	taken = take_one();
	check_whole(&taken, false);
	snprintk(expected, sizeof(expected), "0x%lx", (unsigned long)helper_thread(0));
	zassert_str_equal(taken.thread, expected);

	(void)helper_start(1, 0, raise_and_end, longest);
	helper_join(1);
	taken = take_one();
	check_whole(&taken, false);
	longest[MIN(CONFIG_THREAD_MAX_NAME_LEN - 1, MICRORT_EXCEPTION_THREAD_MAX)] = '\0';
	zassert_str_equal(taken.thread, longest);
}

/** "in interrupts": no memory comes from the heap, but from the buffer; the type alone without. */
ZTEST(contexts, test_interrupt)
{
	struct micrort_exception taken;

	interrupt_low(raise_here, NULL);
	zassert_equal(raised, LOST_ALL);
	taken = take_one();
	zassert_equal(taken.type, &sensor_error);
	zassert_true(taken.in_isr);

	zassert_ok(micrort_alloc_emergency_exception_buf(200));
	interrupt_low(raise_here, NULL);
	zassert_ok(raised);
	taken = take_one();
	check_whole(&taken, true);
	zassert_str_equal(taken.thread, "tester");
#ifdef CONFIG_CPU_CORTEX_M
	zassert_equal(taken.interrupt, 16 + INTERRUPT_LINE_LOW, "%u", taken.interrupt);
	interrupt_high(raise_here, NULL);
	taken = take_one();
	zassert_equal(taken.interrupt, 16 + INTERRUPT_LINE_HIGH, "%u", taken.interrupt);
#else
	zassert_equal(taken.interrupt, 0);
#endif
	zassert_equal(atomic_get(&interrupts_not_real), 0);
}

/** The same in a timer's interrupt. */
ZTEST(contexts, test_timer)
{
	struct micrort_exception taken;

	zassert_ok(micrort_alloc_emergency_exception_buf(200));
	in_timer(raise_here, NULL);
	zassert_ok(raised);
	taken = take_one();
	check_whole(&taken, true);
	zassert_str_equal(taken.thread, "tester");
	if (IS_ENABLED(CONFIG_CORTEX_M_SYSTICK)) {
		zassert_equal(taken.interrupt, 15, "SysTick");
	}
}

static void raise_between(void *arg)
{
	raise_here(arg);
	interrupt_high(raise_here, arg);
	raise_here(arg);
}

/** An interrupt in an interrupt, and order over both. */
ZTEST(contexts, test_nested_interrupts)
{
	zassert_ok(micrort_alloc_emergency_exception_buf(400));
	if (!INTERRUPTS_NEST) {
		printk("interrupts do not nest here\n");
		ztest_test_skip();
	}
	interrupt_low(raise_between, NULL);
	for (int i = 0; i < 3; i++) {
		struct micrort_exception taken = take_one();

		check_whole(&taken, true);
		zassert_equal(taken.interrupt, 16 + (i == 1 ? INTERRUPT_LINE_HIGH : INTERRUPT_LINE_LOW));
	}
	check_none();
}

/** "callable with the heap locked" and with a full one: the buffer, else the type alone. */
ZTEST(contexts, test_heap_locked_or_full)
{
	for (int full = 0; full <= 1; full++) {
		for (int size = 0; size <= 200; size += 200) {
			struct micrort_exception taken;

			zassert_ok(micrort_alloc_emergency_exception_buf(size));
			if (full) {
				fill_heap();
			} else {
				zassert_ok(micrort_heap_lock());
			}
			raise_here(NULL);
			zassert_equal(raised, size == 0 ? LOST_ALL : 0);
			taken = take_one();
			if (size != 0) {
				check_whole(&taken, false);
				zassert_str_equal(taken.thread, "tester");
			} else {
				zassert_equal(taken.type, &sensor_error);
				zassert_is_null(taken.file);
				zassert_equal(taken.line, 0);
				zassert_str_equal(taken_text, "");
				zassert_str_equal(taken.thread, "");
				zassert_equal(taken.address_count, 0);
				zassert_equal(taken.lost, LOST_ALL);
			}
			if (full) {
				empty_heap();
			} else {
				zassert_ok(micrort_heap_unlock());
			}
		}
	}
}

/**
 * "A second one never overwrites the first unread one: it is counted, and chained if it fits."
 * Numbers up to 255 take two bytes each; "tester" takes six.
 */
ZTEST(contexts, test_second_one)
{
	const int one = RECORD + ROUND_UP(2 + 6 + WORD, WORD);
	uint32_t counted;

	if (IS_ENABLED(CONFIG_FRAME_POINTER)) {
		printk("the bytes are those of a record with one address\n");
		ztest_test_skip();
	}
	zassert_ok(micrort_alloc_emergency_exception_buf(2 * one));
	zassert_ok(micrort_heap_lock());
	zassert_ok(micrort_raise(&sensor_error, "number %d", 1));
	zassert_ok(micrort_raise(&micrort_exc_type_error, "number %d", 2));
	zassert_equal(micrort_raise(&micrort_exc_os_error, "number %d", 3), LOST_ALL);
	for (counted = 1; counted <= 5; counted++) {
		zassert_equal(micrort_raise(&sensor_error, "number %d", 4), -ENOBUFS);
		zassert_equal(micrort_exception_counted(), counted);
	}
	CHECK_TAKEN(&sensor_error, "number 1");
	zassert_equal(micrort_raise(&sensor_error, "5"), -ENOBUFS,
		      "the buffer begins anew when nothing unread lies in it");
	CHECK_TAKEN(&micrort_exc_type_error, "number 2");
	zassert_ok(micrort_raise(&sensor_error, "number %d", 6));
	CHECK_TAKEN(&micrort_exc_os_error, "");
	CHECK_TAKEN(&sensor_error, "number 6");
	check_none();
	zassert_equal(micrort_exception_counted(), 6);
	zassert_equal(micrort_exception_clear(), 6);
	zassert_equal(micrort_exception_counted(), 0);
}

/** Order over the heap, the buffer and the place for a type. */
ZTEST(contexts, test_one_order)
{
	zassert_ok(micrort_raise(&sensor_error, "1"));
	interrupt_low(raise_here, NULL);
	zassert_ok(micrort_alloc_emergency_exception_buf(200));
	interrupt_low(raise_here, NULL);
	zassert_ok(micrort_raise(&sensor_error, "4"));
	CHECK_TAKEN(&sensor_error, "1");
	CHECK_TAKEN(&sensor_error, "");
	CHECK_TAKEN(&sensor_error, whole_text);
	CHECK_TAKEN(&sensor_error, "4");
	check_none();
}
