/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

#include <zephyr/init.h>

#include <micrort/micrort.h>

static int use(void)
{
	int ret = micrort_alloc_emergency_exception_buf(100);

	ret |= micrort_raise(&micrort_exc_value_error, "adc %d: %s", ret, "range");
	ret |= micrort_exception_print(NULL);

	return ret + micrort_exception_clear();
}

SYS_INIT(use, APPLICATION, 0);
