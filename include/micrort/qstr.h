/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief Interned strings.
 */

#ifndef MICRORT_QSTR_H_
#define MICRORT_QSTR_H_

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @defgroup micrort_qstr Interned strings
 * @ingroup micrort
 *
 * @since 0.2
 * @{
 */

/** @} */

#ifdef __cplusplus
}
#endif

#endif /* MICRORT_QSTR_H_ */
