/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief The tree of commands: which there are, their help texts, and what is no command.
 */

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <zephyr/shell/shell.h>
#include <zephyr/ztest.h>

#include <shell_utils.h>

#include "session.h"

ZTEST_SUITE(help, NULL, NULL, session_before, session_after, NULL);

static const struct {
	const char *name;
	bool exists;
} subcommands[] = {
	{"const", IS_ENABLED(CONFIG_MICRORT_CONST)},
	{"emergency", IS_ENABLED(CONFIG_MICRORT_EXCEPTION)},
	{"exception", IS_ENABLED(CONFIG_MICRORT_EXCEPTION)},
	{"heap", IS_ENABLED(CONFIG_MICRORT_HEAP_LOCK)},
	{"kbd_intr", true},
	{"mem_info", IS_ENABLED(CONFIG_MICRORT_MEM_INFO)},
	{"opt_level", true},
	{"qstr_info", IS_ENABLED(CONFIG_MICRORT_QSTR)},
	{"schedule", true},
	{"stack_use", IS_ENABLED(CONFIG_MICRORT_STACK_USE)},
	{"top", IS_ENABLED(CONFIG_MICRORT_SHELL_TOP)},
};

/** "Every feature can be switched off by its own Kconfig option": its subcommand goes with it. */
ZTEST(help, test_each_feature_has_its_subcommand)
{
	const struct shell_static_entry *parent = root_cmd_find("micrort");
	struct shell_static_entry place;
	size_t expected = 0;
	size_t count = 0;

	zassert_not_null(parent);
	for (size_t i = 0; i < ARRAY_SIZE(subcommands); i++) {
		bool exists = z_shell_find_cmd(parent, subcommands[i].name, &place) != NULL;

		zassert_equal(exists, subcommands[i].exists, "%s", subcommands[i].name);
		expected += subcommands[i].exists;
	}
	while (z_shell_cmd_get(parent, count, &place) != NULL) {
		count++;
	}
	zassert_equal(count, expected, "%zu subcommands: this test does not know all", count);
}

/** Each entry below @a parent has a help text, and they are in the order of their names. */
static size_t check_help(const struct shell_static_entry *parent)
{
	const struct shell_static_entry list = *parent;
	const struct shell_static_entry *entry;
	struct shell_static_entry place;
	const char *previous = "";
	size_t count = 0;

	for (size_t i = 0; (entry = z_shell_cmd_get(&list, i, &place)) != NULL; i++) {
		const char *help = entry->help;

		zassert_true(strcmp(previous, entry->syntax) < 0, "%s behind %s", entry->syntax,
			     previous);
		previous = entry->syntax;
		/* The application chose the names of constants. */
		if (strcmp(list.syntax, "const") == 0) {
			zassert_is_null(help);
			continue;
		}
		zassert_not_null(help, "%s has no help", entry->syntax);
		zassert_true(strlen(help) > 3, "%s: help \"%s\"", entry->syntax, help);
		zassert_equal(help[strlen(help) - 1], '.', "%s: %s", entry->syntax, help);
		count += 1 + check_help(entry);
	}

	return count;
}

ZTEST(help, test_each_entry_has_a_help_text)
{
	zassert_true(check_help(root_cmd_find("micrort")) > 0);
}

/** -h shows it. */
ZTEST(help, test_help_is_shown)
{
	for (size_t i = 0; i < ARRAY_SIZE(subcommands); i++) {
		char command[40];
		char first[40];

		if (subcommands[i].exists) {
			snprintf(command, sizeof(command), "micrort %s -h", subcommands[i].name);
			snprintf(first, sizeof(first), "%s - %%s", subcommands[i].name);
			EXPECT(command, SHELL_CMD_HELP_PRINTED, first, ANYTHING);
		}
	}
	EXPECT("micrort -h", SHELL_CMD_HELP_PRINTED, "micrort - Runtime controls.", "Subcommands:",
	       ANYTHING);
}

/** A command that has subcommands only shows them; one that it has not is named. */
ZTEST(help, test_unknown_subcommands)
{
	EXPECT("micrort", SHELL_CMD_HELP_PRINTED, "micrort - %s", "Subcommands:", ANYTHING);
	EXPECT("micrort schedule", SHELL_CMD_HELP_PRINTED, "schedule - %s", "Subcommands:",
	       "%s stats %s", ANYTHING);
	EXPECT("micrort nope", -EINVAL, "nope: no such subcommand", "micrort - %s", ANYTHING);
	EXPECT("micrort MEM_INFO", -EINVAL, "MEM_INFO: no such subcommand", "micrort - %s",
	       ANYTHING);
	EXPECT("micrort -v", -EINVAL, "-v: no such subcommand", ANYTHING);
	EXPECT("micrort \"\"", -EINVAL, ": no such subcommand", ANYTHING);
	EXPECT("micrort schedule nope", -EINVAL, "nope: no such subcommand", "schedule - %s",
	       ANYTHING);
	EXPECT("micrort schedule nope stats", -EINVAL, "nope: no such subcommand", ANYTHING);
	for (size_t i = 0; i < ARRAY_SIZE(subcommands); i++) {
		char command[40];
		char first[40];

		if (!subcommands[i].exists) {
			snprintf(command, sizeof(command), "micrort %s", subcommands[i].name);
			snprintf(first, sizeof(first), "%s: no such subcommand",
				 subcommands[i].name);
			EXPECT(command, -EINVAL, first, ANYTHING);
		}
	}
}
