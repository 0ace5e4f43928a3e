/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief Constants that can be looked up by name.
 */

#ifndef MICRORT_CONST_H_
#define MICRORT_CONST_H_

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @defgroup micrort_const Constants that can be looked up by name
 * @ingroup micrort
 *
 * @since 0.2
 * @{
 */

/** @} */

#ifdef __cplusplus
}
#endif

#endif /* MICRORT_CONST_H_ */
