/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief Notice the end of a thread, so that nothing it held outlives it.
 *
 * The linker passes every call of k_thread_abort() through here (--wrap); a thread that returns
 * from its entry function, or faults, comes this way as well.
 */

#include <zephyr/kernel.h>

#include "port.h"

void __real_z_impl_k_thread_abort(k_tid_t thread);

static void release(k_tid_t thread)
{
	micrort_sleep_thread_ended(thread);
	micrort_thread_ended(thread);
}

void __wrap_z_impl_k_thread_abort(k_tid_t thread)
{
	bool self = thread == k_current_get();

	/* Where a thread ends itself the call does not return. */
	if (self) {
		release(thread);
	}
	__real_z_impl_k_thread_abort(thread);
	if (!self) {
		release(thread);
	}
}
