/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief What another file of the same image has.
 */

#ifndef MICRORT_TESTS_NAMES_ELSEWHERE_H_
#define MICRORT_TESTS_NAMES_ELSEWHERE_H_

#include <stdint.h>

/** The id of "in two files". */
uint16_t id_elsewhere(void);

/** The value of its own _HIDDEN. */
int hidden_elsewhere(void);

#endif /* MICRORT_TESTS_NAMES_ELSEWHERE_H_ */
