/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

#include <zephyr/init.h>

#include <micrort/micrort.h>

static int use(void)
{
	int level = micrort_opt_level();

	(void)micrort_opt_level_set(1);

	return MICRORT_ASSERT(level < 3) ? 0 : -1;
}

SYS_INIT(use, APPLICATION, 0);
