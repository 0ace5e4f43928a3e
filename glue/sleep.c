/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief A sleep that can be told to look again.
 */

#include <errno.h>

#include <zephyr/kernel.h>
#include <zephyr/sys/dlist.h>

#include "port.h"

/** A thread in micrort_port_sleep(), on its own stack. */
struct sleeper {
	sys_dnode_t node;
	struct k_sem wake;
	k_tid_t thread;
	/** The last round in which it was told. */
	uint32_t round;
};

/* In the order of their rounds. */
static sys_dlist_t sleepers = SYS_DLIST_STATIC_INIT(&sleepers);
static uint32_t last_round;
static struct k_spinlock lock;

/**
 * Tell the first sleeper that was not told since @a round began. One at a time, because interrupts
 * are masked meanwhile. False: there is none.
 */
static bool tell_next(uint32_t round)
{
	struct sleeper *told = NULL;

	K_SPINLOCK(&lock) {
		struct sleeper *first = SYS_DLIST_PEEK_HEAD_CONTAINER(&sleepers, first, node);

		if (first != NULL && (int32_t)(first->round - round) < 0) {
			sys_dlist_remove(&first->node);
			first->round = round;
			sys_dlist_append(&sleepers, &first->node);
			told = first;
		}
		/* Another CPU may be at the end of the sleep, and its stack needed, very soon. */
		if (IS_ENABLED(CONFIG_SMP) && told != NULL) {
			k_sem_give(&told->wake);
		}
	}
	/* On the only CPU no thread runs before this has returned: the sleeper's stack stays. */
	if (!IS_ENABLED(CONFIG_SMP) && told != NULL) {
		k_sem_give(&told->wake);
	}

	return told != NULL;
}

void micrort_port_wake_sleepers(void)
{
	uint32_t round = 0;
	bool in_thread;

	/* Who is not on the list yet has not looked yet. Only another CPU could see that too late. */
	if (!IS_ENABLED(CONFIG_SMP) && sys_dlist_is_empty(&sleepers)) {
		return;
	}

	in_thread = !k_is_in_isr() && !k_is_pre_kernel();
	if (in_thread) {
		k_sched_lock();
	}
	K_SPINLOCK(&lock) {
		round = ++last_round;
	}
	while (tell_next(round)) {
	}
	if (in_thread) {
		k_sched_unlock();
	}
}

int micrort_port_sleep(k_timeout_t timeout, int (*poll)(void))
{
	k_timepoint_t end = sys_timepoint_calc(timeout);
	struct sleeper self;
	int ret;

	if (k_is_in_isr()) {
		return -EWOULDBLOCK;
	}

	/* On the list before the first look, so that nothing falls between look and sleep. */
	k_sem_init(&self.wake, 0, 1);
	self.thread = k_current_get();
	K_SPINLOCK(&lock) {
		self.round = last_round;
		sys_dlist_append(&sleepers, &self.node);
	}

	do {
		ret = poll();
		if (ret < 0) {
			break;
		}
		k_yield();
		/* Functions that reschedule themselves wake it each time, and must not keep it. */
	} while (!sys_timepoint_expired(end) &&
		 k_sem_take(&self.wake, sys_timepoint_timeout(end)) == 0);

	K_SPINLOCK(&lock) {
		sys_dlist_remove(&self.node);
	}

	return MIN(ret, 0);
}

/* With interrupts masked for as many threads as sleep: whoever tells them reorders the list. */
void micrort_sleep_thread_ended(k_tid_t thread)
{
	struct sleeper *sleeper, *next;

	K_SPINLOCK(&lock) {
		SYS_DLIST_FOR_EACH_CONTAINER_SAFE(&sleepers, sleeper, next, node) {
			if (sleeper->thread == thread) {
				sys_dlist_remove(&sleeper->node);
			}
		}
	}
}

int z_impl_micrort_sleep(k_timeout_t timeout)
{
	return micrort_port_sleep(timeout, z_impl_micrort_poll);
}

/* What one timeout of the kernel can be, with room for what the kernel adds. */
#ifdef CONFIG_TIMEOUT_64BIT
#define LONGEST_TICKS (INT64_MAX / 2)
#else
#define LONGEST_TICKS (INT32_MAX / 2)
#endif
#define LONGEST_SECONDS (LONGEST_TICKS / CONFIG_SYS_CLOCK_TICKS_PER_SEC)

static int sleep_ticks(uint64_t ticks)
{
	return z_impl_micrort_sleep(Z_TIMEOUT_TICKS((k_ticks_t)ticks));
}

/* The kernel's conversion of a whole uint64_t wraps, so only the part of a second goes through it. */
int micrort_port_sleep_us(uint64_t microseconds)
{
	uint64_t seconds = microseconds / USEC_PER_SEC;

	for (; seconds > LONGEST_SECONDS; seconds -= LONGEST_SECONDS) {
		int ret = sleep_ticks((uint64_t)LONGEST_SECONDS * CONFIG_SYS_CLOCK_TICKS_PER_SEC);

		if (ret != 0) {
			return ret;
		}
	}

	return sleep_ticks(seconds * CONFIG_SYS_CLOCK_TICKS_PER_SEC +
			   k_us_to_ticks_ceil64(microseconds % USEC_PER_SEC));
}
