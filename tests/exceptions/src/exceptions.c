/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

#include <zephyr/sys/sys_heap.h>

#include "console.h"
#include "exceptions.h"
#include "helpers.h"

MICRORT_EXCEPTION_TYPE_DEFINE(sensor_error, "SensorError");

char taken_text[160];

extern struct k_heap _system_heap;

/* The first block is the head of a list of all. */
static void **filling;

void fill_heap(void)
{
	for (size_t size = 256; size >= sizeof(void *); size /= 2) {
		void **block;

		while ((block = micrort_malloc(size)) != NULL) {
			*block = filling;
			filling = block;
		}
	}
}

void empty_heap(void)
{
	while (filling != NULL) {
		void **block = filling;

		filling = *block;
		micrort_free(block);
	}
}

void exceptions_before(void *fixture)
{
	ARG_UNUSED(fixture);
	(void)k_thread_name_set(k_current_get(), "tester");
	(void)micrort_exception_clear();
	zassert_ok(micrort_alloc_emergency_exception_buf(0));
	zassert_ok(micrort_opt_level_set(CONFIG_MICRORT_OPT_LEVEL));
}

void exceptions_after(void *fixture)
{
	struct sys_memory_stats stats;

	console_restore(fixture);
	while (micrort_heap_unlock() >= 0) {
	}
	empty_heap();
	helpers_after(fixture);
	(void)micrort_exception_clear();
	zassert_ok(micrort_alloc_emergency_exception_buf(0));
	zassert_true(sys_heap_validate(&_system_heap.heap));
	zassert_ok(sys_heap_runtime_stats_get(&_system_heap.heap, &stats));
	zassert_equal(stats.allocated_bytes, 0, "%zu bytes were not freed", stats.allocated_bytes);
}

struct micrort_exception take_one(void)
{
	struct micrort_exception taken = {.text = taken_text, .text_size = sizeof(taken_text)};

	zassert_ok(micrort_exception_take(&taken));
	return taken;
}

void check_none(void)
{
	struct micrort_exception taken = {};

	zassert_equal(micrort_exception_take(&taken), -ENODATA);
}

void check_taken(const struct micrort_exception_type *type, const char *text, int line)
{
	struct micrort_exception taken = take_one();

	zassert_equal(taken.type, type, "line %d: %s", line, taken.type->name);
	zassert_str_equal(taken_text, text, "line %d: %s", line, taken_text);
}

static struct {
	void (*fn)(void *arg);
	void *arg;
	volatile bool ran;
	bool in_isr;
} in_timer_call;

static void expired(struct k_timer *timer)
{
	ARG_UNUSED(timer);
	in_timer_call.in_isr = k_is_in_isr();
	in_timer_call.fn(in_timer_call.arg);
	in_timer_call.ran = true;
}

static K_TIMER_DEFINE(timer, expired, NULL);

void in_timer(void (*fn)(void *arg), void *arg)
{
	in_timer_call.fn = fn;
	in_timer_call.arg = arg;
	in_timer_call.ran = false;
	k_timer_start(&timer, K_MSEC(2), K_NO_WAIT);
	/* Busy, so that it is this thread that is interrupted. */
	for (int waited = 0; waited < 1000 && !in_timer_call.ran; waited++) {
		k_busy_wait(USEC_PER_MSEC);
	}
	zassert_true(in_timer_call.ran);
	zassert_true(in_timer_call.in_isr);
}
