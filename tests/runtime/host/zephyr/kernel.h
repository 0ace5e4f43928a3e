/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief The few kernel services that the toy runtime and its programs use, made of the host's.
 */

#ifndef MICRORT_TESTS_HOST_KERNEL_H_
#define MICRORT_TESTS_HOST_KERNEL_H_

#include_next <zephyr/kernel.h>

#include <pthread.h>

#define MIN(_a, _b)             ((_a) < (_b) ? (_a) : (_b))
#define POINTER_TO_INT(_x)      ((int)(intptr_t)(_x))

/* Locked by its owner again, as the kernel's. */
struct k_mutex {
	pthread_mutex_t mutex;
};
#define K_MUTEX_DEFINE(_name) struct k_mutex _name = {PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP}
int k_mutex_lock(struct k_mutex *mutex, k_timeout_t timeout);
int k_mutex_unlock(struct k_mutex *mutex);

struct k_sem {
	unsigned int count;
	unsigned int limit;
};
#define K_SEM_DEFINE(_name, _count, _limit) struct k_sem _name = {(_count), (_limit)}
void k_sem_give(struct k_sem *sem);
int k_sem_take(struct k_sem *sem, k_timeout_t timeout);
void k_sem_reset(struct k_sem *sem);

struct k_poll_signal {
	unsigned int signaled;
};
struct k_poll_event {
	struct k_poll_signal *signal;
	struct k_sem *sem;
};
#define K_POLL_SIGNAL_INITIALIZER(_signal) {0}
#define Z_HOST_K_POLL_TYPE_SIGNAL(_object)        {.signal = (_object)}
#define Z_HOST_K_POLL_TYPE_SEM_AVAILABLE(_object) {.sem = (_object)}
#define K_POLL_EVENT_INITIALIZER(_type, _mode, _object) Z_HOST_##_type(_object)
int k_poll(struct k_poll_event *events, int count, k_timeout_t timeout);
void k_poll_signal_reset(struct k_poll_signal *signal);
/* What a program on the host makes of micrort_pending_callback_set(). */
void micrort_pending_signal_set(struct k_poll_signal *signal);

/** Expires in a handler of a signal. One runs at a time. */
struct k_timer {
	void (*expired)(struct k_timer *timer);
};
#define K_TIMER_DEFINE(_name, _expired, _stopped) struct k_timer _name = {(_expired)}
void k_timer_start(struct k_timer *timer, k_timeout_t duration, k_timeout_t period);

void k_busy_wait(uint32_t microseconds);
void k_sleep(k_timeout_t timeout);
int64_t k_uptime_get(void);
int64_t k_uptime_delta(int64_t *since);

typedef void (*k_thread_entry_t)(void *p1, void *p2, void *p3);

#endif /* MICRORT_TESTS_HOST_KERNEL_H_ */
