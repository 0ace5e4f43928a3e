/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief Exceptions, and the emergency buffer that keeps them where the heap cannot.
 */

#ifndef MICRORT_EXCEPTION_H_
#define MICRORT_EXCEPTION_H_

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @defgroup micrort_exception Exceptions, and the emergency buffer that keeps them where the heap cannot
 * @ingroup micrort
 *
 * @since 0.2
 * @{
 */

/** @} */

#ifdef __cplusplus
}
#endif

#endif /* MICRORT_EXCEPTION_H_ */
