/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief The reference's own tests, translated (reference-semantics.md, section 10).
 */

#include "exceptions.h"
#include "interrupts.h"

ZTEST_SUITE(reference, NULL, NULL, exceptions_before, exceptions_after, NULL);

/** micropython/emg_exc.py: ValueError(1) and its line survive while the heap is locked */
ZTEST(reference, test_emg_exc)
{
	struct micrort_exception taken;
	int line;

	zassert_ok(micrort_alloc_emergency_exception_buf(256));
	zassert_ok(micrort_heap_lock());
	line = __LINE__ + 1;
	zassert_ok(micrort_raise(&micrort_exc_value_error, "%d", 1));
	zassert_ok(micrort_heap_unlock());
	taken = take_one();
	zassert_equal(taken.type, &micrort_exc_value_error);
	zassert_str_equal(taken_text, "1");
	zassert_equal(taken.line, LINE(line));
}

static const char abc[] = "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijklm";

/** micropython/extreme_exc.py: more arguments than there is room for */
ZTEST(reference, test_extreme_exc_many_arguments)
{
	const long long n = 0x123456789abcdef;

	zassert_equal(micrort_raise(&micrort_exc_type_error,
				    "%lld %lld %lld %lld %lld %lld %lld %lld %lld %lld %lld %lld "
				    "%lld %lld %lld %lld",
				    n, n, n, n, n, n, n, n, n, n, n, n, n, n, n, n),
		      LOST_TEXT);
	(void)take_one();
	/* A number that large takes nine bytes. */
	zassert_mem_equal(taken_text, "81985529216486895 81985529216486895 ", 36);
	zassert_str_equal(taken_text + strlen(taken_text) - 3, "...");
}

/** micropython/extreme_exc.py: long text is cut to the emergency buffer */
ZTEST(reference, test_extreme_exc_long_text)
{
	zassert_ok(micrort_alloc_emergency_exception_buf(RECORD + 40));
	zassert_ok(micrort_heap_lock());
	zassert_equal(micrort_raise(&micrort_exc_value_error, "%s", abc),
		      LOST_TEXT | LOST_THREAD | LOST_ADDRESSES);
	CHECK_TAKEN(&micrort_exc_value_error, "abcdefghijklmnopqrstuvwxyzabcdefghijkl...");
}

/** micropython/extreme_exc.py: low heap, and a second exception while it is so */
ZTEST(reference, test_extreme_exc_low_heap)
{
	zassert_ok(micrort_alloc_emergency_exception_buf(100));
	fill_heap();
	zassert_ok(micrort_raise(&micrort_exc_memory_error, "%s", "low heap"));
	/* The reference would overwrite the first one. */
	zassert_true(micrort_raise(&micrort_exc_value_error, "%s", abc) > 0);
	CHECK_TAKEN(&micrort_exc_memory_error, "low heap");
	zassert_equal(take_one().type, &micrort_exc_value_error);
	check_none();
}

/** micropython/heapalloc_exc_raise.py: raising what is there already allocates nothing */
ZTEST(reference, test_heapalloc_exc_raise)
{
	struct micrort_heap_refusals before;
	struct micrort_heap_refusals now;

	micrort_heap_refusals_get(&before);
	zassert_ok(micrort_heap_lock());
	for (int i = 0; i < 3; i++) {
		zassert_equal(micrort_raise(&micrort_exc_value_error, ""), LOST_ALL);
		CHECK_TAKEN(&micrort_exc_value_error, "");
	}
	zassert_ok(micrort_heap_unlock());
	micrort_heap_refusals_get(&now);
	zassert_equal(now.count, before.count, "it did not even try");
}

static void raise_messages(const char *const expected[3])
{
	zassert_ok(micrort_heap_lock());
	(void)micrort_raise(&micrort_exc_type_error, "object not iterable");
	CHECK_TAKEN(&micrort_exc_type_error, expected[0]);
	(void)micrort_raise(&micrort_exc_type_error, "'%s' object isn't callable", "int");
	CHECK_TAKEN(&micrort_exc_type_error, expected[1]);
	(void)micrort_raise(&micrort_exc_index_error, "%d out of range", 1000);
	CHECK_TAKEN(&micrort_exc_index_error, expected[2]);
	zassert_ok(micrort_heap_unlock());
}

/** micropython/heapalloc_exc_compressed.py: without a buffer, the types */
ZTEST(reference, test_heapalloc_exc_compressed)
{
	raise_messages((const char *const[]){"", "", ""});
}

/** micropython/heapalloc_exc_compressed_emg_exc.py: with one, the messages */
ZTEST(reference, test_heapalloc_exc_compressed_emg_exc)
{
	zassert_ok(micrort_alloc_emergency_exception_buf(256));
	raise_messages((const char *const[]){"object not iterable", "'int' object isn't callable",
					     "1000 out of range"});
}

/** micropython/heapalloc_traceback.py: raised with the heap locked, a traceback comes later */
ZTEST(reference, test_heapalloc_traceback)
{
	struct micrort_exception taken;

	if (IS_ENABLED(CONFIG_FRAME_POINTER)) {
		printk("the bytes are those of a record with one address\n");
		ztest_test_skip();
	}
	zassert_ok(micrort_alloc_emergency_exception_buf(RECORD + ROUND_UP(6 + WORD, WORD)));
	zassert_ok(micrort_heap_lock());
	zassert_ok(micrort_raise(&micrort_exc_runtime_error, "function"));
	zassert_ok(micrort_heap_unlock());
	taken = take_one();
	zassert_not_null(strstr(taken.file, "reference.c"));
	zassert_str_equal(taken.thread, "tester");
	zassert_equal(taken.address_count, 1);
}
