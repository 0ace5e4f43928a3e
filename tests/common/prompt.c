/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

#include <string.h>

#include <zephyr/device.h>
#include <zephyr/drivers/uart.h>
#include <zephyr/kernel.h>
#include <zephyr/shell/shell_uart.h>

#include "prompt.h"

/* The emulator's own: all that the UART receives and sends passes through it. */
extern struct k_work_q uart_emul_work_q;

/* It is pending, too, in the middle of an answer that the UART has no room for. */
static bool shell_waits(void)
{
	const struct shell *shell = shell_backend_uart_get_ptr();
	char state[sizeof("pending")];

	return strcmp(k_thread_state_str(shell->thread, state, sizeof(state)), "pending") == 0 &&
	       shell->ctx->ctx.flags.processing == 0;
}

/*
 * On two CPUs Zephyr's backend can leave the end of an answer unsent: its interrupt finds nothing to
 * send, the shell adds a piece and takes the interrupt for enabled, the interrupt disables itself.
 */
static void send_what_is_left(void)
{
#ifdef CONFIG_SHELL_BACKEND_SERIAL_API_INTERRUPT_DRIVEN
	uart_irq_tx_enable(DEVICE_DT_GET(DT_CHOSEN(zephyr_shell_uart)));
#endif
}

void prompt_wait(void)
{
	/* Twice: what was left leaves the queue after the first look. */
	for (int quiet = 0; quiet < 2; quiet++) {
		k_msleep(25);
		(void)k_work_queue_drain(&uart_emul_work_q, false);
		if (!shell_waits()) {
			quiet = -1;
		} else {
			send_what_is_left();
		}
	}
}
