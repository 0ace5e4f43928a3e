/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

#include <zephyr/init.h>

#include <micrort/micrort.h>

MICRORT_CONST(BUFFER_SIZE, 512);
MICRORT_CONST_STR(DEVICE_NAME, "sensor");

static int use(void)
{
	struct micrort_const_value value;

	return micrort_const_get("BUFFER_SIZE", &value);
}

SYS_INIT(use, APPLICATION, 0);
