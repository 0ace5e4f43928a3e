/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief Notice the end of a thread, so that nothing it held outlives it.
 *
 * A heap lock ends with the thread by itself, as does a sleep. What others wait for does not: a
 * region, a pass, the place in the foreground. Every end of a thread comes through here:
 * k_thread_abort() from the kernel, which a return from the thread's function and a fault come to,
 * and the system call of a user thread.
 */

#include <zephyr/kernel.h>
#ifdef CONFIG_USERSPACE
#include <zephyr/internal/syscall_handler.h>
#endif

#include "intercept.h"
#include "port.h"

DECLARE_REAL(z_impl_k_thread_abort);

static uint16_t ending(k_tid_t thread)
{
	struct micrort_thread_state *state = micrort_port_state_of(thread);

	return (state != NULL) ? micrort_thread_ending(state) : 0;
}

void z_impl_k_thread_abort(k_tid_t thread)
{
	/* Its storage is looked at while it lives: behind the call somebody may use the memory again. */
	uint16_t regions = ending(thread);

	/* Where a thread ends itself the call does not return. */
	if (thread == _current) {
		micrort_thread_ended(thread, regions);
		REAL(z_impl_k_thread_abort)(thread);
	} else {
		REAL(z_impl_k_thread_abort)(thread);
		micrort_thread_ended(thread, regions);
	}
}

#ifdef CONFIG_USERSPACE

uintptr_t z_mrsh_k_thread_abort(uintptr_t thread, uintptr_t arg2, uintptr_t arg3, uintptr_t arg4,
				uintptr_t arg5, uintptr_t arg6, void *frame);
DECLARE_REAL(z_mrsh_k_thread_abort);

/* What a user thread names may be no thread, or not its own to abort; the kernel checks that as well. */
static bool may_abort(k_tid_t thread)
{
	return k_object_validate(k_object_find(thread), K_OBJ_THREAD, _OBJ_INIT_TRUE) == 0 &&
	       (thread->base.user_options & K_ESSENTIAL) == 0;
}

uintptr_t z_mrsh_k_thread_abort(uintptr_t thread, uintptr_t arg2, uintptr_t arg3, uintptr_t arg4,
				uintptr_t arg5, uintptr_t arg6, void *frame)
{
	k_tid_t named = (k_tid_t)thread;
	bool self = named == _current;
	uint16_t regions = may_abort(named) ? ending(named) : 0;
	uintptr_t ret;

	if (self) {
		micrort_thread_ended(named, regions);
	}
	ret = REAL(z_mrsh_k_thread_abort)(thread, arg2, arg3, arg4, arg5, arg6, frame);
	if (!self) {
		micrort_thread_ended(named, regions);
	}

	return ret;
}

FUNC_NORETURN DECLARE_REAL(k_thread_user_mode_enter);

/* The storage becomes the user thread's own to write, so what others wait for ends here. */
FUNC_NORETURN void k_thread_user_mode_enter(k_thread_entry_t entry, void *p1, void *p2, void *p3)
{
	micrort_regions_close(_current, ending(_current));
	REAL(k_thread_user_mode_enter)(entry, p1, p2, p3);
}

#endif /* CONFIG_USERSPACE */
