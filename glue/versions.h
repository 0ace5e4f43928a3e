/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief What differs between the versions of Zephyr.
 */

#ifndef MICRORT_GLUE_VERSIONS_H_
#define MICRORT_GLUE_VERSIONS_H_

#include <zephyr/version.h>

/* 4.x collects the API structs of devices by type. For files that include zephyr/device.h first. */
#ifdef DEVICE_API
#define CONST_DEVICE_API(_class, _name) DEVICE_API(_class, _name)
#elif defined(DEVICE_DT_DEFINE)
#define CONST_DEVICE_API(_class, _name) const struct _class##_driver_api _name
#endif

/* arch_stack_walk(): 3.7 builds it with the traces of fatal errors only. */
#if defined(CONFIG_ARCH_STACKWALK) ||                                                              \
	(KERNEL_VERSION_NUMBER < ZEPHYR_VERSION(4, 0, 0) &&                                        \
	 defined(CONFIG_ARCH_HAS_STACKWALK) && defined(CONFIG_EXCEPTION_STACK_TRACE))
#define HAS_STACK_WALK 1
#endif

#endif /* MICRORT_GLUE_VERSIONS_H_ */
