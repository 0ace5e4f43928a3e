/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief How much of a stack is used.
 */

#ifndef MICRORT_STACK_USE_H_
#define MICRORT_STACK_USE_H_

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @defgroup micrort_stack_use How much of a stack is used
 * @ingroup micrort
 *
 * @since 0.2
 * @{
 */

/** @} */

#ifdef __cplusplus
}
#endif

#endif /* MICRORT_STACK_USE_H_ */
