/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief qstr.h, const.h: "\pre_kernel_ok"
 */

#include <zephyr/init.h>
#include <zephyr/ztest.h>

#include <micrort/micrort.h>

MICRORT_CONST(EARLY, 1001);

static struct {
	int image;
	int found;
	int missing;
	int length;
	const char *text;
	const char *no_text;
	int constant;
	size_t constants;
	struct micrort_const_value value;
	int interned;
} found[2];

static void look(int level)
{
	found[level].image = MICRORT_QSTR("at PRE_KERNEL_1");
	found[level].found = micrort_qstr_find_strn("at PRE_KERNEL_1", 15);
	found[level].missing = micrort_qstr_find_strn("absent", 6);
	found[level].length = micrort_qstr_len(found[level].image);
	found[level].text = micrort_qstr_str(found[level].image);
	found[level].no_text = micrort_qstr_str(UINT16_MAX);
	found[level].constant = micrort_const_get("EARLY", &found[level].value);
	found[level].constants = micrort_const_count();
}

static int at_pre_kernel_1(void)
{
	look(0);
	return 0;
}

static int at_post_kernel(void)
{
	look(1);
	found[1].interned = micrort_qstr_from_str("at POST_KERNEL");
	return 0;
}

SYS_INIT(at_pre_kernel_1, PRE_KERNEL_1, 0);
SYS_INIT(at_post_kernel, POST_KERNEL, 0);

ZTEST_SUITE(names_at_boot, NULL, NULL, NULL, NULL, NULL);

ZTEST(names_at_boot, test_lookup_before_the_kernel_runs)
{
	ARRAY_FOR_EACH(found, i) {
		zassert_true(found[i].image > 0);
		zassert_equal(found[i].found, found[i].image);
		zassert_equal(found[i].missing, -ENOENT);
		zassert_equal(found[i].length, 15);
		zassert_str_equal(found[i].text, "at PRE_KERNEL_1");
		zassert_is_null(found[i].no_text);
		zassert_ok(found[i].constant);
		zassert_equal(found[i].value.kind, MICRORT_CONST_KIND_INT);
		zassert_equal(found[i].value.int_value, EARLY);
		zassert_equal(found[i].constants, micrort_const_count());
	}
	zassert_true(found[1].interned > 0);
	zassert_equal(micrort_qstr_from_str("at POST_KERNEL"), found[1].interned);
}
