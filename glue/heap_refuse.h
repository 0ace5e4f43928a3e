/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

#ifndef MICRORT_GLUE_HEAP_REFUSE_H_
#define MICRORT_GLUE_HEAP_REFUSE_H_

#include <zephyr/sys/util.h>

#include "port.h"

/**
 * Whether the function in which this stands must refuse to allocate. Nearly always one load
 * decides: nobody holds the lock.
 */
#define REFUSED(size)                                                                              \
	(IS_ENABLED(CONFIG_MICRORT_HEAP_LOCK) &&                                                   \
	 (IS_ENABLED(CONFIG_MICRORT_HEAP_LOCK_ISR) || micrort_heap_lock_holders != 0) &&           \
	 micrort_heap_refuse((size), __builtin_return_address(0)))

#endif /* MICRORT_GLUE_HEAP_REFUSE_H_ */
