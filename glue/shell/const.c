/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief `micrort const`
 */

#include <errno.h>
#include <inttypes.h>

#include "commands.h"

static void show(const struct shell *sh, const char *name)
{
	struct micrort_const_value value;

	if (micrort_const_get(name, &value) != 0) {
		return;
	}
	switch (value.kind) {
	case MICRORT_CONST_KIND_INT:
		shell_print(sh, "%s = %" PRId64, name, value.int_value);
		break;
	case MICRORT_CONST_KIND_UINT:
		shell_print(sh, "%s = %" PRIu64, name, value.uint_value);
		break;
	case MICRORT_CONST_KIND_BOOL:
		shell_print(sh, "%s = %s", name, value.bool_value ? "true" : "false");
		break;
	case MICRORT_CONST_KIND_STR:
		shell_print(sh, "%s = \"%s\"", name, value.str_value);
		break;
	}
}

static int cmd_const(const struct shell *sh, size_t argc, char **argv)
{
	struct micrort_const_value value;

	if (argc < 2) {
		for (size_t i = 0; i < micrort_const_count(); i++) {
			show(sh, micrort_const_at(i)->name);
		}
		return 0;
	}
	if (micrort_const_get(argv[1], &value) != 0) {
		shell_error(sh, "%s: no such constant", argv[1]);
		return -ENOENT;
	}
	show(sh, argv[1]);

	return 0;
}

/** Completion: the names, which the table has in order. */
static void name_get(size_t index, struct shell_static_entry *entry)
{
	bool exists = index < micrort_const_count();

	*entry = (struct shell_static_entry){
		.syntax = exists ? micrort_const_at(index)->name : NULL,
	};
}

SHELL_DYNAMIC_CMD_CREATE(names, name_get);

SHELL_SUBCMD_ADD((micrort), const, &names, "Show constants: const [NAME], default all.", cmd_const,
		 1, 1);
