/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief A shell on an ordinary UART: the main thread is the foreground, the prompt is nobody's.
 */

#include <errno.h>

#include <zephyr/device.h>
#include <zephyr/drivers/serial/uart_emul.h>
#include <zephyr/kernel.h>
#include <zephyr/shell/shell.h>
#include <zephyr/ztest.h>

#include <micrort/micrort.h>

#include "prompt.h"

static const struct device *const emul_uart = DEVICE_DT_GET(DT_NODELABEL(emul_uart));

/** What the main thread found before the suites ran. */
static int raised;
static int at_a_prompt;
static int depth_after_command;

static int cmd_lock(const struct shell *sh, size_t argc, char **argv)
{
	ARG_UNUSED(sh);
	ARG_UNUSED(argc);
	ARG_UNUSED(argv);

	return micrort_heap_lock();
}

static int cmd_depth(const struct shell *sh, size_t argc, char **argv)
{
	ARG_UNUSED(sh);
	ARG_UNUSED(argc);
	ARG_UNUSED(argv);

	depth_after_command = micrort_heap_locked();

	return 0;
}

SHELL_CMD_REGISTER(lock, NULL, NULL, cmd_lock);
SHELL_CMD_REGISTER(depth, NULL, NULL, cmd_depth);

static void type(const char *text, size_t len)
{
	zassert_equal(uart_emul_put_rx_data(emul_uart, (const uint8_t *)text, len), len);
	prompt_wait();
}

/** Runs in the main thread, the suites in a thread of their own. */
void test_main(void)
{
	depth_after_command = -1;

	raised = micrort_kbd_intr_raise();
	type("\r\r", 2);
	at_a_prompt = micrort_check();

	ztest_run_all(NULL, false, 1, 1);
	ztest_verify_all_test_suites_ran();
}

/** "the foreground thread: the main thread"; the prompt leaves its interrupt alone. */
ZTEST(kbd_plain_shell, test_prompt_leaves_the_main_threads_interrupt_alone)
{
	zassert_ok(raised);
	zassert_equal(at_a_prompt, -EINTR);
}

/** "A console prompt never stays locked", on any UART. */
ZTEST(kbd_plain_shell, test_prompt_unlocks_the_heap)
{
	type("lock\r", 5);
	type("depth\r", 6);
	zassert_equal(depth_after_command, 0);
}

/** Without the pass-through device nothing is captured: the character is data. */
ZTEST(kbd_plain_shell, test_character_is_data)
{
	depth_after_command = -1;
	type("depth\x03\r", 7);
	zassert_equal(depth_after_command, -1, "the line was not cleared");
}

ZTEST_SUITE(kbd_plain_shell, NULL, NULL, NULL, NULL, NULL);
