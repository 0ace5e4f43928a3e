/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

#include <stdio.h>

#include <zephyr/sys/atomic.h>
#include <zephyr/ztest.h>

#include <micrort/micrort.h>

#include "controls.h"
#include "helpers.h"

/* Helpers that main.c does not use. */
#define FOREGROUND 4
#define SLEEPER    5

#define CTRL_C 3

static atomic_t wrong_answers;
static atomic_t interrupts;
static uint32_t interrupted;
static uint32_t taken;
static volatile bool stop;

static volatile int last_wrong_line;

static void expect_at(int line, bool right)
{
	if (!right) {
		last_wrong_line = line;
		(void)atomic_inc(&wrong_answers);
	}
}

#define expect(_right) expect_at(__LINE__, (_right))

static int count_bytes(const char *text, size_t length, void *bytes)
{
	ARG_UNUSED(text);
	*(size_t *)bytes += length;

	return 0;
}

static void read_records(void)
{
	struct micrort_heap_refusals refusals;
	struct micrort_schedule_stats stats;

	micrort_heap_refusals_get(&refusals);
	micrort_schedule_stats_get(&stats);
}

static void lock_heap(bool give_way)
{
	expect(micrort_heap_lock() == 0);
	expect(k_malloc(24) == NULL);
	if (give_way) {
		/* Others find this thread in the table. */
		k_yield();
	}
	expect(micrort_heap_lock() == 0);
	expect(micrort_heap_locked() >= 2);
	expect(micrort_heap_unlock() >= 1);
	expect(micrort_heap_unlock() >= 0);
}

static void intern(uint32_t round)
{
	char text[12];
	int id;

	(void)snprintf(text, sizeof(text), "string %u", round % 48);
	id = micrort_qstr_from_str(text);
	expect(id == -ENOMEM || micrort_qstr_find_strn(text, strlen(text)) == id);
}

void controls_in_thread(uint32_t round)
{
	k_free(k_malloc(24));
	lock_heap(round % 3 == 0);
	(void)micrort_raise(&micrort_exc_value_error, "round %u of %s", round, "a thread");
	(void)micrort_check();
	if (round % 4 == 0) {
		expect(micrort_critical_enter() == 0);
		lock_heap(false);
		expect(micrort_critical_enter() == 0);
		expect(micrort_critical_exit() == 0);
		expect(micrort_critical_exit() == 0);
		intern(round);
	}
	if (round % 16 == 0) {
		(void)micrort_kbd_intr_raise();
		expect(micrort_kbd_intr(CTRL_C) == 0);
		read_records();
	}
	if (round % 64 == 0) {
		size_t bytes = 0;
		struct micrort_printer printer = {.print = count_bytes, .arg = &bytes};

		expect(micrort_mem_info(&printer, true) == 0);
		expect(micrort_exception_print(&printer) == 0);
		expect(bytes > 0);
	}
}

void controls_in_interrupt(void)
{
	uint32_t number = atomic_inc(&interrupts);

	expect(!micrort_kbd_intr_feed('x'));
	lock_heap(false);
	if (number % 8 == 0) {
		expect(micrort_kbd_intr_feed(CTRL_C));
		(void)micrort_raise(&micrort_exc_runtime_error, "interrupt %u", number);
	}
	if (number % 32 == 0) {
		read_records();
	}
}

void controls_in_function(void)
{
	static uint32_t round;
	struct micrort_exception exception = {0};

	if (++round % 16 == 0) {
		expect(micrort_critical_enter() == 0);
		lock_heap(false);
		expect(micrort_critical_exit() == 0);
		if (micrort_raise(&micrort_exc_index_error, "function %u", round) >= 0) {
			/* Else it would be printed. */
			expect(micrort_exception_take(&exception) == 0);
		}
	}
}

static void run_foreground(void *p1, void *p2, void *p3)
{
	ARG_UNUSED(p1);
	ARG_UNUSED(p2);
	ARG_UNUSED(p3);

	expect(micrort_kbd_intr_attach() == 0);
	while (!stop) {
		struct micrort_exception exception = {0};

		interrupted += micrort_sleep(K_TICKS(30)) == -EINTR;
		while (micrort_exception_take(&exception) == 0) {
			taken++;
		}
		(void)micrort_exception_clear();
		expect(micrort_alloc_emergency_exception_buf(taken % 2 == 0 ? 256 : 512) != -EINVAL);
	}
	(void)micrort_alloc_emergency_exception_buf(0);
	expect(micrort_kbd_intr_detach() == 0);
}

static void run_sleeper(void *p1, void *p2, void *p3)
{
	ARG_UNUSED(p1);
	ARG_UNUSED(p2);
	ARG_UNUSED(p3);

	while (!stop) {
		expect(micrort_sleep(K_TICKS(50)) == 0);
	}
}

void controls_begin(void)
{
	expect(micrort_alloc_emergency_exception_buf(256) == 0);
	helper_start(FOREGROUND, 2, run_foreground, NULL);
	helper_start(SLEEPER, 9, run_sleeper, NULL);
	k_msleep(1);
}

void controls_end(void)
{
	stop = true;
	helper_join(FOREGROUND);
	helper_join(SLEEPER);
	TC_PRINT("controls: interrupted %u, exceptions taken %u and counted %u\n", interrupted,
		 taken, micrort_exception_counted());
	zassert_equal(atomic_get(&wrong_answers), 0, "%ld, the last one in line %d",
		      (long)atomic_get(&wrong_answers), last_wrong_line);
	zassert_true(interrupted > 0);
	zassert_true(taken > 0);
}
