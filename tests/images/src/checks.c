/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief opt_level.h: "what the level of the build removes is not in the image".
 */

#include <zephyr/init.h>

#include <micrort/micrort.h>

#include "condition.h"

static int use(void)
{
	int speed = micrort_heap_locked();

	if (!MICRORT_ASSERT(condition_of_the_check(speed), "text of the check: %d", speed)) {
		return -EINVAL;
	}

/* At a line that the script chooses. */
#line LINE
	return micrort_raise(&micrort_exc_value_error, "text of the exception");
}

SYS_INIT(use, APPLICATION, 0);
