/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief What only the condition of a check uses.
 */

#ifndef MICRORT_TESTS_IMAGES_CONDITION_H_
#define MICRORT_TESTS_IMAGES_CONDITION_H_

#include <stdbool.h>

bool condition_of_the_check(int speed);

#endif /* MICRORT_TESTS_IMAGES_CONDITION_H_ */
