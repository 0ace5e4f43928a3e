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

	return 0;
}

int micrort_shell_number(const struct shell *sh, const char *text, long min, long max,
			 long *value)
{
	int err = 0;

	*value = shell_strtol(text, 0, &err);
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

int micrort_shell_failed(const struct shell *sh, const char *what, int err)
{
	shell_error(sh, "%s: error %d", what, err);

	return err;
}

SHELL_SUBCMD_SET_CREATE(subcommands, (micrort));
SHELL_CMD_REGISTER(micrort, &subcommands, "Runtime controls.", NULL);
