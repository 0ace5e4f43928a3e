/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief `micrort schedule`
 */

#include "commands.h"

static int cmd_stats(const struct shell *sh, size_t argc, char **argv)
{
	struct micrort_schedule_stats stats;

	ARG_UNUSED(argc);
	ARG_UNUSED(argv);

	micrort_schedule_stats_get(&stats);
	shell_print(sh, "accepted: %u, run: %u, refused: %u, joined: %u, at most queued: %u",
		    stats.accepted, stats.run, stats.refused, stats.coalesced, stats.high_water);
	if (IS_ENABLED(CONFIG_MICRORT_SCHEDULE_TIMING)) {
		shell_print(sh, "longest run: %u cycles", stats.longest_cycles);
	}

	return 0;
}

SHELL_STATIC_SUBCMD_SET_CREATE(
	schedule_commands,
	SHELL_CMD_ARG(stats, NULL, "Show the counters of the queue.", cmd_stats, 1, 0),
	SHELL_SUBCMD_SET_END);

SHELL_SUBCMD_ADD((micrort), schedule, &schedule_commands, "Scheduled functions.",
		 micrort_shell_subcommand, 0, 0);
