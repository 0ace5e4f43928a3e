/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

#include <errno.h>
#include <string.h>

#include <zephyr/ztest.h>

#include <micrort/micrort.h>

#include "toy.h"

#define STACK 4
/* A program comes to a safe point behind each of its steps; there this many functions run. */
#define FUNCTIONS_AT_ONCE 2

K_MUTEX_DEFINE(toy_lock);
K_SEM_DEFINE(toy_semaphore, 0, 1);
static struct k_poll_signal pending_signal = K_POLL_SIGNAL_INITIALIZER(pending_signal);

void (*toy_later)(struct toy_object *object);
uint32_t toy_steps;

static struct toy_object objects[TOY_OBJECTS];
static struct toy_object *stack[STACK];
static int depth;
/* Of the toolchain, because not every C library has setjmp(). */
static void *thrown[5];

void toy_start(void)
{
	memset(objects, 0, sizeof(objects));
	depth = 0;
	toy_steps = 0;
	k_sem_reset(&toy_semaphore);
	micrort_pending_signal_set(&pending_signal);
}

static void run_later(void *object)
{
	zassert_ok(k_mutex_lock(&toy_lock, K_FOREVER));
	toy_later(object);
	zassert_ok(k_mutex_unlock(&toy_lock));
}

static void mark(struct toy_object *object)
{
	for (; object != NULL && !object->marked; object = object->link) {
		object->marked = true;
	}
}

static void mark_scheduled(const struct micrort_scheduled *scheduled, void *context)
{
	ARG_UNUSED(context);

	if (scheduled->fn == run_later) {
		mark(scheduled->arg);
	}
}

/*
 * Functions take the lock that the caller holds, so it must not wait for one that runs; no other may
 * begin, which could take an object out of the sight of the collector.
 */
void toy_collect(void)
{
	zassert_true(micrort_critical_enter_no_wait() >= 0);
	for (int i = 0; i < depth; i++) {
		mark(stack[i]);
	}
	zassert_ok(micrort_schedule_foreach(mark_scheduled, NULL));
	zassert_ok(micrort_critical_exit());
	for (int i = 0; i < TOY_OBJECTS; i++) {
		objects[i].in_use = objects[i].marked;
		objects[i].marked = false;
	}
}

int toy_count(void)
{
	int count = 0;

	for (int i = 0; i < TOY_OBJECTS; i++) {
		count += objects[i].in_use;
	}

	return count;
}

static struct toy_object *find_free(void)
{
	for (int i = 0; i < TOY_OBJECTS; i++) {
		if (!objects[i].in_use) {
			return &objects[i];
		}
	}

	return NULL;
}

static bool push_new(int value)
{
	struct toy_object *object;

	if (!micrort_heap_may_allocate(sizeof(*object))) {
		return false;
	}
	object = find_free();
	if (object == NULL) {
		toy_collect();
		object = find_free();
	}
	if (object == NULL) {
		return false;
	}
	*object = (struct toy_object){.value = value, .in_use = true};
	stack[depth++] = object;

	return true;
}

static void wait_for_something(void)
{
	struct k_poll_event events[] = {
		K_POLL_EVENT_INITIALIZER(K_POLL_TYPE_SIGNAL, K_POLL_MODE_NOTIFY_ONLY,
					 &pending_signal),
		K_POLL_EVENT_INITIALIZER(K_POLL_TYPE_SEM_AVAILABLE, K_POLL_MODE_NOTIFY_ONLY,
					 &toy_semaphore),
	};

	k_poll_signal_reset(&pending_signal);
	if (!micrort_pending()) {
		zassert_ok(k_poll(events, ARRAY_SIZE(events), K_SECONDS(5)));
	}
	(void)k_sem_take(&toy_semaphore, K_NO_WAIT);
}

/* The lock is not held, so that other threads and functions have their turn. */
static int safe_point(void)
{
	int ret;

	zassert_ok(k_mutex_unlock(&toy_lock));
	ret = micrort_poll_max(FUNCTIONS_AT_ONCE);
	zassert_ok(k_mutex_lock(&toy_lock, K_FOREVER));

	return ret;
}

static enum toy_result run(const uint8_t *program)
{
	const uint8_t *at = program;

	while (true) {
		toy_steps++;
		if (IS_ENABLED(CONFIG_ARCH_POSIX)) {
			/* There time passes only while somebody waits for it. */
			k_busy_wait(10);
		}
		switch (*at++) {
		case TOY_NEW:
			if (!push_new(*at++)) {
				return TOY_NO_MEMORY;
			}
			break;
		case TOY_LINK:
			depth--;
			stack[depth - 1]->link = stack[depth];
			break;
		case TOY_DROP:
			depth--;
			break;
		case TOY_LATER:
			depth--;
			zassert_ok(micrort_schedule(run_later, stack[depth]));
			break;
		case TOY_AGAIN:
			at = program;
			break;
		case TOY_WAIT:
			zassert_ok(k_mutex_unlock(&toy_lock));
			wait_for_something();
			zassert_ok(k_mutex_lock(&toy_lock, K_FOREVER));
			break;
		default:
			return TOY_DONE;
		}
		if (micrort_pending() && safe_point() == -EINTR) {
			return TOY_INTERRUPTED;
		}
	}
}

void toy_throw(void)
{
	__builtin_longjmp(thrown, 1);
}

/* Apart from run(), because a function that longjmp() comes back to keeps nothing in registers. */
static __attribute__((noinline)) enum toy_result run_and_catch(const uint8_t *program)
{
	if (__builtin_setjmp(thrown) != 0) {
		zassert_ok(micrort_function_abandon());
		return TOY_THROWN;
	}

	return run(program);
}

enum toy_result toy_run(const uint8_t *program)
{
	enum toy_result result;

	zassert_ok(k_mutex_lock(&toy_lock, K_FOREVER));
	result = run_and_catch(program);
	/* toy_throw() leaves a function that holds it, and which got it instead of the program. */
	zassert_ok(k_mutex_unlock(&toy_lock));

	return result;
}
