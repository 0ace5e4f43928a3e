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

uintptr_t micrort_state_offset = MICRORT_NO_STORAGE;
struct micrort_thread_state micrort_boot_state;

static int take_over(void)
{
	own = micrort_boot_state;
#ifdef CONFIG_ARCH_POSIX
	micrort_state_offset = 0;
#else
	micrort_state_offset = (uintptr_t)&own - _current->tls;
#endif

	return 0;
}

/* The first level that runs in the main thread: what was held before is its own. */
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
	if (micrort_state_offset == MICRORT_NO_STORAGE) {
		return &micrort_boot_state;
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

/* A CPU that has just started has no storage either, until its first thread runs. */
static struct micrort_thread_state *state_of(k_tid_t thread)
{
	return (micrort_state_offset == MICRORT_NO_STORAGE || thread->tls == 0)
		       ? &micrort_boot_state
		       : (struct micrort_thread_state *)(thread->tls + micrort_state_offset);
}

/* Not &own: that is a call of the compiler's, and of no use before the kernel runs. */
struct micrort_thread_state *micrort_port_own_state(void)
{
	return state_of(_current);
}

struct micrort_thread_state *micrort_port_state_of(k_tid_t thread)
{
	/*
	 * A user thread opens no regions, and can write its storage. That of a thread which has ended
	 * may be somebody else's memory by now.
	 */
	if ((thread->base.user_options & K_USER) != 0 || thread->tls == 0 ||
	    (thread->base.thread_state & _THREAD_DEAD) != 0) {
		return NULL;
	}

	return state_of(thread);
}

#endif
