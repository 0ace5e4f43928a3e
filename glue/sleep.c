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

#include <ksched.h>
/* What ksched.h declared until 4.4. */
#if __has_include(<scheduler.h>)
#include <scheduler.h>
#endif
#include <wait_q.h>

#include "port.h"

static struct k_spinlock lock;
static uint32_t rounds;
/* Of even and of odd rounds. The kernel takes a thread that is aborted off them. */
static _wait_q_t sleepers[] = {Z_WAIT_Q_INIT(&sleepers[0]), Z_WAIT_Q_INIT(&sleepers[1])};

uint32_t micrort_port_sleep_round(void)
{
	uint32_t now;

	K_SPINLOCK(&lock) {
		now = rounds;
	}

	return now;
}

#ifdef CONFIG_SMP
/*
 * Where one CPU ends a thread's wait just as another one handles that its time is over, the kernel goes on
 * with a list of timeouts that is broken (Zephyr's issue 106653, in all releases before 4.5). So nobody waits for a
 * time here: one timer wakes all sleepers at the first of their ends, and who has time left sleeps again.
 */
static k_timepoint_t first_end = {.tick = UINT64_MAX};

static void wake_in_time(struct k_timer *timer)
{
	ARG_UNUSED(timer);

	K_SPINLOCK(&lock) {
		first_end = sys_timepoint_calc(K_FOREVER);
	}
	micrort_port_wake_sleepers();
}

static K_TIMER_DEFINE(first_end_timer, wake_in_time, NULL);

static k_timeout_t timeout_of_wait(k_timeout_t timeout)
{
	k_timepoint_t end = sys_timepoint_calc(timeout);

	if (sys_timepoint_cmp(end, first_end) < 0) {
		first_end = end;
		k_timer_start(&first_end_timer, timeout, K_NO_WAIT);
	}

	return K_FOREVER;
}
#else
static k_timeout_t timeout_of_wait(k_timeout_t timeout)
{
	return timeout;
}
#endif

/* Whoever read the round before it looked misses nothing: it sleeps in that round only. */
static void sleep_in_round(uint32_t seen, k_timeout_t timeout)
{
	k_spinlock_key_t key = k_spin_lock(&lock);

	if (rounds == seen) {
		(void)z_sched_wait(&lock, key, &sleepers[seen % 2], timeout_of_wait(timeout), NULL);
	} else {
		k_spin_unlock(&lock, key);
	}
}

void micrort_port_sleep_until_woken(uint32_t seen)
{
	sleep_in_round(seen, K_FOREVER);
}

/* One at a time, because interrupts are masked meanwhile; who sleeps again is in the other queue. */
void micrort_port_wake_sleepers(void)
{
	k_spinlock_key_t key = k_spin_lock(&lock);
	_wait_q_t *of_round = &sleepers[rounds++ % 2];
	bool woken = false;

	while (z_waitq_head(of_round) != NULL) {
		(void)z_sched_wake(of_round, 0, NULL);
		woken = true;
		k_spin_unlock(&lock, key);
		key = k_spin_lock(&lock);
	}
	if (woken) {
		z_reschedule(&lock, key);
	} else {
		k_spin_unlock(&lock, key);
	}
}

int micrort_port_sleep(k_timeout_t timeout, int (*poll)(void))
{
	k_timepoint_t end = sys_timepoint_calc(timeout);

	if (k_is_in_isr()) {
		return -EWOULDBLOCK;
	}

	while (true) {
		uint32_t seen = micrort_port_sleep_round();
		int ret = poll();

		if (ret < 0) {
			return ret;
		}
		/* Functions that reschedule themselves wake it each time, and must not keep it. */
		k_yield();
		if (sys_timepoint_expired(end)) {
			return 0;
		}
		sleep_in_round(seen, sys_timepoint_timeout(end));
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
