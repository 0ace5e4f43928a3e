/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief The pass-through device over emulated UARTs: what it takes out and what it lets through.
 */

#include <errno.h>
#include <string.h>

#include <zephyr/device.h>
#include <zephyr/drivers/serial/uart_emul.h>
#include <zephyr/drivers/uart.h>
#include <zephyr/kernel.h>
#include <zephyr/sys/util.h>
#include <zephyr/ztest.h>

#include <micrort/micrort.h>

#define CTRL_C "\x03"

static const struct device *const wide_uart = DEVICE_DT_GET(DT_NODELABEL(wide_uart));
static const struct device *const wide_kbd = DEVICE_DT_GET(DT_NODELABEL(wide_kbd));
static const struct device *const narrow_uart = DEVICE_DT_GET(DT_NODELABEL(narrow_uart));
static const struct device *const narrow_kbd = DEVICE_DT_GET(DT_NODELABEL(narrow_kbd));
static const struct device *const dead_kbd = DEVICE_DT_GET(DT_NODELABEL(dead_kbd));

static int dead_uart_init(const struct device *dev)
{
	ARG_UNUSED(dev);

	return -EIO;
}

DEVICE_DT_DEFINE(DT_NODELABEL(dead_uart), dead_uart_init, NULL, NULL, NULL, PRE_KERNEL_1,
		 CONFIG_SERIAL_INIT_PRIORITY, NULL);

static void receive(const struct device *uart, const void *data, size_t len)
{
	zassert_equal(uart_emul_put_rx_data(uart, data, len), len, "FIFO too small for the test");
}

#define RECEIVE(_uart, _text) receive(_uart, _text, sizeof(_text) - 1)

static void expect_interrupts(unsigned int count)
{
	for (unsigned int i = 0; i < count; i++) {
		zassert_equal(micrort_check(), -EINTR, "interrupt %u is missing", i);
	}
	zassert_equal(micrort_check(), 0, "more than %u interrupts", count);
}

static void before(void *fixture)
{
	ARG_UNUSED(fixture);

	zassert_ok(micrort_console_attach(micrort_console_of(wide_kbd)));
	zassert_ok(micrort_console_attach(micrort_console_of(narrow_kbd)));
	zassert_ok(micrort_kbd_intr(MICRORT_KBD_INTR_OFF));
	zassert_ok(micrort_kbd_intr(3));
	uart_emul_flush_rx_data(wide_uart);
	uart_emul_flush_rx_data(narrow_uart);
	uart_emul_flush_tx_data(wide_uart);
	(void)uart_err_check(wide_kbd);
}

static void after(void *fixture)
{
	ARG_UNUSED(fixture);

#ifdef CONFIG_UART_INTERRUPT_DRIVEN
	/* The emulated interrupt is a thread, which the test may have left in the middle of it. */
	k_sleep(K_MSEC(10));
	uart_irq_rx_disable(wide_kbd);
	uart_irq_tx_disable(wide_kbd);
	uart_irq_rx_disable(narrow_kbd);
	(void)uart_irq_callback_user_data_set(wide_kbd, NULL, NULL);
	(void)uart_irq_callback_user_data_set(narrow_kbd, NULL, NULL);
#endif
	(void)micrort_kbd_intr_detach();
}

ZTEST_SUITE(kbd_uart, NULL, NULL, before, after, NULL);

/** "a devicetree device that passes through to a real UART" */
ZTEST(kbd_uart, test_device_is_ready)
{
	zassert_true(device_is_ready(wide_kbd));
	zassert_true(device_is_ready(narrow_kbd));
}

/** A device over a UART that is not ready is not ready either. */
ZTEST(kbd_uart, test_device_without_its_uart_is_not_ready)
{
	zassert_false(device_is_ready(dead_kbd));
}

/** "It is swallowed, never handed to the reader", for a reader that polls. */
ZTEST(kbd_uart, test_poll_in_skips_matches)
{
	unsigned char c = 0;

	RECEIVE(wide_uart, CTRL_C CTRL_C "a" CTRL_C);

	zassert_ok(uart_poll_in(wide_kbd, &c));
	zassert_equal(c, 'a');
	zassert_equal(uart_poll_in(wide_kbd, &c), -1);
	expect_interrupts(1);
}

/** What does not match is data. */
ZTEST(kbd_uart, test_poll_in_hands_over_data)
{
	unsigned char c = 0;

	for (int i = 0; i <= UINT8_MAX; i++) {
		uint8_t byte = i;

		if (byte == 3) {
			continue;
		}
		receive(wide_uart, &byte, 1);
		zassert_ok(uart_poll_in(wide_kbd, &c));
		zassert_equal(c, byte);
	}
	zassert_equal(uart_poll_in(wide_kbd, &c), -1);
	expect_interrupts(0);
}

/** What is sent goes out unchanged, the interrupt character too. */
ZTEST(kbd_uart, test_poll_out_passes_through)
{
	uint8_t sent[4];

	uart_poll_out(wide_kbd, 'x');
	uart_poll_out(wide_kbd, 3);

	zassert_equal(uart_emul_get_tx_data(wide_uart, sent, sizeof(sent)), 2);
	zassert_mem_equal(sent, "x\x03", 2);
	expect_interrupts(0);
}

ZTEST(kbd_uart, test_errors_pass_through)
{
	uart_emul_set_errors(wide_uart, UART_ERROR_OVERRUN | UART_BREAK);

	zassert_equal(uart_err_check(wide_kbd), UART_ERROR_OVERRUN | UART_BREAK);
	zassert_equal(uart_err_check(wide_kbd), 0);
}

ZTEST(kbd_uart, test_configuration_passes_through)
{
	const struct uart_config set = {
		.baudrate = 9600,
		.parity = UART_CFG_PARITY_EVEN,
		.stop_bits = UART_CFG_STOP_BITS_2,
		.data_bits = UART_CFG_DATA_BITS_7,
		.flow_ctrl = UART_CFG_FLOW_CTRL_RTS_CTS,
	};
	struct uart_config got;

	zassert_ok(uart_configure(wide_kbd, &set));

	memset(&got, 0, sizeof(got));
	zassert_ok(uart_config_get(wide_uart, &got));
	zassert_mem_equal(&got, &set, sizeof(set));

	memset(&got, 0, sizeof(got));
	zassert_ok(uart_config_get(wide_kbd, &got));
	zassert_mem_equal(&got, &set, sizeof(set));
}

#ifdef CONFIG_UART_ASYNC_API
/** The asynchronous API is refused, not half there. */
ZTEST(kbd_uart, test_async_api_is_refused)
{
	zassert_equal(uart_callback_set(wide_kbd, NULL, NULL), -ENOSYS);
}
#endif

#ifdef CONFIG_UART_INTERRUPT_DRIVEN

/** "It is swallowed, never handed to the reader" */
ZTEST(kbd_uart, test_match_is_swallowed)
{
	uint8_t got[16];

	RECEIVE(wide_uart, "ab" CTRL_C "cd");

	zassert_equal(uart_fifo_read(wide_kbd, got, sizeof(got)), 4);
	zassert_mem_equal(got, "abcd", 4);
	expect_interrupts(1);
}

/** "what was received before stays readable" */
ZTEST(kbd_uart, test_data_before_a_match_stays_readable)
{
	uint8_t got[16];

	RECEIVE(wide_uart, "before");
	RECEIVE(wide_uart, CTRL_C);

	zassert_equal(uart_fifo_read(wide_kbd, got, sizeof(got)), 6);
	zassert_mem_equal(got, "before", 6);
	expect_interrupts(1);
}

/** "Several matches before it is taken are one." */
ZTEST(kbd_uart, test_several_matches_in_one_fifo_are_one)
{
	uint8_t got[16];

	RECEIVE(wide_uart, CTRL_C "a" CTRL_C CTRL_C "b" CTRL_C);

	zassert_equal(uart_fifo_read(wide_kbd, got, sizeof(got)), 2);
	zassert_mem_equal(got, "ab", 2);
	expect_interrupts(1);
}

ZTEST(kbd_uart, test_match_as_the_only_byte)
{
	uint8_t got = 0xaa;

	RECEIVE(wide_uart, CTRL_C);

	zassert_equal(uart_fifo_read(wide_kbd, &got, 1), 0);
	expect_interrupts(1);
}

/** A reader that stops at a short count, as the shell does, is not stopped by a match. */
ZTEST(kbd_uart, test_gap_of_a_match_is_filled)
{
	uint8_t got[4];

	RECEIVE(wide_uart, CTRL_C "a" CTRL_C CTRL_C "bcdef");

	zassert_equal(uart_fifo_read(wide_kbd, got, sizeof(got)), 4);
	zassert_mem_equal(got, "abcd", 4);
	zassert_equal(uart_fifo_read(wide_kbd, got, sizeof(got)), 2);
	zassert_mem_equal(got, "ef", 2);
	zassert_equal(uart_fifo_read(wide_kbd, got, sizeof(got)), 0);
	expect_interrupts(1);
}

/** The same over a UART that gives one byte at a time. */
ZTEST(kbd_uart, test_gap_of_a_match_is_filled_byte_by_byte)
{
	uint8_t got = 0;

	RECEIVE(narrow_uart, CTRL_C CTRL_C "a");

	zassert_equal(uart_fifo_read(narrow_kbd, &got, 1), 1);
	zassert_equal(got, 'a');
	expect_interrupts(1);
}

/** The bytes beside a match in the reader's memory are left alone. */
ZTEST(kbd_uart, test_nothing_is_written_behind_the_readers_buffer)
{
	uint8_t got[6] = {0, 0, 0, 0, 0xaa, 0xaa};

	RECEIVE(wide_uart, "a" CTRL_C "bcdefgh");

	zassert_equal(uart_fifo_read(wide_kbd, got, 4), 4);
	zassert_mem_equal(got, "abcd\xaa\xaa", 6);
}

/**
 * "-1 switches capture off" and "Switching off clears an interrupt that is still pending": the
 * character is data then.
 */
ZTEST(kbd_uart, test_capture_off_lets_the_character_through)
{
	uint8_t got[16];

	zassert_ok(micrort_kbd_intr(MICRORT_KBD_INTR_OFF));
	RECEIVE(wide_uart, "a" CTRL_C "\xff");

	zassert_equal(uart_fifo_read(wide_kbd, got, sizeof(got)), 3);
	zassert_mem_equal(got, "a\x03\xff", 3);
	expect_interrupts(0);
}

/** "0..255 selects the character", from the lowest to the highest. */
ZTEST(kbd_uart, test_every_character_can_be_selected)
{
	uint8_t all[UINT8_MAX + 1];
	uint8_t got[UINT8_MAX + 1];

	for (int i = 0; i < sizeof(all); i++) {
		all[i] = i;
	}

	for (int chr = 0; chr <= UINT8_MAX; chr++) {
		zassert_ok(micrort_kbd_intr(chr));
		receive(wide_uart, all, sizeof(all));

		zassert_equal(uart_fifo_read(wide_kbd, got, sizeof(got)), UINT8_MAX);
		zassert_mem_equal(got, all, chr);
		zassert_mem_equal(&got[chr], &all[chr + 1], UINT8_MAX - chr);
		expect_interrupts(1);
	}
}

/** What a driver's user sees of an interrupt: callback, device, user data. */
static struct {
	const struct device *dev;
	void *user_data;
	uint8_t kept[16];
	size_t kept_len;
	size_t dropped;
	struct k_sem called;
} reader;

/** Reads as the shell does: into what room is left, then byte by byte into nowhere. */
static void on_irq(const struct device *dev, void *user_data)
{
	int room;
	int len;

	reader.dev = dev;
	reader.user_data = user_data;

	(void)uart_irq_update(dev);
	if (!uart_irq_rx_ready(dev)) {
		return;
	}

	do {
		uint8_t nowhere;

		room = sizeof(reader.kept) - reader.kept_len;
		if (room > 0) {
			len = uart_fifo_read(dev, &reader.kept[reader.kept_len], room);
			reader.kept_len += len;
		} else {
			len = uart_fifo_read(dev, &nowhere, 1);
			reader.dropped += len;
		}
	} while (len > 0 && len == room);

	k_sem_give(&reader.called);
}

static void reader_start(const struct device *dev)
{
	memset(&reader, 0, sizeof(reader));
	k_sem_init(&reader.called, 0, 1);
	zassert_ok(uart_irq_callback_user_data_set(dev, on_irq, &reader));
	uart_irq_rx_enable(dev);
}

/** The user's callback gets the pass-through device and the user's data. */
ZTEST(kbd_uart, test_callback_gets_the_pass_through_device)
{
	reader_start(wide_kbd);
	RECEIVE(wide_uart, "a");

	zassert_ok(k_sem_take(&reader.called, K_SECONDS(1)));
	zassert_equal_ptr(reader.dev, wide_kbd);
	zassert_equal_ptr(reader.user_data, &reader);
	zassert_equal(reader.kept_len, 1);
}

ZTEST(kbd_uart, test_no_callback_after_it_is_taken_away)
{
	reader_start(wide_kbd);
	zassert_ok(uart_irq_callback_user_data_set(wide_kbd, NULL, NULL));
	RECEIVE(wide_uart, "a");

	zassert_equal(k_sem_take(&reader.called, K_MSEC(100)), -EAGAIN);
}

/**
 * "The character is matched when it is received, in the driver's interrupt, before any buffer: a
 * full receive buffer cannot lose it."
 */
ZTEST(kbd_uart, test_full_receive_buffer_does_not_lose_the_interrupt)
{
	uint8_t junk[100];

	memset(junk, 'j', sizeof(junk));
	reader_start(narrow_kbd);
	receive(narrow_uart, junk, sizeof(junk));
	k_sleep(K_MSEC(50));
	zassert_equal(reader.kept_len, sizeof(reader.kept), "the buffer is not full");
	expect_interrupts(0);

	RECEIVE(narrow_uart, "jjj" CTRL_C "jjj");
	k_sleep(K_MSEC(50));

	expect_interrupts(1);
	zassert_equal(reader.kept_len, sizeof(reader.kept));
	zassert_mem_equal(reader.kept, junk, sizeof(reader.kept));
	zassert_equal(reader.dropped, sizeof(junk) + 6 - sizeof(reader.kept));
}

static void on_timer(struct k_timer *timer)
{
	ARG_UNUSED(timer);

	(void)uart_emul_put_rx_data(wide_uart, (const uint8_t *)CTRL_C, 1);
}

static K_TIMER_DEFINE(ctrl_c_timer, on_timer, NULL);

/** "It wakes `micrort_sleep()`" */
ZTEST(kbd_uart, test_match_wakes_a_sleep)
{
	int64_t start = k_uptime_get();

	reader_start(wide_kbd);
	k_timer_start(&ctrl_c_timer, K_MSEC(50), K_NO_WAIT);

	zassert_equal(micrort_sleep(K_SECONDS(5)), -EINTR);
	zassert_between_inclusive(k_uptime_get() - start, 40, 2000);
	expect_interrupts(0);
}

/** Each device reads its own UART, and its matches are for its own foreground thread. */
ZTEST(kbd_uart, test_two_devices)
{
	uint8_t got[4];

	RECEIVE(wide_uart, "w" CTRL_C);
	RECEIVE(narrow_uart, "n");

	zassert_equal(uart_fifo_read(narrow_kbd, got, sizeof(got)), 1);
	zassert_equal(got[0], 'n');
	expect_interrupts(0);
	zassert_equal(uart_fifo_read(wide_kbd, got, sizeof(got)), 1);
	zassert_equal(got[0], 'w');
	expect_interrupts(1);
}

/** The transmit side of the interrupt-driven API reaches the UART. */
ZTEST(kbd_uart, test_transmit_passes_through)
{
	uint8_t sent[8];

	zassert_equal(uart_irq_tx_complete(wide_kbd), 1);
	zassert_equal(uart_fifo_fill(wide_kbd, (const uint8_t *)"ab" CTRL_C, 3), 3);
	zassert_equal(uart_irq_tx_complete(wide_kbd), 0);
	zassert_equal(uart_emul_get_tx_data(wide_uart, sent, sizeof(sent)), 3);
	zassert_mem_equal(sent, "ab" CTRL_C, 3);
	expect_interrupts(0);

	zassert_equal(uart_irq_tx_ready(wide_kbd), 0);
	uart_irq_tx_enable(wide_kbd);
	/* Zephyr 4.x answers with a number of bytes. */
	zassert_true(uart_irq_tx_ready(wide_kbd) > 0);
	zassert_equal(uart_irq_is_pending(wide_kbd), 1);
	uart_irq_tx_disable(wide_kbd);
	zassert_equal(uart_irq_tx_ready(wide_kbd), 0);
	zassert_equal(uart_irq_is_pending(wide_kbd), 0);
}

/** So does the receive side's masking. */
ZTEST(kbd_uart, test_receive_interrupt_is_enabled_and_disabled)
{
	RECEIVE(wide_uart, "a");

	zassert_equal(uart_irq_rx_ready(wide_kbd), 0);
	uart_irq_rx_enable(wide_kbd);
	zassert_equal(uart_irq_rx_ready(wide_kbd), 1);
	uart_irq_rx_disable(wide_kbd);
	zassert_equal(uart_irq_rx_ready(wide_kbd), 0);
}

#endif /* CONFIG_UART_INTERRUPT_DRIVEN */
