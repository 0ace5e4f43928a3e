/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/* On Zephyr the build makes this file. */

#ifndef MICRORT_HOST_SYSCALLS_HEAP_LOCK_H_
#define MICRORT_HOST_SYSCALLS_HEAP_LOCK_H_

#ifdef __cplusplus
extern "C" {
#endif

int z_impl_micrort_heap_lock(void);
int z_impl_micrort_heap_unlock(void);
int z_impl_micrort_heap_locked(void);

static inline int micrort_heap_lock(void)
{
	return z_impl_micrort_heap_lock();
}

static inline int micrort_heap_unlock(void)
{
	return z_impl_micrort_heap_unlock();
}

static inline int micrort_heap_locked(void)
{
	return z_impl_micrort_heap_locked();
}

/* There are no user threads. */
static inline bool micrort_heap_refuse_user(size_t size, void *caller)
{
	ARG_UNUSED(size);
	ARG_UNUSED(caller);

	return false;
}

#ifdef __cplusplus
}
#endif

#endif /* MICRORT_HOST_SYSCALLS_HEAP_LOCK_H_ */
