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

#ifdef CONFIG_SHELL
#include <zephyr/shell/shell.h>
#endif
#ifdef CONFIG_SHELL_BACKEND_SERIAL
#include <zephyr/shell/shell_uart.h>
#endif

#include "intercept.h"
#include "port.h"

#define CHOSEN_IS_KBD_UART(_chosen) DT_NODE_HAS_COMPAT(DT_CHOSEN(_chosen), micrort_kbd_uart)

#if (CHOSEN_IS_KBD_UART(zephyr_console) || CHOSEN_IS_KBD_UART(zephyr_shell_uart)) &&               \
	!defined(CONFIG_MICRORT_KBD_UART)
#error "A micrort,kbd-uart device is chosen as console or shell UART: set CONFIG_MICRORT_KBD_UART=y"
#endif

/* The kernel declares it in a private header only. */
extern struct k_thread z_main_thread;

k_tid_t micrort_port_default_foreground(const struct shell *sh)
{
#ifdef CONFIG_SHELL
	if (sh != NULL) {
		/* Both are zero until the shell's thread exists. */
		return (sh->ctx->ctx.flags.cmd_ctx != 0) ? sh->ctx->tid : NULL;
	}
#endif

	return &z_main_thread;
}

#if defined(CONFIG_SHELL_BACKEND_SERIAL)

/*
 * A shell asks its transport for input at its prompt only, in its own thread, and before it
 * starts the next command even where that was typed ahead. So the transport's read function is
 * where the prompt can be seen; the shell offers no hook.
 */
static struct shell_transport_api prompt_api;

/** Whether @a transport is over a micrort,kbd-uart device; if so, which console that is. */
static bool is_on_console(const struct shell_transport *transport,
			  struct micrort_console **console)
{
	*console = NULL;
#ifdef CONFIG_MICRORT_KBD_UART
	if (transport->api == &prompt_api || transport->api == &shell_uart_transport_api) {
		const struct shell_uart_common *common = transport->ctx;

		/* It has none before it is initialized. */
		if (common->dev != NULL && micrort_is_kbd_uart(common->dev)) {
			*console = micrort_console_of(common->dev);
			return true;
		}
	}
#endif

	return false;
}

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
	struct micrort_console *console;
	const char *last;
	int ret;

	if (!at_prompt(transport)) {
		return shell_uart_transport_api.read(transport, data, length, cnt);
	}

	(void)is_on_console(transport, &console);
	micrort_console_at_prompt(console);
	ret = shell_uart_transport_api.read(transport, data, length, cnt);
	last = (const char *)data + *cnt - 1;
	if (ret == 0 && *cnt > 0 && (*last == '\r' || *last == '\n')) {
		micrort_console_before_command();
	}

	return ret;
}

/** A shell that begins: it knows its device from here on. */
static int init_on_console(const struct shell_transport *transport, const void *config,
			   shell_transport_handler_t evt_handler, void *context)
{
	struct micrort_console *console;
	int ret = shell_uart_transport_api.init(transport, config, evt_handler, context);

	if (ret == 0 && is_on_console(transport, &console)) {
		micrort_console_set_shell(console, context);
	}

	return ret;
}

/** Interpose on the shells over UARTs: SHELL_UART_DEFINE() keeps their transports in RAM. */
static int watch_prompts(void)
{
	prompt_api = shell_uart_transport_api;
	prompt_api.init = init_on_console;
	prompt_api.read = read_at_prompt;

	STRUCT_SECTION_FOREACH(shell, sh) {
		if (sh->iface->api == &shell_uart_transport_api) {
			((struct shell_transport *)sh->iface)->api = &prompt_api;
		}
	}

	return 0;
}

SYS_INIT(watch_prompts, APPLICATION, 0);

#if CHOSEN_IS_KBD_UART(zephyr_shell_uart)
/* Before anything is received: until the shell's thread exists nobody is in the foreground. */
static int know_main_shell(void)
{
	micrort_console_set_shell(NULL, shell_backend_uart_get_ptr());

	return 0;
}

SYS_INIT(know_main_shell, PRE_KERNEL_1, 0);
#endif

#ifdef MICRORT_INTERCEPTS_shell_execute_cmd
DECLARE_REAL(shell_execute_cmd);

/* The command runs in the calling thread, not in the shell's. */
int shell_execute_cmd(const struct shell *sh, const char *cmd)
{
	struct micrort_console *console;
	int ret;

	if (sh == NULL || !is_on_console(sh->iface, &console)) {
		return REAL(shell_execute_cmd)(sh, cmd);
	}
	micrort_console_lend(console, k_current_get());
	ret = REAL(shell_execute_cmd)(sh, cmd);
	micrort_console_lend(console, NULL);

	return ret;
}
#endif

#endif /* CONFIG_SHELL_BACKEND_SERIAL */
