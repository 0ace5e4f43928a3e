/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief What all images have.
 */

#include <zephyr/kernel.h>

#include <micrort/micrort.h>

static void function(void *arg)
{
	ARG_UNUSED(arg);
}

int main(void)
{
	return micrort_schedule(function, NULL);
}
