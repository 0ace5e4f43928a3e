/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief A terminal at the second shell, for what is typed and not called: completion, the prompt.
 */

#ifndef MICRORT_TESTS_TERMINAL_H_
#define MICRORT_TESTS_TERMINAL_H_

/** Begin an empty line at the prompt. */
void terminal_begin(void);

/** Type, and return all that has come to the screen since, without carriage returns. */
const char *type(const char *text);

#endif /* MICRORT_TESTS_TERMINAL_H_ */
