/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief opt_level.h; micropython/opt_level.py, micropython/opt_level_lineno.py
 */

#include <limits.h>

#include <zephyr/init.h>
#include <zephyr/ztest.h>

#include <micrort/micrort.h>

#include "console.h"
#include "interrupts.h"

#define BUILD_LEVEL CONFIG_MICRORT_OPT_LEVEL
#define CHECKS      (BUILD_LEVEL == 0)

static int level_at_boot = -1;

static int at_pre_kernel_1(void)
{
	level_at_boot = micrort_opt_level();
	return micrort_opt_level_set(level_at_boot);
}

SYS_INIT(at_pre_kernel_1, PRE_KERNEL_1, 0);

static void before(void *fixture)
{
	ARG_UNUSED(fixture);
	(void)micrort_exception_clear();
	zassert_ok(micrort_opt_level_set(BUILD_LEVEL));
}

static void after(void *fixture)
{
	console_restore(fixture);
	before(fixture);
}

ZTEST_SUITE(opt_level, NULL, NULL, before, after, NULL);

/** "CONFIG_MICRORT_OPT_LEVEL ... is also the level at boot." */
ZTEST(opt_level, test_get_and_set)
{
	zassert_equal(level_at_boot, BUILD_LEVEL);
	zassert_equal(micrort_opt_level(), BUILD_LEVEL);
	for (int level = 3; level >= 0; level--) {
		zassert_ok(micrort_opt_level_set(level));
		zassert_equal(micrort_opt_level(), level);
	}
}

/** "sets (0..3, else -EINVAL)"; the reference stores anything */
ZTEST(opt_level, test_range)
{
	static const int wrong[] = {-1, 4, 256, 259, 1 << 29, INT_MAX, INT_MIN};

	zassert_ok(micrort_opt_level_set(2));
	ARRAY_FOR_EACH(wrong, i) {
		zassert_equal(micrort_opt_level_set(wrong[i]), -EINVAL, "%d", wrong[i]);
		zassert_equal(micrort_opt_level(), 2);
	}
}

static int evaluated;

static bool evaluate(bool value)
{
	evaluated++;
	return value;
}

static bool assert_it(bool holds)
{
	return MICRORT_ASSERT(evaluate(holds), "speed %d", 100);
}

/* What a failed check does: it raises, or prints. */
static int complaints(void)
{
	if (IS_ENABLED(CONFIG_MICRORT_EXCEPTION)) {
		struct micrort_exception taken = {};
		int count = 0;

		while (micrort_exception_take(&taken) == 0) {
			zassert_equal_ptr(taken.type, &micrort_exc_assertion_error);
			zassert_not_null(strstr(taken.file, "opt_level.c"));
			count++;
		}
		return count;
	}
	return kept_count("\nAssertionError: speed 100\n");
}

/** "0: MICRORT_ASSERT() checks"; "The condition is evaluated only at level 0." */
ZTEST(opt_level, test_assert)
{
	for (int level = 0; level <= 3; level++) {
		bool checks = CHECKS && level == 0;
		bool failed;

		zassert_ok(micrort_opt_level_set(level));
		zassert_equal(micrort_debug(), checks);
		evaluated = 0;
		zassert_true(assert_it(true));
		zassert_equal(evaluated, checks ? 1 : 0, "level %d", level);
		console_keep();
		failed = !assert_it(false);
		console_restore(NULL);
		zassert_equal(failed, checks, "level %d", level);
		zassert_equal(evaluated, checks ? 2 : 0, "level %d", level);
		zassert_equal(complaints(), checks ? 1 : 0, "level %d", level);
	}
}

static bool without_text;

static void assert_in_interrupt(void *arg)
{
	ARG_UNUSED(arg);
	without_text = MICRORT_ASSERT(evaluate(false));
}

/** Without a text, and in an interrupt. */
ZTEST(opt_level, test_assert_without_text_in_an_interrupt)
{
	console_keep();
	interrupt_low(assert_in_interrupt, NULL);
	console_restore(NULL);
	zassert_equal(without_text, !CHECKS);
	if (IS_ENABLED(CONFIG_MICRORT_EXCEPTION)) {
		zassert_equal(micrort_exception_clear(), CHECKS ? 1 : 0);
	}
}

#if BUILD_LEVEL >= 1
/* Defined nowhere: this file links because nothing of a check is in the image. */
bool not_in_the_image(void);
const char *not_in_the_image_either(void);

ZTEST(opt_level, test_nothing_of_a_check_is_in_the_image)
{
	zassert_ok(micrort_opt_level_set(0));
	zassert_true(MICRORT_ASSERT(not_in_the_image(), "%s", not_in_the_image_either()));
	zassert_false(micrort_debug());
}
#endif

#ifdef CONFIG_MICRORT_EXCEPTION
/** micropython/opt_level_lineno.py: "3: reports carry no line numbers either" */
ZTEST(opt_level, test_level_three_drops_line_numbers)
{
	struct micrort_exception taken = {};
	unsigned int line;

	zassert_ok(micrort_raise(&micrort_exc_value_error, "x"));
	for (int level = 0; level <= 3; level++) {
		zassert_ok(micrort_opt_level_set(level));
		kept_reset();
		zassert_ok(micrort_exception_print(&keeping_printer));
		zassert_equal(kept_count("opt_level.c\""), 1);
		zassert_equal(kept_count(", line "), BUILD_LEVEL < 3 && level < 3 ? 1 : 0);
	}
	zassert_ok(micrort_exception_take(&taken));
	zassert_equal(taken.line, 0);

	/* It is not forgotten: the level acts on the report. */
	line = __LINE__ + 1;
	zassert_ok(micrort_raise(&micrort_exc_value_error, "x"));
	zassert_ok(micrort_opt_level_set(0));
	zassert_ok(micrort_exception_take(&taken));
	zassert_equal(taken.line, BUILD_LEVEL < 3 ? line : 0);
}
#endif
