/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief `micrort mem_info`
 */

#include "commands.h"

static int cmd_mem_info(const struct shell *sh, size_t argc, char **argv)
{
	const struct micrort_printer printer = SHELL_PRINTER(sh);
	int verbose = micrort_shell_verbose(sh, argc, argv);

	return verbose < 0 ? verbose : micrort_mem_info(&printer, verbose != 0);
}

SHELL_VERBOSE_OPTION(mem_info_options, "With a map of the heaps.");

SHELL_SUBCMD_ADD((micrort), mem_info, &mem_info_options, "Show how the memory is used: mem_info [-v].",
		 cmd_mem_info, 1, 1);
