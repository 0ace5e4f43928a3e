/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief The signal that is raised when something becomes pending.
 */

#include <zephyr/kernel.h>

#include "port.h"

static void raise_signal(void *signal)
{
	(void)k_poll_signal_raise(signal, 0);
}

void micrort_pending_signal_set(struct k_poll_signal *signal)
{
	micrort_pending_signal_hook((signal != NULL) ? raise_signal : NULL, signal);
}
