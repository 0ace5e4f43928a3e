/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief What a thread holds, in thread-local storage: it begins and ends with the thread.
 *
 * On native_sim every Zephyr thread is a thread of the host, so the same keyword works there.
 */

#include <zephyr/init.h>
#include <zephyr/kernel.h>

#include "port.h"

static __thread struct micrort_thread_state own;

/* Before the kernel runs there is no thread-local storage; what was held then is the main thread's. */
static struct micrort_thread_state boot;
static bool kernel_runs;

static int take_over(void)
{
	own = boot;
	kernel_runs = true;

	return 0;
}

/* The first level that runs in the main thread. */
SYS_INIT(take_over, POST_KERNEL, 0);

#ifdef CONFIG_ARCH_POSIX

/* The storage of another host thread cannot be computed: threads that hold something are listed. */
struct listed {
	struct listed *next;
	k_tid_t thread;
	struct micrort_thread_state *state;
};

static struct listed *list;
static __thread struct listed self;

struct micrort_thread_state *micrort_port_own_state(void)
{
	if (!kernel_runs) {
		return &boot;
	}
	if (self.thread == NULL) {
		unsigned int key = irq_lock();

		self = (struct listed){.next = list, .thread = _current, .state = &own};
		list = &self;
		irq_unlock(key);
	}

	return &own;
}

struct micrort_thread_state *micrort_port_state_of(k_tid_t thread)
{
	struct micrort_thread_state *state = NULL;
	unsigned int key = irq_lock();

	for (struct listed **at = &list; *at != NULL; at = &(*at)->next) {
		if ((*at)->thread == thread) {
			state = (*at)->state;
			/* It is about to end, and is asked for once. */
			*at = (*at)->next;
			break;
		}
	}
	irq_unlock(key);

	return state;
}

#else

struct micrort_thread_state *micrort_port_own_state(void)
{
	return kernel_runs ? &own : &boot;
}

struct micrort_thread_state *micrort_port_state_of(k_tid_t thread)
{
	uintptr_t offset;

	/* A user thread opens no regions, and can write its storage. */
	if (!kernel_runs || (thread->base.user_options & K_USER) != 0 || thread->tls == 0) {
		return NULL;
	}
	/* Every thread has its storage laid out in the same way. */
	offset = (uintptr_t)&own - _current->tls;

	return (struct micrort_thread_state *)(thread->tls + offset);
}

#endif
