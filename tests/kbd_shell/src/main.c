/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief A shell on the pass-through device: who is interrupted, and what the prompt undoes.
 */

#include <errno.h>
#include <string.h>

#include <zephyr/device.h>
#include <zephyr/drivers/serial/uart_emul.h>
#include <zephyr/kernel.h>
#include <zephyr/logging/log_backend.h>
#include <zephyr/logging/log_ctrl.h>
#include <zephyr/logging/log_msg.h>
#include <zephyr/shell/shell.h>
#include <zephyr/shell/shell_uart.h>
#include <zephyr/sys/atomic.h>
#include <zephyr/ztest.h>

#include <micrort/micrort.h>

#include "prompt.h"

#define CTRL_C     "\x03"
#define CTRL_X     0x18
#define BYPASS_END "\x18"

#define SOON    K_SECONDS(1)
#define A_WHILE K_MSEC(200)

static const struct device *const emul_uart = DEVICE_DT_GET(DT_NODELABEL(emul_uart));

static K_SEM_DEFINE(started, 0, 10);
static K_SEM_DEFINE(ended, 0, 10);

/** What the last command found. */
static int result;
static int depth_at_start;
static bool could_allocate;

static atomic_t warnings;

static void count_warnings(const struct log_backend *const backend, union log_msg_generic *msg)
{
	ARG_UNUSED(backend);

	if (log_msg_get_level(&msg->log) == LOG_LEVEL_WRN) {
		atomic_inc(&warnings);
	}
}

static void ignore_panic(const struct log_backend *const backend)
{
	ARG_UNUSED(backend);
}

static const struct log_backend_api warning_counter_api = {
	.process = count_warnings,
	.panic = ignore_panic,
};

LOG_BACKEND_DEFINE(warning_counter, warning_counter_api, true);

static void command_started(void)
{
	result = 1;
	k_sem_give(&started);
}

/** Compute, with safe points. */
static int cmd_loop(const struct shell *sh, size_t argc, char **argv)
{
	int64_t end = k_uptime_get() + 2 * MSEC_PER_SEC;

	ARG_UNUSED(sh);
	ARG_UNUSED(argc);
	ARG_UNUSED(argv);

	command_started();
	do {
		k_busy_wait(1000);
		result = micrort_check();
	} while (result == 0 && k_uptime_get() < end);
	k_sem_give(&ended);

	return 0;
}

static int cmd_poll(const struct shell *sh, size_t argc, char **argv)
{
	int64_t end = k_uptime_get() + 2 * MSEC_PER_SEC;

	ARG_UNUSED(sh);
	ARG_UNUSED(argc);
	ARG_UNUSED(argv);

	command_started();
	do {
		k_busy_wait(1000);
		result = micrort_poll();
	} while (result >= 0 && k_uptime_get() < end);
	k_sem_give(&ended);

	return 0;
}

static int cmd_sleep(const struct shell *sh, size_t argc, char **argv)
{
	ARG_UNUSED(sh);
	ARG_UNUSED(argc);
	ARG_UNUSED(argv);

	command_started();
	result = micrort_sleep(K_SECONDS(2));
	k_sem_give(&ended);

	return 0;
}

/** Take no interrupt, however long it is pending. */
static int cmd_deaf(const struct shell *sh, size_t argc, char **argv)
{
	ARG_UNUSED(sh);
	ARG_UNUSED(argc);
	ARG_UNUSED(argv);

	command_started();
	k_sleep(A_WHILE);
	result = 0;
	k_sem_give(&ended);

	return 0;
}

static int cmd_check(const struct shell *sh, size_t argc, char **argv)
{
	ARG_UNUSED(sh);
	ARG_UNUSED(argc);
	ARG_UNUSED(argv);

	command_started();
	result = micrort_check();
	k_sem_give(&ended);

	return 0;
}

static void look_at_heap(void)
{
	void *block;

	depth_at_start = micrort_heap_locked();
	block = k_malloc(16);
	could_allocate = block != NULL;
	k_free(block);
}

/** Leave the heap locked, three levels deep. */
static int cmd_lock(const struct shell *sh, size_t argc, char **argv)
{
	ARG_UNUSED(sh);
	ARG_UNUSED(argc);
	ARG_UNUSED(argv);

	command_started();
	look_at_heap();
	result = 0;
	for (int i = 0; i < 3; i++) {
		result |= micrort_heap_lock();
	}
	k_sem_give(&ended);

	return 0;
}

static int cmd_heap(const struct shell *sh, size_t argc, char **argv)
{
	ARG_UNUSED(sh);
	ARG_UNUSED(argc);
	ARG_UNUSED(argv);

	command_started();
	look_at_heap();
	result = 0;
	k_sem_give(&ended);

	return 0;
}

/** A program that has taken over the shell's input. */
static void on_bypass_input(const struct shell *sh, uint8_t *data, size_t len)
{
	look_at_heap();
	for (size_t i = 0; i < len; i++) {
		switch (data[i]) {
		case 'l':
			(void)micrort_heap_lock();
			break;
		case 'u':
			(void)micrort_heap_unlock();
			break;
		case CTRL_X:
			shell_set_bypass(sh, NULL);
			break;
		default:
			break;
		}
	}
	k_sem_give(&ended);
}

static int cmd_bypass(const struct shell *sh, size_t argc, char **argv)
{
	ARG_UNUSED(argc);
	ARG_UNUSED(argv);

	command_started();
	shell_set_bypass(sh, on_bypass_input);

	return 0;
}

SHELL_CMD_REGISTER(loop, NULL, NULL, cmd_loop);
SHELL_CMD_REGISTER(poll, NULL, NULL, cmd_poll);
SHELL_CMD_REGISTER(sleep, NULL, NULL, cmd_sleep);
SHELL_CMD_REGISTER(deaf, NULL, NULL, cmd_deaf);
SHELL_CMD_REGISTER(check, NULL, NULL, cmd_check);
SHELL_CMD_REGISTER(lock, NULL, NULL, cmd_lock);
SHELL_CMD_REGISTER(heap, NULL, NULL, cmd_heap);
SHELL_CMD_REGISTER(bypass, NULL, NULL, cmd_bypass);

/** Type, and give the device time to receive. */
static void type(const char *text)
{
	size_t len = strlen(text);

	zassert_equal(uart_emul_put_rx_data(emul_uart, (const uint8_t *)text, len), len);
	k_sleep(K_MSEC(50));
}

/** Run a command to its end. */
static void run(const char *line)
{
	k_sem_reset(&ended);
	type(line);
	zassert_ok(k_sem_take(&ended, SOON), "%s did not end", line);
	prompt_wait();
}

/** Start a command and go on while it runs. */
static void start(const char *line)
{
	k_sem_reset(&started);
	k_sem_reset(&ended);
	type(line);
	zassert_ok(k_sem_take(&started, SOON), "%s did not start", line);
}

static void expect_interrupted(void)
{
	zassert_ok(k_sem_take(&ended, SOON), "the command goes on");
	zassert_equal(result, -EINTR);
	prompt_wait();
}

/** Nobody reads the emulated UART's output: make room for more. */
static void on_output(const struct device *dev, size_t size, void *user_data)
{
	ARG_UNUSED(size);
	ARG_UNUSED(user_data);

	(void)uart_emul_flush_tx_data(dev);
}

static void *setup(void)
{
	uart_emul_callback_tx_data_ready_set(emul_uart, on_output, NULL);
	prompt_wait();

	return NULL;
}

static void before(void *fixture)
{
	ARG_UNUSED(fixture);

	zassert_ok(micrort_kbd_intr(3));
	/* Ends what a failed test has left behind: a bypass, a half line. */
	type(BYPASS_END CTRL_C);
	k_sem_reset(&started);
	k_sem_reset(&ended);
	atomic_clear(&warnings);
}

static void after(void *fixture)
{
	ARG_UNUSED(fixture);

	(void)micrort_kbd_intr_detach();
	(void)micrort_kbd_intr(MICRORT_KBD_INTR_OFF);
	while (micrort_heap_unlock() >= 0) {
	}
}

ZTEST_SUITE(kbd_shell, NULL, setup, before, after, NULL);

/**
 * "a long command that calls `micrort_check()` in its loop [...] stops on Ctrl-C".
 * MicroPython: cmdline/repl_ctrl_c_interrupt_execution.py
 */
ZTEST(kbd_shell, test_loop_with_check_is_interrupted)
{
	start("loop\r");
	type(CTRL_C);
	expect_interrupted();
}

ZTEST(kbd_shell, test_loop_with_poll_is_interrupted)
{
	start("poll\r");
	type(CTRL_C);
	expect_interrupted();
}

/** "or sleeps in `micrort_sleep()` stops on Ctrl-C" */
ZTEST(kbd_shell, test_sleep_is_interrupted)
{
	start("sleep\r");
	type(CTRL_C);
	expect_interrupted();
}

/** "the shell's thread is the foreground thread while it runs a command", for raising, too. */
ZTEST(kbd_shell, test_raise_interrupts_the_command)
{
	start("loop\r");
	zassert_ok(micrort_kbd_intr_raise());
	expect_interrupted();
}

/** Only the foreground thread can take the interrupt, so the test's thread cannot. */
ZTEST(kbd_shell, test_other_threads_are_not_interrupted)
{
	start("deaf\r");
	type(CTRL_C);
	zassert_equal(micrort_check(), 0);
	zassert_ok(k_sem_take(&ended, SOON));
	prompt_wait();
	zassert_equal(micrort_check(), 0);
}

/** "at its prompt the character is data, as in the reference (it clears the line)" */
ZTEST(kbd_shell, test_at_the_prompt_the_character_clears_the_line)
{
	type("check");
	type(CTRL_C);
	type("\r");
	zassert_equal(k_sem_take(&started, A_WHILE), -EAGAIN, "the line was not cleared");

	run("check\r");
	zassert_equal(result, 0, "the character was taken for the interrupt as well");
}

/** At the prompt there is nobody to interrupt. */
ZTEST(kbd_shell, test_raise_at_the_prompt_is_refused)
{
	zassert_equal(micrort_kbd_intr_raise(), -ESRCH);
	run("check\r");
	zassert_equal(result, 0);
}

/** An interrupt that a command did not take is not left for the next one. */
ZTEST(kbd_shell, test_pending_interrupt_is_dropped_at_the_prompt)
{
	start("deaf\r");
	type(CTRL_C);
	zassert_ok(k_sem_take(&ended, SOON));
	prompt_wait();

	run("check\r");
	zassert_equal(result, 0);
}

/** The same where the next command was typed before the first one had ended. */
ZTEST(kbd_shell, test_pending_interrupt_is_dropped_before_a_command_typed_ahead)
{
	start("deaf\r");
	type(CTRL_C "check\r");
	zassert_ok(k_sem_take(&ended, SOON));
	zassert_ok(k_sem_take(&ended, SOON), "the second command did not run");
	zassert_equal(result, 0);
}

/** "Several matches before it is taken are one": the command goes on after the first. */
ZTEST(kbd_shell, test_several_characters_are_one_interrupt)
{
	start("sleep\r");
	type(CTRL_C CTRL_C CTRL_C);
	expect_interrupted();
	run("check\r");
	zassert_equal(result, 0);
}

/**
 * "what was received before it stays readable": it is the shell's next command.
 */
ZTEST(kbd_shell, test_input_before_the_character_stays)
{
	start("loop\r");
	type("heap\r" CTRL_C);
	zassert_ok(k_sem_take(&ended, SOON), "the loop goes on");
	zassert_ok(k_sem_take(&ended, SOON), "the command typed ahead is lost");
	zassert_equal(result, 0);
}

/**
 * "The character is matched when it is received, in the driver's interrupt, before any buffer: a
 * full receive buffer cannot lose it."
 */
ZTEST(kbd_shell, test_full_receive_buffer_does_not_lose_the_interrupt)
{
	start("sleep\r");
	for (int sent = 0; sent < 4 * CONFIG_SHELL_BACKEND_SERIAL_RX_RING_BUFFER_SIZE; sent += 8) {
		zassert_equal(uart_emul_put_rx_data(emul_uart, (const uint8_t *)"jjjjjjjj", 8), 8);
		k_sleep(K_MSEC(2));
	}
	type(CTRL_C);
	expect_interrupted();
}

/** "-1 switches capture off": the character is data for the shell, also while a command runs. */
ZTEST(kbd_shell, test_capture_off)
{
	zassert_ok(micrort_kbd_intr(MICRORT_KBD_INTR_OFF));
	start("deaf\r");
	type("check" CTRL_C "\r");
	zassert_ok(k_sem_take(&ended, SOON));
	zassert_equal(k_sem_take(&started, A_WHILE), -EAGAIN, "the character was swallowed");
}

/** "Switching off clears an interrupt that is still pending." */
ZTEST(kbd_shell, test_switching_off_clears_a_pending_interrupt)
{
	zassert_ok(micrort_kbd_intr_attach());
	type(CTRL_C);
	zassert_ok(micrort_kbd_intr(MICRORT_KBD_INTR_OFF));
	zassert_equal(micrort_check(), 0);
}

/** "0..255 selects the character" */
ZTEST(kbd_shell, test_another_character)
{
	zassert_ok(micrort_kbd_intr('!'));
	start("loop\r");
	type("!");
	expect_interrupted();

	start("deaf\r");
	type("check" CTRL_C "\r");
	zassert_ok(k_sem_take(&ended, SOON));
	zassert_equal(k_sem_take(&started, A_WHILE), -EAGAIN, "the character was swallowed");
}

/** "at its prompt the character is data [...], unless another thread has attached itself" */
ZTEST(kbd_shell, test_attached_thread_is_interrupted_at_the_prompt)
{
	zassert_ok(micrort_kbd_intr_attach());
	type("check");
	type(CTRL_C);
	type("\r");
	zassert_ok(k_sem_take(&ended, SOON), "the character cleared the line");
	zassert_equal(result, 0, "the shell's thread was interrupted");
	zassert_equal(micrort_check(), -EINTR);
	zassert_equal(micrort_check(), 0);
}

/** "the main thread, or the one that attached itself": not the shell's while it runs a command. */
ZTEST(kbd_shell, test_attached_thread_is_interrupted_during_a_command)
{
	zassert_ok(micrort_kbd_intr_attach());
	start("sleep\r");
	type(CTRL_C);
	zassert_equal(micrort_check(), -EINTR);
	zassert_equal(k_sem_take(&ended, SOON), -EAGAIN, "the command was interrupted");
	zassert_ok(k_sem_take(&ended, K_SECONDS(3)));
	zassert_equal(result, 0);
}

/** The prompt does not drop what another thread is to take. */
ZTEST(kbd_shell, test_interrupt_of_an_attached_thread_outlives_the_prompt)
{
	zassert_ok(micrort_kbd_intr_attach());
	type(CTRL_C);
	run("heap\r");
	zassert_equal(micrort_check(), -EINTR);
}

/**
 * "A console prompt never stays locked: a command that returns to the prompt with the heap locked
 * finds it unlocked at the next command, with one warning."
 */
ZTEST(kbd_shell, test_prompt_unlocks_the_heap)
{
	run("lock\r");
	zassert_equal(result, 0);
	run("heap\r");
	zassert_equal(depth_at_start, 0);
	zassert_true(could_allocate);
	zassert_equal(atomic_get(&warnings), 1);

	run("heap\r");
	zassert_equal(atomic_get(&warnings), 1, "warned again");
}

/** The same where the next command was typed ahead. */
ZTEST(kbd_shell, test_prompt_unlocks_the_heap_for_a_command_typed_ahead)
{
	start("deaf\r");
	type("lock\rlock\rheap\r");
	for (int i = 0; i < 4; i++) {
		zassert_ok(k_sem_take(&ended, SOON));
	}
	prompt_wait();
	zassert_equal(depth_at_start, 0);
	zassert_true(could_allocate);
	zassert_equal(atomic_get(&warnings), 2, "not one warning for each command");
}

/** The heap is usable as soon as the prompt is there, and a command that locks nothing is quiet. */
ZTEST(kbd_shell, test_prompt_is_quiet_when_nothing_is_locked)
{
	run("heap\r");
	run("check\r");
	type("chec");
	zassert_equal(atomic_get(&warnings), 0);
}

#ifdef CONFIG_MICRORT_HEAP_LOCK_PER_THREAD
/** "per thread (default, as in the reference)": the prompt unlocks its own thread's heap only. */
ZTEST(kbd_shell, test_prompt_leaves_other_threads_locks_alone)
{
	zassert_ok(micrort_heap_lock());
	run("heap\r");
	zassert_true(could_allocate);
	zassert_equal(micrort_heap_locked(), 1);
	zassert_is_null(k_malloc(16));
	zassert_equal(atomic_get(&warnings), 0);
	zassert_equal(micrort_heap_unlock(), 0);
}
#else
/** "one for the whole system": the prompt undoes what a command has left, and no more. */
ZTEST(kbd_shell, test_prompt_leaves_the_applications_lock_alone)
{
	run("heap\r");
	zassert_ok(micrort_heap_lock());
	type("x\x7f");
	run("heap\r");
	zassert_equal(depth_at_start, 1);
	run("lock\r");
	run("heap\r");
	zassert_equal(depth_at_start, 1);
	zassert_equal(atomic_get(&warnings), 1);
	zassert_equal(micrort_heap_unlock(), 0);
}
#endif

/** A program that has taken over the shell's input is not at a prompt. */
ZTEST(kbd_shell, test_bypass_is_not_a_prompt)
{
	start("bypass\r");
	run("l");
	run(" ");
	zassert_equal(depth_at_start, 1);
	zassert_false(could_allocate);
	zassert_equal(atomic_get(&warnings), 0);

	run("u");
	run(BYPASS_END);
	run("heap\r");
	zassert_equal(depth_at_start, 0);
	zassert_equal(atomic_get(&warnings), 0);
}
