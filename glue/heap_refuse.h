/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

#ifndef MICRORT_GLUE_HEAP_REFUSE_H_
#define MICRORT_GLUE_HEAP_REFUSE_H_

#include <errno.h>
#include <stddef.h>

#include <zephyr/sys/util.h>

#include <micrort/heap_lock.h>

#include "port.h"

/** Whether somebody may be refused. Nearly always this one load decides: nobody. */
static ALWAYS_INLINE bool micrort_any_refusal(void)
{
#if defined(CONFIG_MICRORT_HEAP_LOCK_ISR)
	return true;
#elif defined(CONFIG_MICRORT_HEAP_LOCK_SYSTEM)
	return micrort_heap_lock_depth != 0;
#elif defined(CONFIG_MICRORT_HEAP_LOCK)
	return micrort_heap_locks != 0;
#else
	return false;
#endif
}

/** Whether the function in which this stands must refuse to allocate. */
#define REFUSED(size)                                                                              \
	(micrort_any_refusal() && micrort_heap_refuse((size), __builtin_return_address(0)))

/** The same in the C library's functions. User threads allocate there too; the lock is not theirs. */
#define REFUSED_TO_ANY(size)                                                                       \
	(k_is_user_context() ? micrort_heap_refuse_user((size), __builtin_return_address(0))       \
			     : REFUSED(size))

static inline void *out_of_memory(void)
{
	errno = ENOMEM;

	return NULL;
}

#endif /* MICRORT_GLUE_HEAP_REFUSE_H_ */
