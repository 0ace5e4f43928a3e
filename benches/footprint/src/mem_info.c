/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

#include <zephyr/init.h>

#include <micrort/micrort.h>

static int use(void)
{
	return micrort_mem_info(NULL, true);
}

SYS_INIT(use, APPLICATION, 0);
