/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

#ifndef MICRORT_GLUE_HEAP_REFUSE_H_
#define MICRORT_GLUE_HEAP_REFUSE_H_

#include <zephyr/sys/util.h>

#include "port.h"

/** Whether somebody may be refused. Nearly always this one load decides: nobody. */
static ALWAYS_INLINE bool micrort_any_refusal(void)
{
#if defined(CONFIG_MICRORT_HEAP_LOCK_ISR)
	return true;
#elif defined(CONFIG_MICRORT_HEAP_LOCK_SYSTEM)
	return micrort_heap_lock_depth != 0;
#elif defined(CONFIG_MICRORT_HEAP_LOCK)
	return micrort_heap_depths != 0;
#else
	return false;
#endif
}

/** Whether the function in which this stands must refuse to allocate. */
#define REFUSED(size)                                                                              \
	(micrort_any_refusal() && micrort_heap_refuse((size), __builtin_return_address(0)))

#endif /* MICRORT_GLUE_HEAP_REFUSE_H_ */
