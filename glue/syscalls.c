/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief What user threads may call. None of it runs a scheduled function in their stead.
 */

#include <errno.h>

#include <zephyr/internal/syscall_handler.h>
#include <zephyr/kernel.h>

#include "port.h"

/* One lock for the whole system is not a user thread's to hold. */
#define IS_SYSTEM_LOCK IS_ENABLED(CONFIG_MICRORT_HEAP_LOCK_SYSTEM)

static inline int z_vrfy_micrort_heap_lock(void)
{
	return IS_SYSTEM_LOCK ? -EPERM : z_impl_micrort_heap_lock();
}
#include <zephyr/syscalls/micrort_heap_lock_mrsh.c>

static inline int z_vrfy_micrort_heap_unlock(void)
{
	return IS_SYSTEM_LOCK ? -EPERM : z_impl_micrort_heap_unlock();
}
#include <zephyr/syscalls/micrort_heap_unlock_mrsh.c>

static inline int z_vrfy_micrort_heap_locked(void)
{
	return z_impl_micrort_heap_locked();
}
#include <zephyr/syscalls/micrort_heap_locked_mrsh.c>

#ifdef CONFIG_MICRORT_HEAP_LOCK_LIBC_HEAP
static inline bool z_vrfy_micrort_heap_refuse_user(size_t size, void *caller)
{
	return z_impl_micrort_heap_refuse_user(size, caller);
}
#include <zephyr/syscalls/micrort_heap_refuse_user_mrsh.c>
#endif

static inline int z_vrfy_micrort_kbd_intr_raise(void)
{
	return z_impl_micrort_kbd_intr_raise();
}
#include <zephyr/syscalls/micrort_kbd_intr_raise_mrsh.c>

static inline int z_vrfy_micrort_check(void)
{
	return z_impl_micrort_check();
}
#include <zephyr/syscalls/micrort_check_mrsh.c>

static inline int z_vrfy_micrort_poll(void)
{
	return z_impl_micrort_check();
}
#include <zephyr/syscalls/micrort_poll_mrsh.c>

static inline int z_vrfy_micrort_sleep(k_timeout_t timeout)
{
	return micrort_port_sleep(timeout, z_impl_micrort_check);
}
#include <zephyr/syscalls/micrort_sleep_mrsh.c>
