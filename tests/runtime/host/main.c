/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief The toy runtime as a C program on the host port: what it asks of a kernel, and main().
 */

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/time.h>
#include <time.h>

#include <zephyr/ztest.h>

#include <micrort/micrort.h>

#include "helpers.h"

#define CASES_MAX 32

static struct {
	const struct test_suite *suite;
	const char *name;
	void (*run)(void);
} cases[CASES_MAX];
static int case_count;
static int current;

void test_add(const struct test_suite *suite, const char *name, void (*run)(void))
{
	if (case_count == CASES_MAX) {
		abort();
	}
	cases[case_count].suite = suite;
	cases[case_count].name = name;
	cases[case_count].run = run;
	case_count++;
}

void test_assert(bool condition, const char *where, const char *fmt, ...)
{
	va_list arguments;

	if (condition) {
		return;
	}
	printf("not ok - %s\n# %s", cases[current].name, where);
	va_start(arguments, fmt);
	(void)vprintf(fmt, arguments);
	va_end(arguments);
	printf("\n");
	(void)fflush(stdout);
	_Exit(1);
}

int k_mutex_lock(struct k_mutex *mutex, k_timeout_t timeout)
{
	ARG_UNUSED(timeout);

	return -pthread_mutex_lock(&mutex->mutex);
}

int k_mutex_unlock(struct k_mutex *mutex)
{
	return -pthread_mutex_unlock(&mutex->mutex);
}

static int64_t now_us(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);

	return now.tv_sec * 1000000LL + now.tv_nsec / 1000;
}

int64_t k_uptime_get(void)
{
	return now_us() / 1000;
}

int64_t k_uptime_delta(int64_t *since)
{
	int64_t now = k_uptime_get();
	int64_t delta = now - *since;

	*since = now;

	return delta;
}

void k_sleep(k_timeout_t timeout)
{
	struct timespec left = {timeout.ticks / 1000000, timeout.ticks % 1000000 * 1000};

	while (nanosleep(&left, &left) != 0 && errno == EINTR) {
	}
}

void k_busy_wait(uint32_t microseconds)
{
	k_sleep(K_USEC(microseconds));
}

/* Waits look again and again: the rest of the test is what matters here. */
static bool wait_until(bool (*is_over)(void *arg), void *arg, k_timeout_t timeout)
{
	int64_t begin = now_us();

	while (!is_over(arg)) {
		if (now_us() - begin >= timeout.ticks) {
			return false;
		}
		k_busy_wait(200);
	}

	return true;
}

void k_sem_give(struct k_sem *sem)
{
	if (__atomic_load_n(&sem->count, __ATOMIC_SEQ_CST) < sem->limit) {
		(void)__atomic_fetch_add(&sem->count, 1, __ATOMIC_SEQ_CST);
	}
}

static bool is_given(void *sem)
{
	return __atomic_load_n(&((struct k_sem *)sem)->count, __ATOMIC_SEQ_CST) != 0;
}

int k_sem_take(struct k_sem *sem, k_timeout_t timeout)
{
	if (!wait_until(is_given, sem, timeout)) {
		return -EAGAIN;
	}
	(void)__atomic_fetch_sub(&sem->count, 1, __ATOMIC_SEQ_CST);

	return 0;
}

void k_sem_reset(struct k_sem *sem)
{
	__atomic_store_n(&sem->count, 0, __ATOMIC_SEQ_CST);
}

static void raise_signal(void *signal)
{
	__atomic_store_n(&((struct k_poll_signal *)signal)->signaled, 1, __ATOMIC_SEQ_CST);
}

void k_poll_signal_reset(struct k_poll_signal *signal)
{
	__atomic_store_n(&signal->signaled, 0, __ATOMIC_SEQ_CST);
}

void micrort_pending_signal_set(struct k_poll_signal *signal)
{
	micrort_pending_callback_set(signal != NULL ? raise_signal : NULL, signal);
}

static struct {
	struct k_poll_event *events;
	int count;
} polled;

static bool is_polled(void *unused)
{
	ARG_UNUSED(unused);

	for (int i = 0; i < polled.count; i++) {
		struct k_poll_event *event = &polled.events[i];

		if (event->signal != NULL
			    ? __atomic_load_n(&event->signal->signaled, __ATOMIC_SEQ_CST) != 0
			    : is_given(event->sem)) {
			return true;
		}
	}

	return false;
}

int k_poll(struct k_poll_event *events, int count, k_timeout_t timeout)
{
	polled.events = events;
	polled.count = count;

	return wait_until(is_polled, NULL, timeout) ? 0 : -EAGAIN;
}

static struct k_timer *volatile running;

static void expire(int number)
{
	ARG_UNUSED(number);
	running->expired(running);
}

void k_timer_start(struct k_timer *timer, k_timeout_t duration, k_timeout_t period)
{
	struct itimerval once = {.it_value = {duration.ticks / 1000000, duration.ticks % 1000000}};

	ARG_UNUSED(period);
	running = timer;
	(void)signal(SIGALRM, expire);
	(void)setitimer(ITIMER_REAL, &once, NULL);
}

static struct {
	pthread_t thread;
	k_thread_entry_t entry;
	void *arg;
} helpers[HELPERS];

static void *run_helper(void *helper)
{
	int index = (int)(intptr_t)helper;

	helpers[index].entry(helpers[index].arg, NULL, NULL);

	return NULL;
}

k_tid_t helper_start(int index, int priority, k_thread_entry_t entry, void *arg)
{
	ARG_UNUSED(priority);
	helpers[index].entry = entry;
	helpers[index].arg = arg;
	zassert_ok(pthread_create(&helpers[index].thread, NULL, run_helper,
				  (void *)(intptr_t)index));

	return NULL;
}

void helper_join(int index)
{
	zassert_ok(pthread_join(helpers[index].thread, NULL));
}

/* Every case here joins its helpers. */
void helpers_after(void *fixture)
{
	ARG_UNUSED(fixture);
}

int main(void)
{
	micrort_host_start();
	for (current = 0; current < case_count; current++) {
		cases[current].suite->before(NULL);
		cases[current].run();
		cases[current].suite->after(NULL);
		printf("ok - %s\n", cases[current].name);
	}

	return 0;
}
