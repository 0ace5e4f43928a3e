/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief What micrort's headers use of Zephyr's, for C programs on the host port (docs/host.md).
 */

#ifndef MICRORT_HOST_ZEPHYR_KERNEL_H_
#define MICRORT_HOST_ZEPHYR_KERNEL_H_

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The host port's configuration, as in src/config.rs. */
#define CONFIG_MICRORT             1
#define CONFIG_MICRORT_CONST       1
#define CONFIG_MICRORT_EXCEPTION   1
#define CONFIG_MICRORT_HEAP_ARENA  1
#define CONFIG_MICRORT_HEAP_LOCK   1
#define CONFIG_MICRORT_HEAP_LOCKED 1
#define CONFIG_MICRORT_MEM_INFO    1
#define CONFIG_MICRORT_OPT_LEVEL   0
#define CONFIG_MICRORT_QSTR        1
#define CONFIG_MICRORT_STACK_USE   1
#define CONFIG_MICRORT_SCHEDULE_SECOND_ARGUMENT 1

/* 1 for an option that is defined as 1, else 0. */
#define IS_ENABLED(_option)      Z_HOST_IS_1(_option)
#define Z_HOST_IS_1(_value)      Z_HOST_SECOND_OF(Z_HOST_BEHIND_##_value 1, 0, 0)
#define Z_HOST_BEHIND_1          0,
#define Z_HOST_SECOND_OF(...)    Z_HOST_SECOND(__VA_ARGS__)
#define Z_HOST_SECOND(_a, _b, ...) _b

#define ALWAYS_INLINE    inline __attribute__((always_inline))
#define ARG_UNUSED(_x)   (void)(_x)
#define ARRAY_SIZE(_x)   (sizeof(_x) / sizeof((_x)[0]))
#define FUNC_NORETURN    __attribute__((noreturn))
#define Z_HOST_CONCAT(_a, _b) _a##_b
#define _CONCAT(_a, _b)  Z_HOST_CONCAT(_a, _b)
#ifndef __printf_like
#define __printf_like(_f, _a) __attribute__((format(printf, _f, _a)))
#endif
#ifdef __cplusplus
#define BUILD_ASSERT(_condition, ...) static_assert(_condition, "" __VA_ARGS__)
#else
#define BUILD_ASSERT(_condition, ...) _Static_assert(_condition, "" __VA_ARGS__)
#endif
#define __syscall static inline

/* src/port/host_image.rs reads these sections. */
#define STRUCT_SECTION_ITERABLE(_type, _name)                                                      \
	struct _type _name                                                                         \
		__attribute__((section(#_type), used, aligned(__alignof__(struct _type))))
#define Z_MICRORT_CONST_SECTION(_name) "micrort_const"

/** A thread of the host. */
typedef struct k_thread *k_tid_t;

/** A time in microseconds; negative: for ever. */
typedef struct {
	int64_t ticks;
} k_timeout_t;

#define K_USEC(_t)    ((k_timeout_t){(int64_t)(_t)})
#define K_MSEC(_ms)   K_USEC((int64_t)(_ms) * 1000)
#define K_SECONDS(_s) K_MSEC((int64_t)(_s) * 1000)
#define K_NO_WAIT     K_USEC(0)
#define K_FOREVER     K_USEC(-1)

__printf_like(1, 2) void printk(const char *fmt, ...);

/**
 * @brief Boot: the calling thread is the main thread from now on, and what was scheduled before runs.
 *
 * With the poll executor (feature host-executor-poll) functions run in threads that poll.
 */
void micrort_host_start(void);

/**
 * @brief Call @a handler as an interrupt of the calling thread.
 *
 * A handler of a signal may call micrort_schedule(), micrort_task_schedule(), micrort_task_is_queued(),
 * micrort_task_cancel(), micrort_kbd_intr_feed() and micrort_kbd_intr_raise() as it is; for anything else
 * that an interrupt may call, it calls it by this.
 */
void micrort_host_interrupt(void (*handler)(void *arg), void *arg);

/** @cond INTERNAL_HIDDEN */
bool micrort_host_in_interrupt(void);
k_tid_t micrort_host_current(void);
int micrort_host_sleep_us(int64_t microseconds);
void micrort_host_print(const char *text, size_t length);
/** @endcond */

static inline bool k_is_in_isr(void)
{
	return micrort_host_in_interrupt();
}

static inline bool k_is_pre_kernel(void)
{
	return false;
}

static inline k_tid_t k_current_get(void)
{
	return micrort_host_current();
}

#ifdef __cplusplus
}
#endif

#endif /* MICRORT_HOST_ZEPHYR_KERNEL_H_ */
