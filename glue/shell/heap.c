/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief `micrort heap`
 */

#include <errno.h>

#include "commands.h"

static int cmd_lock(const struct shell *sh, size_t argc, char **argv)
{
	int err = micrort_heap_lock();

	ARG_UNUSED(argc);
	ARG_UNUSED(argv);

	if (err != 0) {
		shell_error(sh, "not locked: %s",
			    err == -EOVERFLOW ? "it is as deep as it gets"
					      : "too many other threads hold locks or regions");
		return err;
	}
	shell_print(sh, "locked, depth %d", micrort_heap_locked());

	return 0;
}

static int cmd_unlock(const struct shell *sh, size_t argc, char **argv)
{
	int depth = micrort_heap_unlock();

	ARG_UNUSED(argc);
	ARG_UNUSED(argv);

	if (depth < 0) {
		shell_error(sh, "the heap is not locked");
		return depth;
	}
	shell_print(sh, "unlocked, depth %d", depth);

	return 0;
}

static int cmd_locked(const struct shell *sh, size_t argc, char **argv)
{
	ARG_UNUSED(argc);
	ARG_UNUSED(argv);

	shell_print(sh, "depth %d", micrort_heap_locked());

	return 0;
}

static int cmd_stats(const struct shell *sh, size_t argc, char **argv)
{
	struct micrort_heap_refusals refusals;

	ARG_UNUSED(argc);
	ARG_UNUSED(argv);

	micrort_heap_refusals_get(&refusals);
	if (refusals.count == 0) {
		shell_print(sh, "refused: 0");
		return 0;
	}
	shell_print(sh, "refused: %u, the last one %zu bytes, called from %p, %s %.31s",
		    refusals.count, refusals.size, refusals.caller,
		    refusals.in_isr ? "in an interrupt of" : "by thread",
		    micrort_shell_thread_name(refusals.thread));

	return 0;
}

SHELL_STATIC_SUBCMD_SET_CREATE(
	heap_commands,
	SHELL_CMD_ARG(lock, NULL, "Lock the heap, until the next prompt.", cmd_lock, 1, 0),
	SHELL_CMD_ARG(unlock, NULL, "Undo one lock.", cmd_unlock, 1, 0),
	SHELL_CMD_ARG(locked, NULL, "Show the depth of locks.", cmd_locked, 1, 0),
	SHELL_CMD_ARG(stats, NULL, "Show the record of refused allocations.", cmd_stats, 1, 0),
	SHELL_SUBCMD_SET_END);

SHELL_SUBCMD_ADD((micrort), heap, &heap_commands, "The heap lock.",
		 micrort_shell_subcommand, 0, 0);
