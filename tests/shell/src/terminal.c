/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

#include <string.h>

#include <zephyr/device.h>
#include <zephyr/drivers/serial/uart_emul.h>
#include <zephyr/kernel.h>
#include <zephyr/ztest.h>

#include "prompt.h"
#include "terminal.h"

static const struct device *const uart = DEVICE_DT_GET(DT_NODELABEL(emul_uart));

static char screen[2048];
static size_t filled;

static void on_output(const struct device *dev, size_t size, void *user_data)
{
	uint8_t byte;

	ARG_UNUSED(size);
	ARG_UNUSED(user_data);

	while (uart_emul_get_tx_data(dev, &byte, 1) == 1) {
		if (byte != '\r' && filled < sizeof(screen) - 1) {
			screen[filled++] = byte;
		}
	}
}

const char *type(const char *text)
{
	size_t length = strlen(text);

	filled = 0;
	memset(screen, 0, sizeof(screen));
	zassert_equal(uart_emul_put_rx_data(uart, (const uint8_t *)text, length), length);
	prompt_wait();
	zassert_true(filled < sizeof(screen) - 1, "the screen is full");

	return screen;
}

void terminal_begin(void)
{
	uart_emul_callback_tx_data_ready_set(uart, on_output, NULL);
	/* Ctrl-C is data at the prompt: it ends the line. */
	(void)type("\x03");
}
