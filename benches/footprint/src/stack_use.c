/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

#include <zephyr/init.h>

#include <micrort/micrort.h>

static int use(void)
{
	struct micrort_stack_usage usage;

	return micrort_stack_use() + micrort_stack_usage_get(micrort_executor_thread(), &usage) +
	       micrort_stack_usage_get_isr(0, &usage);
}

SYS_INIT(use, APPLICATION, 0);
