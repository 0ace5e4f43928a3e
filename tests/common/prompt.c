/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

#include <string.h>

#include <zephyr/kernel.h>
#include <zephyr/shell/shell_uart.h>

#include "prompt.h"

/* The emulator's own: all that the UART receives and sends passes through it. */
extern struct k_work_q uart_emul_work_q;

static bool shell_waits(void)
{
	char state[sizeof("pending")];

	return strcmp(k_thread_state_str(shell_backend_uart_get_ptr()->thread, state,
					 sizeof(state)), "pending") == 0;
}

void prompt_wait(void)
{
	/* Twice: the one may have woken the other between the two looks. */
	for (int quiet = 0; quiet < 2; quiet++) {
		k_msleep(25);
		(void)k_work_queue_drain(&uart_emul_work_q, false);
		if (!shell_waits()) {
			quiet = -1;
		}
	}
}
