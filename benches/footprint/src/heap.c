/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

#include <zephyr/init.h>
#include <zephyr/kernel.h>

static int use(void)
{
	void *block = k_malloc(16);

	k_free(block);

	return block == NULL ? -1 : 0;
}

SYS_INIT(use, APPLICATION, 0);
