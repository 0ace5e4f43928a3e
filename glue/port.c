/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

#include <errno.h>

#include <zephyr/init.h>
#include <zephyr/kernel.h>
#include <zephyr/logging/log.h>
#include <zephyr/spinlock.h>

#include "port.h"

LOG_MODULE_REGISTER(micrort, CONFIG_MICRORT_LOG_LEVEL);

/* Else bindgen has read them. */
#ifdef MICRORT_ERRNO_OF_BINDINGS
#ifdef CONFIG_NATIVE_LIBC
#define FITS (EDEADLK == 35 && ENAMETOOLONG == 36 && ENOTSUP == 95 && EOVERFLOW == 75)
#else
#define FITS (EDEADLK == 45 && ENAMETOOLONG == 91 && ENOTSUP == 134 && EOVERFLOW == 139)
#endif
BUILD_ASSERT(FITS && EWOULDBLOCK == 11 && ENODATA == 61 && ENOBUFS == 105,
	     "This C library has other error numbers than micrort's Rust library: compile that one, with "
	     "CONFIG_MICRORT_PREBUILT=n and libclang.");
#endif

static struct k_spinlock state_lock;

unsigned int micrort_port_lock(void)
{
	return k_spin_lock(&state_lock).key;
}

void micrort_port_unlock(unsigned int key)
{
	k_spinlock_key_t spinlock_key = {.key = key};

	k_spin_unlock(&state_lock, spinlock_key);
}

/* Not k_current_get(), which may read thread-local storage: there is none before the kernel runs. */
k_tid_t micrort_port_current(void)
{
	return _current;
}

bool micrort_port_in_isr(void)
{
	return k_is_in_isr();
}

uint32_t micrort_port_call_timed(micrort_fn_t fn, void *arg)
{
	uint32_t spent = 0;

	if (IS_ENABLED(CONFIG_MICRORT_SCHEDULE_TIMING)) {
		uint32_t begin = k_cycle_get_32();

		fn(arg);
		spent = k_cycle_get_32() - begin;
	}

	return spent;
}

void micrort_port_sched_lock(void)
{
	k_sched_lock();
}

void micrort_port_sched_unlock(void)
{
	k_sched_unlock();
}

bool micrort_port_hold_cpu(void)
{
	if (k_is_in_isr() || k_is_pre_kernel()) {
		return false;
	}
	k_sched_lock();

	return true;
}

size_t micrort_port_thread_name(k_tid_t thread, char *buffer, size_t size)
{
	const char *name = (thread != NULL) ? k_thread_name_get(thread) : NULL;
	size_t length = 0;

	if (name != NULL) {
		while (length < size && name[length] != '\0') {
			buffer[length] = name[length];
			length++;
		}
	}

	return length;
}

uint32_t micrort_port_uptime_ms(void)
{
	return k_uptime_get_32();
}

void micrort_port_print(const char *text, size_t length)
{
	printk("%.*s", (int)length, text);
}

/* Without CONFIG_LOG a warning still reaches whoever reads the console. */
#ifdef CONFIG_LOG
#define WARN(...) LOG_WRN(__VA_ARGS__)
#else
#define WARN(fmt, ...) printk("micrort: " fmt "\n", ##__VA_ARGS__)
#endif

void micrort_port_warn_region_left_open(unsigned int depth)
{
	WARN("scheduled function left %u critical region(s) open: closed", depth);
}

void micrort_port_warn_region_of_ended_thread(k_tid_t thread)
{
	WARN("thread %p ended in a critical region: closed", (void *)thread);
}

void micrort_port_warn_heap_locked_at_prompt(unsigned int depth)
{
	WARN("command left the heap locked (depth %u): unlocked", depth);
}

void micrort_port_report_damaged_task(void)
{
	WARN("a task was overwritten while it was queued");
	__ASSERT(false, "a task was overwritten while it was queued");
}

void micrort_port_panic(void)
{
	k_panic();
	CODE_UNREACHABLE;
}
