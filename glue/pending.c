/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief Who is told when something becomes pending.
 */

#include <zephyr/kernel.h>

#include "port.h"

#ifdef CONFIG_POLL

static atomic_ptr_t pending_signal;

static void raise_signal(void)
{
	struct k_poll_signal *signal = atomic_ptr_get(&pending_signal);

	if (signal != NULL) {
		(void)k_poll_signal_raise(signal, 0);
	}
}

void micrort_pending_signal_set(struct k_poll_signal *signal)
{
	(void)atomic_ptr_set(&pending_signal, signal);
	if (micrort_pending_for_any()) {
		raise_signal();
	}
}

#endif

void micrort_port_wake_pending(void)
{
	micrort_port_wake_sleepers();
#ifdef CONFIG_POLL
	raise_signal();
#endif
}
