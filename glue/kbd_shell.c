/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief What micrort needs to know of the shell: who runs a command, and who is at a prompt.
 */

#include <stddef.h>

#include <zephyr/devicetree.h>
#include <zephyr/init.h>
#include <zephyr/kernel.h>
#include <zephyr/sys/iterable_sections.h>

#if defined(CONFIG_SHELL_BACKEND_SERIAL)
#include <zephyr/shell/shell_uart.h>
#endif

#include "port.h"

#define CHOSEN_IS_KBD_UART(_chosen) DT_NODE_HAS_COMPAT(DT_CHOSEN(_chosen), micrort_kbd_uart)

#if (CHOSEN_IS_KBD_UART(zephyr_console) || CHOSEN_IS_KBD_UART(zephyr_shell_uart)) &&               \
	!defined(CONFIG_MICRORT_KBD_UART)
#error "A micrort,kbd-uart device is chosen as console or shell UART: set CONFIG_MICRORT_KBD_UART=y"
#endif

#if defined(CONFIG_SHELL_BACKEND_SERIAL) && CHOSEN_IS_KBD_UART(zephyr_shell_uart)

k_tid_t micrort_port_default_foreground(void)
{
	const struct shell_ctx *ctx = shell_backend_uart_get_ptr()->ctx;

	/* Both are zero until the shell's thread exists. */
	return ctx->ctx.flags.cmd_ctx != 0 ? ctx->tid : NULL;
}

#else

/* The kernel declares it in a private header only. */
extern struct k_thread z_main_thread;

k_tid_t micrort_port_default_foreground(void)
{
	return &z_main_thread;
}

#endif

#if defined(CONFIG_SHELL_BACKEND_SERIAL)

/*
 * A shell asks its transport for input at its prompt only, in its own thread, and before it
 * starts the next command even where that was typed ahead. So the transport's read function is
 * where the prompt can be seen; the shell offers no hook.
 */
static struct shell_transport_api prompt_api;

/** Whether @a transport's shell runs no command and has not handed its input to a program. */
static bool at_prompt(const struct shell_transport *transport)
{
	STRUCT_SECTION_FOREACH(shell, sh) {
		if (sh->iface == transport) {
			return sh->ctx->ctx.flags.cmd_ctx == 0 && sh->ctx->bypass == NULL;
		}
	}

	return false;
}

static int read_at_prompt(const struct shell_transport *transport, void *data, size_t length,
			  size_t *cnt)
{
	const char *last;
	int ret;

	if (!at_prompt(transport)) {
		return shell_uart_transport_api.read(transport, data, length, cnt);
	}

	micrort_at_prompt();
	ret = shell_uart_transport_api.read(transport, data, length, cnt);
	last = (const char *)data + *cnt - 1;
	if (ret == 0 && *cnt > 0 && (*last == '\r' || *last == '\n')) {
		micrort_before_command();
	}

	return ret;
}

/** Interpose on the shells over UARTs: SHELL_UART_DEFINE() keeps their transports in RAM. */
static int watch_prompts(void)
{
	prompt_api = shell_uart_transport_api;
	prompt_api.read = read_at_prompt;

	STRUCT_SECTION_FOREACH(shell, sh) {
		if (sh->iface->api == &shell_uart_transport_api) {
			((struct shell_transport *)sh->iface)->api = &prompt_api;
		}
	}

	return 0;
}

SYS_INIT(watch_prompts, APPLICATION, 0);

#endif /* CONFIG_SHELL_BACKEND_SERIAL */
