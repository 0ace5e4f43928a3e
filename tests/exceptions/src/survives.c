/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief What survives in a buffer that is too small: "lost in a stated order (the reference's
 * thresholds on 32 and 64 bit are the ones to match or beat), truncated text ends in `...`".
 */

#include "console.h"
#include "exceptions.h"

ZTEST_SUITE(survives, NULL, NULL, exceptions_before, exceptions_after, NULL);

/* reference-semantics.md, section 3: what the reference keeps in a buffer of that size. */
enum reference {
	TYPE,
	TRACEBACK,
	ONE_ARGUMENT,
	CONSTANT_MESSAGE,
	FORMATTED_MESSAGE,
};

static const struct row {
	int size_32;
	int size_64;
	enum reference reference;
} rows[] = {
	{0, 0, TYPE},
	{1, 1, TYPE},
	{23, 39, TYPE},
	{24, 48, TRACEBACK},
	{36, 72, ONE_ARGUMENT},
	{52, 104, CONSTANT_MESSAGE},
	{68, 120, FORMATTED_MESSAGE},
	{100, 160, FORMATTED_MESSAGE},
};

static const char long_text[] = "a text of rather more bytes than any of these buffers have, "
				"which goes on and on, so that it is always the text that is cut";

static int raised;
static int raised_line;

static void raise_constant(void *arg)
{
	ARG_UNUSED(arg);
	raised_line = __LINE__ + 1;
	raised = micrort_raise(&sensor_error, "the lid is open");
}

static void raise_number(void *arg)
{
	ARG_UNUSED(arg);
	raised_line = __LINE__ + 1;
	raised = micrort_raise(&sensor_error, "%d", 1000);
}

static void raise_long(void *arg)
{
	ARG_UNUSED(arg);
	raised_line = __LINE__ + 1;
	raised = micrort_raise(&sensor_error, "%s", long_text);
}

/* With the heap locked, in a timer's interrupt, as in the reference's own use of the buffer. */
static struct micrort_exception survivor(void (*raise)(void *arg))
{
	struct micrort_exception taken;

	zassert_ok(micrort_heap_lock());
	in_timer(raise, NULL);
	zassert_ok(micrort_heap_unlock());
	taken = take_one();
	zassert_equal(taken.type, &sensor_error);
	zassert_equal(taken.lost, raised);
	zassert_true(taken.in_isr);
	return taken;
}

/* "What does not fit is lost in this order", for a payload of @a arguments bytes. */
static void check(int size, const struct micrort_exception *taken, int arguments)
{
	const int name = strlen("tester");
	int room = (int)ROUND_DOWN(size, WORD) - RECORD;
	int expected = 0;

	if (room < 0) {
		zassert_equal(taken->lost, LOST_ALL, "%d", size);
		zassert_is_null(taken->file);
		zassert_equal(taken->line, 0);
		zassert_str_equal(taken_text, "");
		zassert_str_equal(taken->thread, "");
		zassert_equal(taken->address_count, 0);
		return;
	}
	zassert_not_null(taken->file);
	zassert_equal(taken->line, LINE(raised_line));
	if (arguments > room) {
		expected |= LOST_TEXT;
	}
	room -= MIN(arguments, room);
	if (name > room) {
		expected |= LOST_THREAD;
	} else {
		room -= name;
	}
	if (WORD > room) {
		expected |= LOST_ADDRESSES;
	}
	/* A text that is cut takes all of the room, but a number is there or not. */
	zassert_equal(taken->lost, expected, "%d bytes, %d of arguments: lost %x, not %x", size,
		      arguments, taken->lost, expected);
	zassert_str_equal(taken->thread, (expected & LOST_THREAD) != 0 ? "" : "tester");
	zassert_equal(taken->address_count, (expected & LOST_ADDRESSES) != 0 ? 0 : 1);
}

ZTEST(survives, test_thresholds_of_the_reference)
{
	ARRAY_FOR_EACH_PTR(rows, row) {
		int size = IS_ENABLED(CONFIG_64BIT) ? row->size_64 : row->size_32;
		struct micrort_exception taken;
		size_t length;

		zassert_ok(micrort_alloc_emergency_exception_buf(size));

		taken = survivor(raise_constant);
		check(size, &taken, 0);
		if (row->reference >= TRACEBACK) {
			zassert_not_null(taken.file, "%d: a traceback", size);
			/* The reference keeps it from CONSTANT_MESSAGE on. */
			zassert_str_equal(taken_text, "the lid is open");
		}

		taken = survivor(raise_number);
		/* 1000 is a tag and two bytes. */
		if (size >= RECORD + WORD || size < RECORD) {
			check(size, &taken, 3);
		}
		if (row->reference >= ONE_ARGUMENT) {
			zassert_str_equal(taken_text, "1000", "%d", size);
		}

		taken = survivor(raise_long);
		check(size, &taken, 2 + sizeof(long_text) - 1);
		length = strlen(taken_text);
		if (size >= RECORD) {
			int kept = MAX((int)ROUND_DOWN(size, WORD) - RECORD - 2, 0);

			zassert_equal((int)length, kept + 3, "%d: %s", size, taken_text);
			zassert_mem_equal(taken_text, long_text, kept);
			zassert_str_equal(taken_text + kept, "...");
		}
		if (row->reference >= FORMATTED_MESSAGE) {
			zassert_true(length - 3 >= 16, "%d: %zu bytes", size, length - 3);
		}
	}
}

/* "lost in a stated order": with each byte more, nothing that was kept is lost. */
ZTEST(survives, test_more_room_keeps_more)
{
	size_t length_before = 0;
	unsigned int count_before = 0;

	for (int size = RECORD; size <= RECORD + 60; size++) {
		struct micrort_exception taken;

		zassert_ok(micrort_alloc_emergency_exception_buf(size));
		taken = survivor(raise_number);
		zassert_true(strlen(taken_text) >= length_before || strcmp(taken_text, "1000") == 0);
		length_before = strlen(taken_text);
		zassert_true(taken.address_count >= count_before ||
			     (taken.lost & LOST_THREAD) == 0);
		count_before = taken.address_count;
	}
	zassert_equal(count_before, 1);
}

static void raise_out_of_range(void *arg)
{
	ARG_UNUSED(arg);
	(void)micrort_raise(&micrort_exc_value_error, "%s: %d is out of range", "lid sensor", 1234);
}

/** Issue 3, "Shown by" 2: this test's output. */
ZTEST(survives, test_shown)
{
	static const int sizes_32[] = {0, 24, 36, 52, 68, 100};
	static const int sizes_64[] = {0, 48, 72, 104, 120, 160};

	ARRAY_FOR_EACH(sizes_32, i) {
		int size = IS_ENABLED(CONFIG_64BIT) ? sizes_64[i] : sizes_32[i];

		zassert_ok(micrort_alloc_emergency_exception_buf(size));
		zassert_ok(micrort_heap_lock());
		in_timer(raise_out_of_range, NULL);
		zassert_ok(micrort_heap_unlock());
		printk("buffer: %d\n", size);
		zassert_ok(micrort_exception_print(NULL));
		zassert_equal(micrort_exception_clear(), 1);
	}
}
