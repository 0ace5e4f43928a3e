/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

#ifndef MICRORT_GLUE_INTERCEPT_H_
#define MICRORT_GLUE_INTERCEPT_H_

/**
 * @file
 * @brief Functions of Zephyr's that micrort stands in front of (cmake/intercept.cmake).
 */

/** The function of Zephyr's behind the one that micrort defines. */
#define REAL(_function) micrort_real_##_function

/** Declare it, where @a _function is declared. */
#define DECLARE_REAL(_function) extern __typeof__(_function) REAL(_function)

#endif /* MICRORT_GLUE_INTERCEPT_H_ */
