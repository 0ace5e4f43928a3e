/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief What memory is used for.
 */

#ifndef MICRORT_MEM_INFO_H_
#define MICRORT_MEM_INFO_H_

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @defgroup micrort_mem_info What memory is used for
 * @ingroup micrort
 *
 * @since 0.2
 * @{
 */

/** @} */

#ifdef __cplusplus
}
#endif

#endif /* MICRORT_MEM_INFO_H_ */
