/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief `micrort stack_use`
 */

#include <stdio.h>

#include "commands.h"

static void show(const struct shell *sh, const char *name,
		 const struct micrort_stack_usage *usage)
{
	char used[16] = "?", high_water[16] = "?";

	if (usage->used != MICRORT_STACK_UNKNOWN) {
		snprintf(used, sizeof(used), "%zu", usage->used);
	}
	if (usage->high_water != MICRORT_STACK_UNKNOWN) {
		snprintf(high_water, sizeof(high_water), "%zu", usage->high_water);
	}
	shell_print(sh, "%-16s %8s %8s %8zu", name, used, high_water, usage->size);
}

static void show_thread(const struct shell *sh, k_tid_t thread)
{
	struct micrort_stack_usage usage;

	if (micrort_stack_usage_get(thread, &usage) == 0) {
		show(sh, micrort_shell_thread_name(thread), &usage);
	}
}

static int cmd_stack_use(const struct shell *sh, size_t argc, char **argv)
{
	struct micrort_stack_usage usage;
	k_tid_t known[] = {k_current_get(), micrort_main_thread(), micrort_executor_thread()};
	int ret = micrort_stack_use();

	ARG_UNUSED(argc);
	ARG_UNUSED(argv);

	if (ret < 0) {
		shell_error(sh, "not known for the stack of this thread");
		return ret;
	}
	shell_print(sh, "%d", ret);
	shell_print(sh, "%-16s %8s %8s %8s", "stack", "used", "most", "size");
	for (size_t i = 0; i < ARRAY_SIZE(known); i++) {
		if (known[i] != NULL) {
			show_thread(sh, known[i]);
		}
	}
	for (unsigned int cpu = 0; micrort_stack_usage_get_isr(cpu, &usage) == 0; cpu++) {
		show(sh, "interrupts", &usage);
	}

	return 0;
}

SHELL_SUBCMD_ADD((micrort), stack_use, NULL,
		 "Show the bytes in use on this stack, and a table of stacks.", cmd_stack_use, 1, 0);
