/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief "Two consoles have two of them": a second shell on a second pass-through device, commands that
 * run in another thread than the shell's, and reads that end.
 */

#include <errno.h>
#include <string.h>

#include <zephyr/device.h>
#include <zephyr/drivers/serial/uart_emul.h>
#include <zephyr/kernel.h>
#include <zephyr/logging/log.h>
#include <zephyr/shell/shell.h>
#include <zephyr/shell/shell_uart.h>
#include <zephyr/ztest.h>

#include <micrort/micrort.h>

#define CTRL_C "\x03"
#define SOON   K_SECONDS(1)

static const struct device *const uarts[] = {
	DEVICE_DT_GET(DT_NODELABEL(emul_uart)),
	DEVICE_DT_GET(DT_NODELABEL(second_emul_uart)),
};
static const struct device *const second_kbd_uart = DEVICE_DT_GET(DT_NODELABEL(second_kbd_uart));

SHELL_UART_DEFINE(second_transport);
SHELL_DEFINE(second_shell, "second:~$ ", &second_transport, 10, 1000, SHELL_FLAG_OLF_CRLF);

/** A command of each shell. */
static struct run {
	struct k_sem started;
	struct k_sem ended;
	int result;
} runs[2];

static int cmd_hear(const struct shell *sh, size_t argc, char **argv)
{
	struct run *run = &runs[sh == &second_shell];
	int64_t end = k_uptime_get() + 500;

	ARG_UNUSED(argc);
	ARG_UNUSED(argv);

	k_sem_give(&run->started);
	do {
		run->result = micrort_sleep(K_MSEC(5));
	} while (run->result == 0 && k_uptime_get() < end);
	k_sem_give(&run->ended);

	return 0;
}

SHELL_CMD_REGISTER(hear, NULL, NULL, cmd_hear);

static void type(int console, const char *text)
{
	size_t length = strlen(text);

	zassert_equal(uart_emul_put_rx_data(uarts[console], (const uint8_t *)text, length), length);
	k_sleep(K_MSEC(50));
}

static void start(int console)
{
	type(console, "hear\r");
	zassert_ok(k_sem_take(&runs[console].started, SOON), "console %d", console);
}

static void expect(int console, int result)
{
	zassert_ok(k_sem_take(&runs[console].ended, SOON), "console %d", console);
	zassert_equal(runs[console].result, result, "console %d", console);
}

static void on_output(const struct device *dev, size_t size, void *user_data)
{
	ARG_UNUSED(size);
	ARG_UNUSED(user_data);

	(void)uart_emul_flush_tx_data(dev);
}

static void *setup(void)
{
	const struct shell_backend_config_flags flags = SHELL_DEFAULT_BACKEND_CONFIG_FLAGS;

	ARRAY_FOR_EACH(runs, i) {
		k_sem_init(&runs[i].started, 0, 1);
		k_sem_init(&runs[i].ended, 0, 1);
		uart_emul_callback_tx_data_ready_set(uarts[i], on_output, NULL);
	}
	zassert_ok(shell_init(&second_shell, second_kbd_uart, flags, false, LOG_LEVEL_NONE));
	k_sleep(K_MSEC(100));

	return NULL;
}

static void before(void *fixture)
{
	ARG_UNUSED(fixture);

	zassert_ok(micrort_kbd_intr(3));
	ARRAY_FOR_EACH(runs, i) {
		type(i, CTRL_C);
		k_sem_reset(&runs[i].started);
		k_sem_reset(&runs[i].ended);
	}
}

static void after(void *fixture)
{
	ARG_UNUSED(fixture);

	(void)micrort_kbd_intr_detach();
	(void)micrort_kbd_intr(MICRORT_KBD_INTR_OFF);
}

ZTEST_SUITE(kbd_two, NULL, setup, before, after, NULL);

ZTEST(kbd_two, test_each_console_interrupts_its_own_command)
{
	start(0);
	start(1);
	type(1, CTRL_C);
	expect(1, -EINTR);
	expect(0, 0);

	start(0);
	start(1);
	type(0, CTRL_C);
	expect(0, -EINTR);
	expect(1, 0);
}

ZTEST(kbd_two, test_both_at_once)
{
	start(0);
	start(1);
	type(0, CTRL_C);
	type(1, CTRL_C);
	expect(0, -EINTR);
	expect(1, -EINTR);
}

/** At one prompt the character is data, whatever runs on the other console. */
ZTEST(kbd_two, test_prompt_beside_a_command)
{
	start(0);
	type(1, "abc" CTRL_C);
	expect(0, 0);
	zassert_equal(micrort_console_raise(micrort_console_of(second_kbd_uart)), -ESRCH);
}

ZTEST(kbd_two, test_attached_to_one_of_two)
{
	zassert_ok(micrort_console_attach(micrort_console_of(second_kbd_uart)));
	start(0);
	type(0, CTRL_C);
	expect(0, -EINTR);
	zassert_equal(micrort_check(), 0);
	type(1, CTRL_C);
	zassert_equal(micrort_check(), -EINTR);
	zassert_ok(micrort_kbd_intr_detach());
}

/* A command that another thread than the shell's runs. */

static K_THREAD_STACK_DEFINE(stack, 4096);
static struct k_thread thread;

static void execute(void *p1, void *p2, void *p3)
{
	ARG_UNUSED(p2);
	ARG_UNUSED(p3);

	(void)shell_execute_cmd(p1, "hear");
}

static void execute_on(int console)
{
	const struct shell *sh = (console == 0) ? shell_backend_uart_get_ptr() : &second_shell;

	k_thread_create(&thread, stack, K_THREAD_STACK_SIZEOF(stack), execute, (void *)sh, NULL,
			NULL, 5, 0, K_NO_WAIT);
	zassert_ok(k_sem_take(&runs[console].started, SOON));
}

ZTEST(kbd_two, test_command_in_another_thread)
{
	ARRAY_FOR_EACH(runs, i) {
		execute_on(i);
		type(i, CTRL_C);
		expect(i, -EINTR);
		zassert_ok(k_thread_join(&thread, SOON));
	}
}

ZTEST(kbd_two, test_thread_ends_inside_a_command)
{
	execute_on(1);
	k_thread_abort(&thread);
	zassert_equal(micrort_console_raise(micrort_console_of(second_kbd_uart)),
		      /* The shell believes that the command runs, in its own thread. */
		      0);
	zassert_ok(micrort_kbd_intr(MICRORT_KBD_INTR_OFF));
}

/* A read that waits for a byte or for what is pending. */

K_MSGQ_DEFINE(bytes, 1, 4, 1);
static struct k_poll_signal pending = K_POLL_SIGNAL_INITIALIZER(pending);

static int read_byte(uint8_t *byte)
{
	struct k_poll_event events[] = {
		K_POLL_EVENT_INITIALIZER(K_POLL_TYPE_MSGQ_DATA_AVAILABLE, K_POLL_MODE_NOTIFY_ONLY,
					 &bytes),
		K_POLL_EVENT_INITIALIZER(K_POLL_TYPE_SIGNAL, K_POLL_MODE_NOTIFY_ONLY, &pending),
	};

	while (true) {
		int ret = micrort_check();

		if (ret != 0) {
			return ret;
		}
		if (k_msgq_get(&bytes, byte, K_NO_WAIT) == 0) {
			return 0;
		}
		k_poll_signal_reset(&pending);
		events[0].state = K_POLL_STATE_NOT_READY;
		events[1].state = K_POLL_STATE_NOT_READY;
		if (!micrort_pending()) {
			(void)k_poll(events, ARRAY_SIZE(events), K_SECONDS(2));
		}
	}
}

static void receive_ctrl_c(struct k_timer *timer)
{
	ARG_UNUSED(timer);

	(void)uart_emul_put_rx_data(uarts[1], (const uint8_t *)CTRL_C, 1);
}

static K_TIMER_DEFINE(ctrl_c, receive_ctrl_c, NULL);

ZTEST(kbd_two, test_read_ends)
{
	uint8_t byte = 'x';

	micrort_pending_signal_set(&pending);
	zassert_ok(micrort_console_attach(micrort_console_of(second_kbd_uart)));
	zassert_ok(k_msgq_put(&bytes, &byte, K_NO_WAIT));
	zassert_ok(read_byte(&byte));
	k_timer_start(&ctrl_c, K_MSEC(50), K_NO_WAIT);
	zassert_equal(read_byte(&byte), -EINTR);
	micrort_pending_signal_set(NULL);
}
