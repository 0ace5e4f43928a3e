/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief exception.h: "\pre_kernel_ok"
 */

#include <zephyr/init.h>

#include "exceptions.h"

static int raised[3];
static int taken[4];
static struct micrort_exception exceptions[3];
static char texts[3][16];
static uint32_t counted;

/* Before the system heap is made: the type alone, and then nothing but a count. */
static int at_pre_kernel_1(void)
{
	raised[0] = micrort_raise(&sensor_error, "number %d", 1);
	raised[1] = micrort_raise(&sensor_error, "number %d", 2);
	return 0;
}

static int at_pre_kernel_2(void)
{
	raised[2] = micrort_raise(&micrort_exc_index_error, "number %d", 3);
	return 0;
}

/* Before a test clears them. */
static int at_application(void)
{
	counted = micrort_exception_counted();
	ARRAY_FOR_EACH(taken, i) {
		struct micrort_exception *exception = &exceptions[MIN(i, 2)];

		exception->text = texts[MIN(i, 2)];
		exception->text_size = sizeof(texts[0]);
		taken[i] = micrort_exception_take(exception);
	}
	return 0;
}

BUILD_ASSERT(CONFIG_KERNEL_INIT_PRIORITY_OBJECTS > 0);
SYS_INIT(at_pre_kernel_1, PRE_KERNEL_1, 0);
SYS_INIT(at_pre_kernel_2, PRE_KERNEL_2, 0);
SYS_INIT(at_application, APPLICATION, 0);

ZTEST_SUITE(early, NULL, NULL, NULL, NULL, NULL);

ZTEST(early, test_raise_before_the_kernel)
{
	/* The arena is there from the first moment. */
	if (IS_ENABLED(CONFIG_MICRORT_HEAP_ARENA)) {
		zassert_ok(raised[0]);
		zassert_ok(raised[1]);
		zassert_equal(counted, 0);
		zassert_ok(taken[0]);
		zassert_ok(taken[1]);
		zassert_str_equal(texts[0], "number 1");
		zassert_str_equal(texts[1], "number 2");
		zassert_ok(taken[2]);
		zassert_str_equal(texts[2], "number 3");
		zassert_equal(taken[3], -ENODATA);
	} else {
		zassert_equal(raised[0], LOST_ALL);
		zassert_equal(raised[1], -ENOBUFS);
		zassert_equal(counted, 1);
		zassert_ok(taken[0]);
		zassert_equal(exceptions[0].type, &sensor_error);
		zassert_ok(taken[1]);
		zassert_equal(exceptions[1].type, &micrort_exc_index_error);
		zassert_str_equal(texts[1], "number 3");
		zassert_not_equal(exceptions[1].thread[0], '\0');
		zassert_equal(taken[2], -ENODATA);
	}
	zassert_ok(raised[2]);
}
