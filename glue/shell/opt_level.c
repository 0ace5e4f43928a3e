/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief `micrort opt_level`
 */

#include "commands.h"

static int cmd_opt_level(const struct shell *sh, size_t argc, char **argv)
{
	long level;
	int err;

	if (argc > 1) {
		err = micrort_shell_number(sh, argv[1], 0, 3, &level);
		if (err != 0) {
			return err;
		}
		(void)micrort_opt_level_set((int)level);
	}
	shell_print(sh, "%d (built at %d)", micrort_opt_level(), CONFIG_MICRORT_OPT_LEVEL);

	return 0;
}

/* For completion: entries without a handler, so the command above them reads the argument. */
SHELL_STATIC_SUBCMD_SET_CREATE(
	levels,
	SHELL_CMD(0, NULL, "Assertions are checked.", NULL),
	SHELL_CMD(1, NULL, "They are not.", NULL),
	SHELL_CMD(2, NULL, "As 1.", NULL),
	SHELL_CMD(3, NULL, "As 1, and reports carry no line numbers.", NULL),
	SHELL_SUBCMD_SET_END);

SHELL_SUBCMD_ADD((micrort), opt_level, &levels,
		 "Show or set the level of optimization: opt_level [0..3].", cmd_opt_level, 1, 1);
