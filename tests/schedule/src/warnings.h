/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief Count what the module warns of.
 */

#ifndef MICRORT_TESTS_WARNINGS_H_
#define MICRORT_TESTS_WARNINGS_H_

#include <stdint.h>

/** Number of warnings that the module has logged since boot. */
uint32_t warnings_logged(void);

#endif /* MICRORT_TESTS_WARNINGS_H_ */
