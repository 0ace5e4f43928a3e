/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief Registers the command `micrort`, which is Rust (src/commands), in Zephyr's shell.
 *
 * Only `micrort` has a handler. So whatever stands behind it is handed to that; what is registered
 * below it is for Tab and for help.
 */

#include <errno.h>
#include <stddef.h>

#include <zephyr/shell/shell.h>
#include <zephyr/sys/util.h>

#include "port.h"

#define KEY_PERIOD_MS 20

BUILD_ASSERT(MICRORT_COMMAND_HELP == SHELL_CMD_HELP_PRINTED);

/* Of the library's commands an image has those that stand here, in the order of their names. */
const struct micrort_command *const micrort_commands[] = {
	IF_ENABLED(CONFIG_MICRORT_CONST, (&micrort_command_const,))
	IF_ENABLED(CONFIG_MICRORT_EXCEPTION, (&micrort_command_emergency,))
	IF_ENABLED(CONFIG_MICRORT_EXCEPTION, (&micrort_command_exception,))
	IF_ENABLED(CONFIG_MICRORT_HEAP_LOCK, (&micrort_command_heap,))
	&micrort_command_kbd_intr,
	IF_ENABLED(CONFIG_MICRORT_MEM_INFO, (&micrort_command_mem_info,))
	&micrort_command_opt_level,
	IF_ENABLED(CONFIG_MICRORT_QSTR, (&micrort_command_qstr_info,))
	&micrort_command_schedule,
	IF_ENABLED(CONFIG_MICRORT_STACK_USE, (&micrort_command_stack_use,))
	IF_ENABLED(CONFIG_MICRORT_SHELL_TOP, (&micrort_command_top,))
};
const size_t micrort_command_count = ARRAY_SIZE(micrort_commands);

int micrort_port_shell_print(void *sh, const char *text, size_t length, bool error)
{
	shell_fprintf(sh, error ? SHELL_ERROR : SHELL_NORMAL, "%.*s", (int)length, text);

	return micrort_check();
}

bool micrort_port_shell_has_cursor(void *shell)
{
	const struct shell *sh = shell;

	return IS_ENABLED(CONFIG_SHELL_VT100_COMMANDS) && sh->ctx->cfg.flags.use_vt100 != 0;
}

/* Nobody else reads a shell's transport while its command runs, and nothing tells that a key came. */
int micrort_port_shell_wait(void *shell, uint32_t milliseconds)
{
	const struct shell *sh = shell;
	k_timepoint_t end = sys_timepoint_calc(K_MSEC(milliseconds));

	/* The library refers to this function for every command. */
	if (!IS_ENABLED(CONFIG_MICRORT_SHELL_TOP)) {
		return -ENOTSUP;
	}
	while (true) {
		size_t count = 0;
		uint8_t key;
		int ret;

		if (sh->iface->api->read(sh->iface, &key, sizeof(key), &count) == 0 && count != 0) {
			return key;
		}
		if (sys_timepoint_expired(end)) {
			return -EAGAIN;
		}
		ret = micrort_port_sleep(K_MSEC(KEY_PERIOD_MS), z_impl_micrort_check);
		if (ret != 0) {
			return ret;
		}
	}
}

static bool list(size_t index, struct shell_static_entry *entry,
		 const struct micrort_command *command)
{
	*entry = (struct shell_static_entry){0};

	return micrort_command_below(command, index, &entry->syntax, &entry->help);
}

static void list_below(size_t index, struct shell_static_entry *entry, size_t place)
{
	(void)list(index, entry, micrort_commands[place]);
}

/* The shell asks for a list by a function alone: one for each place of micrort_commands. */
#define COMMANDS_MAX 11
BUILD_ASSERT(ARRAY_SIZE(micrort_commands) <= COMMANDS_MAX);

#define LIST_DEFINE(_n, _)                                                                         \
	static void list_##_n(size_t index, struct shell_static_entry *entry)                      \
	{                                                                                          \
		list_below(index, entry, _n);                                                      \
	}                                                                                          \
	SHELL_DYNAMIC_CMD_CREATE(below_##_n, list_##_n)
#define LIST_NAME(_n, _) &below_##_n

LISTIFY(COMMANDS_MAX, LIST_DEFINE, (;));

static const union shell_cmd_entry *const below[] = {LISTIFY(COMMANDS_MAX, LIST_NAME, (,))};

static void list_commands(size_t index, struct shell_static_entry *entry)
{
	if (list(index, entry, &micrort_command_root)) {
		entry->subcmd = below[index];
	}
}

SHELL_DYNAMIC_CMD_CREATE(commands, list_commands);

static int cmd_micrort(const struct shell *sh, size_t argc, char **argv)
{
	return micrort_command(argc - 1, (const char *const *)&argv[1], (void *)sh);
}

SHELL_CMD_REGISTER(micrort, &commands, "Runtime controls.", cmd_micrort);
