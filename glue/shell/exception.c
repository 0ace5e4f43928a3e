/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief `micrort exception` and `micrort emergency`
 */

#include <errno.h>
#include <limits.h>

#include "commands.h"

static int cmd_show(const struct shell *sh, size_t argc, char **argv)
{
	const struct micrort_printer printer = SHELL_PRINTER(sh);

	ARG_UNUSED(argc);
	ARG_UNUSED(argv);

	return micrort_exception_print(&printer);
}

static int cmd_clear(const struct shell *sh, size_t argc, char **argv)
{
	ARG_UNUSED(argc);
	ARG_UNUSED(argv);

	shell_print(sh, "dropped: %d", micrort_exception_clear());

	return 0;
}

static int cmd_emergency(const struct shell *sh, size_t argc, char **argv)
{
	long size;
	int err;

	ARG_UNUSED(argc);

	err = micrort_shell_number(sh, argv[1], 0, INT_MAX, &size);
	if (err != 0) {
		return err;
	}
	err = micrort_alloc_emergency_exception_buf((int)size);
	if (err != 0) {
		shell_error(sh, "the old buffer is kept: %s",
			    err == -EBUSY ? "exceptions that nobody has taken lie in it"
					  : "the heap is locked or has no such block");
		return err;
	}
	shell_print(sh, "emergency buffer: %ld bytes", size);

	return 0;
}

SHELL_STATIC_SUBCMD_SET_CREATE(
	exception_commands,
	SHELL_CMD_ARG(clear, NULL, "Drop the exceptions that nobody has taken.", cmd_clear, 1, 0),
	SHELL_CMD_ARG(show, NULL, "Show the exceptions that nobody has taken.", cmd_show, 1, 0),
	SHELL_SUBCMD_SET_END);

SHELL_SUBCMD_ADD((micrort), exception, &exception_commands, "Exceptions.",
		 micrort_shell_subcommand, 0, 0);
SHELL_SUBCMD_ADD((micrort), emergency, NULL,
		 "Replace the emergency buffer: emergency SIZE, 0 releases it.",
		 cmd_emergency, 2, 0);
