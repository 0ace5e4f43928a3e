/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief The executor that is no thread of its own: whoever calls micrort_poll() or micrort_sleep().
 */

#include <zephyr/init.h>

#include "executor.h"

static k_tid_t ended_poller;

/*
 * Only its owner may unlock a mutex, and the owner is gone: whoever runs this takes its place. In
 * a thread of its own, because a thread may end in a fault, which is an exception. The owner may
 * also be a thread in micrort_critical_enter(), which gives the mutex back by itself.
 */
static void give_mutex_back(struct k_work *work)
{
	ARG_UNUSED(work);

	if (micrort_pass_mutex.owner == ended_poller) {
		micrort_pass_mutex.owner = k_current_get();
		micrort_pass_mutex.owner_orig_prio = k_thread_priority_get(k_current_get());
		(void)k_mutex_unlock(&micrort_pass_mutex);
	}
	micrort_executor_abandoned();
}

static K_WORK_DEFINE(abandoned_work, give_mutex_back);

void micrort_port_pass_abandoned(k_tid_t thread)
{
	/* One at a time: the pass stays claimed until the work has run. */
	ended_poller = thread;
	(void)k_work_submit(&abandoned_work);
}

k_tid_t micrort_executor_thread(void)
{
	return NULL;
}

static int executor_init(void)
{
	micrort_executor_start();

	return 0;
}

SYS_INIT(executor_init, POST_KERNEL, CONFIG_MICRORT_INIT_PRIORITY);
