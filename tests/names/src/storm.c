/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief Threads intern the same strings at the same time, while interrupts look up: one id for
 * each string.
 */

#include <string.h>

#include <zephyr/ztest.h>

#include <micrort/micrort.h>

#include "heap.h"
#include "helpers.h"

#define STRINGS 150
#define THREADS 4
#define LENGTH  7

static char texts[STRINGS][LENGTH + 1];
static uint16_t ids[THREADS][STRINGS];
/* The string that the thread of lowest priority interns now. */
static volatile int current;
static atomic_t wrong;
static uint32_t interrupts;
static uint32_t found_in_interrupt;
static volatile bool finished;
static struct k_sem turns[THREADS - 1];

static void intern(int thread, int number)
{
	int id = micrort_qstr_from_strn(texts[number], LENGTH);

	if (id <= 0 || (ids[thread][number] != 0 && ids[thread][number] != id)) {
		atomic_inc(&wrong);
	} else {
		ids[thread][number] = id;
	}
}

/* Short: it must leave time to the threads. */
static void expired(struct k_timer *timer)
{
	const char *text = texts[current];
	int id = micrort_qstr_find_strn(text, LENGTH);

	ARG_UNUSED(timer);
	interrupts++;
	if (id > 0) {
		found_in_interrupt++;
		if (memcmp(micrort_qstr_str(id), text, LENGTH + 1) != 0) {
			atomic_inc(&wrong);
		}
	} else if (id != -ENOENT) {
		atomic_inc(&wrong);
	}
	if (micrort_qstr_from_str("new") != -EWOULDBLOCK) {
		atomic_inc(&wrong);
	}
	k_sem_give(&turns[interrupts % ARRAY_SIZE(turns)]);
}

static K_TIMER_DEFINE(timer, expired, NULL);

/** Goes through all, and is interrupted by the others. */
static void go_through(void *thread, void *p2, void *p3)
{
	for (int number = 0; number < STRINGS; number++) {
		current = number;
		intern(POINTER_TO_INT(thread), number);
		if (IS_ENABLED(CONFIG_ARCH_POSIX)) {
			/* Its clock stands still while a program runs. */
			k_busy_wait(100);
		}
	}
	finished = true;
}

/** Interns what the thread below is at, and what it has not come to yet. */
static void get_in_between(void *thread, void *p2, void *p3)
{
	int own = POINTER_TO_INT(thread);

	while (!finished) {
		if (k_sem_take(&turns[own], PATIENCE) != 0) {
			atomic_inc(&wrong);
			return;
		}
		intern(own, current);
		if (own == 0) {
			intern(own, STRINGS - 1 - current);
		}
	}
}

static void after(void *fixture)
{
	k_timer_stop(&timer);
	helpers_after(fixture);
	heap_after(fixture);
}

ZTEST_SUITE(storm, NULL, NULL, NULL, after, NULL);

ZTEST(storm, test_several_threads_and_an_interrupt)
{
	struct micrort_qstr_stats before;
	struct micrort_qstr_stats now;

	ARRAY_FOR_EACH(texts, i) {
		snprintk(texts[i], sizeof(texts[i]), "try %03u", (uint32_t)i);
	}
	micrort_qstr_stats_get(&before);
	ARRAY_FOR_EACH(turns, i) {
		k_sem_init(&turns[i], 0, 1);
		helper_start(i, 3 + i, get_in_between, INT_TO_POINTER(i));
	}
	helper_start(THREADS - 1, 8, go_through, INT_TO_POINTER(THREADS - 1));
	k_timer_start(&timer, K_TICKS(1), K_TICKS(1));
	for (int i = 0; i < THREADS; i++) {
		helper_join(i);
	}
	k_timer_stop(&timer);

	zassert_equal(atomic_get(&wrong), 0);
	micrort_qstr_stats_get(&now);
	zassert_equal(now.strings, before.strings + STRINGS);
	zassert_equal(now.data_bytes, before.data_bytes + STRINGS * (LENGTH + 1));
	ARRAY_FOR_EACH(texts, number) {
		int id = micrort_qstr_find_strn(texts[number], LENGTH);

		zassert_str_equal(micrort_qstr_str(id), texts[number]);
		for (int i = 0; i < THREADS; i++) {
			zassert_true(ids[i][number] == id ||
					     (ids[i][number] == 0 && i < THREADS - 1),
				     "\"%s\" is %d, and %u in thread %d", texts[number], id,
				     ids[i][number], i);
		}
	}
	TC_PRINT("%u interrupts, %u found what was interned\n", interrupts, found_in_interrupt);
	zassert_true(found_in_interrupt > 0);
	zassert_equal(micrort_qstr_find_strn("new", 3), -ENOENT);
}
