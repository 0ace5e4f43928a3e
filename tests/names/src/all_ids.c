/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief qstr.h: "-ENOSPC: It is new, and there are 65535 strings already."
 */

#include <string.h>

#include <zephyr/ztest.h>

#include <micrort/micrort.h>

MICRORT_QSTR_DEFINE(first, "of the image");
MICRORT_QSTR_DEFINE(second, "of the image, too");

ZTEST_SUITE(all_ids, NULL, NULL, NULL, NULL, NULL);

ZTEST(all_ids, test_all_ids_are_given)
{
	struct micrort_qstr_stats stats;
	char text[16];

	for (int id = 3; id <= UINT16_MAX; id++) {
		snprintk(text, sizeof(text), "%d", id);
		zassert_equal(micrort_qstr_from_str(text), id);
	}
	zassert_equal(micrort_qstr_from_str("one more"), -ENOSPC);
	zassert_equal(micrort_qstr_find_strn("one more", 8), -ENOENT);
	micrort_qstr_stats_get(&stats);
	zassert_equal(stats.strings, UINT16_MAX - 2);

	for (int id = 3; id <= UINT16_MAX; id++) {
		snprintk(text, sizeof(text), "%d", id);
		zassert_equal(micrort_qstr_find_strn(text, strlen(text)), id);
		zassert_str_equal(micrort_qstr_str(id), text);
	}
	zassert_equal(micrort_qstr_from_str("of the image"), 1);
	zassert_equal(micrort_qstr_from_str("of the image, too"), 2);
}
