/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief `micrort opt_level`
 */

#include <errno.h>

#include <zephyr/ztest.h>

#include <micrort/micrort.h>

#include "session.h"

#define BUILT STRINGIFY(CONFIG_MICRORT_OPT_LEVEL)

ZTEST_SUITE(opt_level, NULL, NULL, session_before, session_after, NULL);

ZTEST(opt_level, test_show_and_set_of_opt_level)
{
	EXPECT("micrort opt_level", 0, BUILT " (built at " BUILT ")");
	EXPECT("micrort opt_level 3", 0, "3 (built at " BUILT ")");
	zassert_equal(micrort_opt_level(), 3);
	EXPECT("micrort opt_level 0", 0, "0 (built at " BUILT ")");
	EXPECT("micrort opt_level", 0, "0 (built at " BUILT ")");
	zassert_equal(micrort_opt_level(), 0);
}

ZTEST(opt_level, test_wrong_use_of_opt_level)
{
	zassert_ok(micrort_opt_level_set(1));
	EXPECT("micrort opt_level 4", -EINVAL, "4: not a number from 0 to 3");
	EXPECT("micrort opt_level -1", -EINVAL, "-1: not a number from 0 to 3");
	EXPECT("micrort opt_level high", -EINVAL, "high: not a number from 0 to 3");
	EXPECT("micrort opt_level 4294967296", -EINVAL, "4294967296: not a number from 0 to 3");
	EXPECT("micrort opt_level 1 2", -EINVAL, "opt_level: wrong parameter count", ANYTHING);
	zassert_equal(micrort_opt_level(), 1);
}
