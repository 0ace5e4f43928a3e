/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief How much checking and reporting is done.
 */

#ifndef MICRORT_OPT_LEVEL_H_
#define MICRORT_OPT_LEVEL_H_

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @defgroup micrort_opt_level How much checking and reporting is done
 * @ingroup micrort
 *
 * @since 0.2
 * @{
 */

/** @} */

#ifdef __cplusplus
}
#endif

#endif /* MICRORT_OPT_LEVEL_H_ */
