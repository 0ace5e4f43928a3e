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

#include <zephyr/kernel.h>
#include <zephyr/shell/shell.h>

#include <micrort/micrort.h>

/** A printer that prints in the shell @a _sh. The interrupt character ends the report. */
#define SHELL_PRINTER(_sh) {.print = micrort_shell_print, .arg = (void *)(_sh)}

int micrort_shell_print(const char *text, size_t length, void *sh);

/**
 * @brief Handler of a command that has subcommands only: it was given none, or an unknown one.
 *
 * @retval -EINVAL An unknown one; the shell was told, and shown which there are.
 * @return else SHELL_CMD_HELP_PRINTED.
 */
int micrort_shell_subcommand(const struct shell *sh, size_t argc, char **argv);

/**
 * @brief Read a number: decimal, also with zeros in front, or hexadecimal with 0x.
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

/** A thread's name, or "?". The thread may have ended, so print no more of it than a name has. */
const char *micrort_shell_thread_name(k_tid_t thread);

/** The option -v for completion: an entry without a handler, so the command above it reads it. */
#define SHELL_VERBOSE_OPTION(_name, _help)                                                         \
	SHELL_STATIC_SUBCMD_SET_CREATE(_name, SHELL_CMD(-v, NULL, _help, NULL), SHELL_SUBCMD_SET_END)

#endif /* MICRORT_GLUE_SHELL_COMMANDS_H_ */
