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

void micrort_port_wake_executor(void)
{
	micrort_pending_became();
}

void micrort_port_wake_executor_later(void)
{
	micrort_pending_became();
}

static k_tid_t ended_poller;

/* What give_mutex_back() knows of a mutex: a kernel that lists a thread's mutexes has more in it. */
struct known_mutex {
	_wait_q_t wait_q;
	struct k_thread *owner;
	uint32_t lock_count;
	int owner_orig_prio;
	SYS_PORT_TRACING_TRACKING_FIELD(k_mutex)
#ifdef CONFIG_OBJ_CORE_MUTEX
	struct k_obj_core obj_core;
#endif
};

BUILD_ASSERT(sizeof(struct k_mutex) == sizeof(struct known_mutex),
	     "MICRORT_EXECUTOR_POLL cannot take a mutex of this Zephyr from a thread that has ended: "
	     "choose another MICRORT_EXECUTOR");

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
