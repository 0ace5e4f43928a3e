/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief Commands and what they answer.
 */

#ifndef MICRORT_TESTS_SESSION_H_
#define MICRORT_TESTS_SESSION_H_

#include <stdbool.h>

/** What follows is as it may. */
#define ANYTHING "..."

/**
 * Whether @a line is as @a pattern says: %u a number without a sign, %x a hexadecimal one, %s some
 * text, anything else itself.
 */
bool matches(const char *line, const char *pattern);

/** Fail the test unless @a text has exactly the lines of @a patterns, which NULL ends. */
void expect_lines(const char *text, const char *const *patterns, int source_line);

/** Call a command; returns what it does, and puts what it prints at @a output. */
int call(const char *command, const char **output);

/** Fail the test unless the command returns @a ret and prints lines like @a patterns. */
void expect_answer(const char *command, int ret, const char *const *patterns, int source_line);

#define EXPECT(_command, _ret, ...)                                                                \
	expect_answer(_command, _ret, (const char *const[]){__VA_ARGS__, NULL}, __LINE__)

/** The `before` and the `after` of each suite: the state at boot; nothing is damaged. */
void session_before(void *fixture);
void session_after(void *fixture);

#endif /* MICRORT_TESTS_SESSION_H_ */
