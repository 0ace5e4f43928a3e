/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief What the subcommands of `micrort` share.
 */

#ifndef MICRORT_GLUE_SHELL_COMMANDS_H_
#define MICRORT_GLUE_SHELL_COMMANDS_H_

#include <stddef.h>

#include <zephyr/shell/shell.h>

#include <micrort/micrort.h>

/** A printer that prints in the shell @a _sh. */
#define SHELL_PRINTER(_sh) {.print = micrort_shell_print, .arg = (void *)(_sh)}

int micrort_shell_print(const char *text, size_t length, void *sh);

/**
 * @brief Read a number, decimal or with 0x.
 *
 * @retval 0       @a value is set.
 * @retval -EINVAL No number, or not from @a min to @a max; the shell was told.
 */
int micrort_shell_number(const struct shell *sh, const char *text, long min, long max,
			 long *value);

/**
 * @brief Read the option -v.
 *
 * @retval 0       There is none.
 * @retval 1       It is there.
 * @retval -EINVAL It is something else; the shell was told.
 */
int micrort_shell_verbose(const struct shell *sh, size_t argc, char **argv);

/** Tell the shell of an error, as `WHAT: error N`, and return it. */
int micrort_shell_failed(const struct shell *sh, const char *what, int err);

/** The option -v for completion: an entry without a handler, so the command above it reads it. */
#define SHELL_VERBOSE_OPTION(_name, _help)                                                         \
	SHELL_STATIC_SUBCMD_SET_CREATE(_name, SHELL_CMD(-v, NULL, _help, NULL), SHELL_SUBCMD_SET_END)

#endif /* MICRORT_GLUE_SHELL_COMMANDS_H_ */
