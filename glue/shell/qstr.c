/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief `micrort qstr_info`
 */

#include "commands.h"

static int cmd_qstr_info(const struct shell *sh, size_t argc, char **argv)
{
	const struct micrort_printer printer = SHELL_PRINTER(sh);
	int verbose = micrort_shell_verbose(sh, argc, argv);

	return verbose < 0 ? verbose : micrort_qstr_info(&printer, verbose != 0);
}

SHELL_VERBOSE_OPTION(qstr_info_options, "With each string.");

SHELL_SUBCMD_ADD((micrort), qstr_info, &qstr_info_options, "Show what is interned: qstr_info [-v].",
		 cmd_qstr_info, 1, 1);
