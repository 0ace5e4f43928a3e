/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

#include <zephyr/init.h>

#include <micrort/micrort.h>

static int use(void)
{
	int id = micrort_qstr_from_str("temperature");

	return micrort_qstr_info(NULL, true) + micrort_qstr_len(id) + *micrort_qstr_str(id);
}

SYS_INIT(use, APPLICATION, 0);
