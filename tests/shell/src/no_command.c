/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief CONFIG_MICRORT_SHELL=n: there is no command, and what it controls is there.
 */

#include <errno.h>

#include <zephyr/ztest.h>

#include <micrort/micrort.h>

#include "session.h"

ZTEST_SUITE(no_command, NULL, NULL, session_before, session_after, NULL);

ZTEST(no_command, test_no_command)
{
	EXPECT("micrort mem_info", -ENOEXEC, "micrort: command not found");
	zassert_equal(micrort_kbd_intr_get(), 3);
}
