/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief `micrort qstr_info`
 */

#include <errno.h>
#include <stdio.h>

#include <zephyr/ztest.h>

#include <micrort/micrort.h>

#include "session.h"

ZTEST_SUITE(qstr, NULL, NULL, session_before, session_after, NULL);

static const char *expected_totals(void)
{
	static char line[100];
	struct micrort_qstr_stats stats;

	micrort_qstr_stats_get(&stats);
	snprintf(line, sizeof(line),
		 "qstr pool: n_pool=%u, n_qstr=%u, n_str_data_bytes=%zu, n_total_bytes=%zu",
		 stats.pools, stats.strings, stats.data_bytes, stats.total_bytes);

	return line;
}

/** "micropython/qstr_info": the totals, and with -v each string. */
ZTEST(qstr, test_plain_and_verbose)
{
	zassert_true(micrort_qstr_from_str("shell word") > 0);
	zassert_true(micrort_qstr_from_strn("\x01\\", 2) > 0);
	EXPECT("micrort qstr_info", 0, expected_totals());
	EXPECT("micrort qstr_info -v", 0, expected_totals(), "Q(shell word)", "Q(\\x01\\\\)");
}

ZTEST(qstr, test_wrong_use_of_qstr)
{
	EXPECT("micrort qstr_info x", -EINVAL, "x: not -v");
	EXPECT("micrort qstr_info --verbose", -EINVAL, "--verbose: not -v");
	EXPECT("micrort qstr_info -v -v", -EINVAL, "qstr_info: wrong parameter count", ANYTHING);
}
