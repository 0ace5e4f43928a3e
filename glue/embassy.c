/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief Time and critical sections for Rust's async crates. No image without them has any of this.
 */

#include <zephyr/irq.h>
#include <zephyr/kernel.h>

#include "port.h"

uint64_t micrort_port_clock(void)
{
	return (uint64_t)k_uptime_ticks();
}

uint32_t micrort_port_clock_hz(void)
{
	return CONFIG_SYS_CLOCK_TICKS_PER_SEC;
}

static struct k_timer alarm_timer;

static void expired(struct k_timer *timer)
{
	void (*call)(void) = k_timer_user_data_get(timer);

	call();
}

/* Not K_TIMER_DEFINE(), which is kept in every image. */
void micrort_port_set_alarm(uint64_t at, void (*call)(void))
{
	unsigned int key = irq_lock();
	uint64_t now = micrort_port_clock();
	uint64_t left = (at > now) ? at - now : 0;

	if (k_timer_user_data_get(&alarm_timer) == NULL) {
		k_timer_init(&alarm_timer, expired, NULL);
		k_timer_user_data_set(&alarm_timer, call);
	}
	/* Also where a timeout has 32 bits. */
	k_timer_start(&alarm_timer, K_TICKS((k_ticks_t)MIN(left, INT32_MAX)), K_NO_WAIT);
	irq_unlock(key);
}

static bool in_section;
static unsigned int first_key;

bool micrort_port_section_begin(void)
{
	unsigned int key = irq_lock();

	if (in_section) {
		/* Masked all the same until the first one ends. */
		irq_unlock(key);
		return false;
	}
	in_section = true;
	first_key = key;

	return true;
}

void micrort_port_section_end(bool woken)
{
	unsigned int key = first_key;

	in_section = false;
	irq_unlock(key);
	/* The kernel switches no threads while interrupts are masked, and looks again at such a call. */
	if (woken && !k_is_in_isr() && !k_is_pre_kernel()) {
		k_sched_lock();
		k_sched_unlock();
	}
}
