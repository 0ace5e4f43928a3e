/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief The command `micrort`; each subcommand has a file of its own.
 */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <zephyr/sys/util.h>

#include "commands.h"

int micrort_shell_print(const char *text, size_t length, void *sh)
{
	shell_fprintf(sh, SHELL_NORMAL, "%.*s", (int)length, text);

	return micrort_check();
}

int micrort_shell_subcommand(const struct shell *sh, size_t argc, char **argv)
{
	if (argc > 1) {
		shell_error(sh, "%s: no such subcommand", argv[1]);
	}
	shell_help(sh);

	return argc > 1 ? -EINVAL : SHELL_CMD_HELP_PRINTED;
}

int micrort_shell_number(const struct shell *sh, const char *text, long min, long max,
			 long *value)
{
	const char *digits = text + (*text == '-');
	bool hexadecimal = digits[0] == '0' && (digits[1] == 'x' || digits[1] == 'X');
	int err = 0;

	/* Not base 0: for whom is 010 eight? */
	*value = shell_strtol(text, hexadecimal ? 16 : 10, &err);
	if (err != 0 || !IN_RANGE(*value, min, max)) {
		shell_error(sh, "%s: not a number from %ld to %ld", text, min, max);
		return -EINVAL;
	}

	return 0;
}

int micrort_shell_verbose(const struct shell *sh, size_t argc, char **argv)
{
	if (argc < 2) {
		return 0;
	}
	if (strcmp(argv[1], "-v") == 0) {
		return 1;
	}
	shell_error(sh, "%s: not -v", argv[1]);

	return -EINVAL;
}

const char *micrort_shell_thread_name(k_tid_t thread)
{
	const char *name = k_thread_name_get(thread);

	return name != NULL && name[0] != '\0' ? name : "?";
}

SHELL_SUBCMD_SET_CREATE(subcommands, (micrort));
SHELL_CMD_REGISTER(micrort, &subcommands, "Runtime controls.", micrort_shell_subcommand);
