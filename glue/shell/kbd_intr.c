/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief `micrort kbd_intr`
 */

#include "commands.h"

static int cmd_kbd_intr(const struct shell *sh, size_t argc, char **argv)
{
	long chr;
	int err;

	if (argc > 1) {
		err = micrort_shell_number(sh, argv[1], MICRORT_KBD_INTR_OFF, UINT8_MAX, &chr);
		if (err != 0) {
			return err;
		}
		(void)micrort_kbd_intr((int)chr);
	}

	err = micrort_kbd_intr_get();
	if (err == MICRORT_KBD_INTR_OFF) {
		shell_print(sh, "interrupt character: off");
	} else {
		shell_print(sh, "interrupt character: %d", err);
	}

	return 0;
}

/* For completion: entries without a handler, so the command above them reads the argument. */
SHELL_STATIC_SUBCMD_SET_CREATE(
	kbd_intr_values,
	SHELL_CMD(-1, NULL, "Off.", NULL),
	SHELL_CMD(3, NULL, "Ctrl-C.", NULL),
	SHELL_SUBCMD_SET_END);

SHELL_SUBCMD_ADD((micrort), kbd_intr, &kbd_intr_values,
		 "Show or set the interrupt character: kbd_intr [0..255, -1: off].",
		 cmd_kbd_intr, 1, 1);
