/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief ztest for a program on the host: its cases run one after the other, and report as TAP.
 */

#ifndef MICRORT_TESTS_HOST_ZTEST_H_
#define MICRORT_TESTS_HOST_ZTEST_H_

#include <zephyr/kernel.h>

struct test_suite {
	void (*before)(void *fixture);
	void (*after)(void *fixture);
};

void test_add(const struct test_suite *suite, const char *name, void (*run)(void));
__printf_like(3, 4) void test_assert(bool condition, const char *where, const char *fmt, ...);

#define ZTEST_SUITE(_name, _predicate, _setup, _before, _after, _teardown)                         \
	const struct test_suite _name = {(_before), (_after)}

#define ZTEST(_suite, _name)                                                                       \
	extern const struct test_suite _suite;                                                     \
	static void _name(void);                                                                   \
	static __attribute__((constructor)) void add_##_name(void)                                 \
	{                                                                                          \
		test_add(&_suite, #_suite " " #_name, _name);                                      \
	}                                                                                          \
	static void _name(void)

#define Z_TEST_STRING(_x) #_x
#define Z_TEST_LINE(_x)   Z_TEST_STRING(_x)
#define zassert(_condition, ...)                                                                   \
	test_assert((_condition), __FILE__ ":" Z_TEST_LINE(__LINE__) ": " #_condition, " " __VA_ARGS__)
#define zassert_true(_x, ...)               zassert((_x), ##__VA_ARGS__)
#define zassert_false(_x, ...)              zassert(!(_x), ##__VA_ARGS__)
#define zassert_ok(_x, ...)                 zassert((_x) == 0, ##__VA_ARGS__)
#define zassert_not_null(_x, ...)           zassert((_x) != NULL, ##__VA_ARGS__)
#define zassert_equal(_a, _b, ...)          zassert((_a) == (_b), ##__VA_ARGS__)
#define zassert_between_inclusive(_x, _low, _high)                                                 \
	({                                                                                         \
		int64_t test_value = (_x);                                                         \
		zassert(test_value >= (_low) && test_value <= (_high), "%d", (int)test_value);     \
	})

#endif /* MICRORT_TESTS_HOST_ZTEST_H_ */
