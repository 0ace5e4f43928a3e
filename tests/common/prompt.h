/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief A shell on the emulated UART.
 */

#ifndef MICRORT_TESTS_PROMPT_H_
#define MICRORT_TESTS_PROMPT_H_

/**
 * Wait until the shell has read all, has answered all and waits for more. Time alone does not tell:
 * on an emulator one CPU can stand still for long while the other's clock runs on.
 */
void prompt_wait(void);

#endif /* MICRORT_TESTS_PROMPT_H_ */
