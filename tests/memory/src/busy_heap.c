/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief mem_info.h: "a heap that changes meanwhile is shown as it was when each part was looked at,
 * and the report says so".
 */

#include <string.h>

#include <zephyr/ztest.h>

#include "system_blocks.h"

static void before(void *fixture)
{
	ARG_UNUSED(fixture);
	captured = (struct capture){0};
}

static void after(void *fixture)
{
	ARG_UNUSED(fixture);
	blocks_free_all();
}

ZTEST_SUITE(busy_heap, NULL, NULL, before, after, NULL);

/* Every unit once, whatever happened. */
static struct heap_report *check_sums(void)
{
	struct heap_report *heap = SYSTEM_HEAP_REPORT;
	size_t used = 0;

	zassert_equal(heap->used + heap->free, heap->total);
	zassert_equal(heap->cell_count * 8, heap->total);
	for (size_t i = 0; i < heap->cell_count; i++) {
		used += heap->cells[i] != '.';
	}
	if (!heap->changed) {
		zassert_equal(used * 8, heap->used);
	}

	return heap;
}

/* The last line before the walk for the map begins. */
#define BEFORE_MAP " No. of"

static const char *trigger;
/* Lines that begin so before the one that counts: the arena has some, too. */
static int triggers_left;
static void (*when_triggered)(void);

static int call_at_trigger(const char *text, size_t length, void *capture_arg)
{
	int ret = capture_piece(text, length, capture_arg);

	if (strncmp(text, trigger, MIN(length, strlen(trigger))) == 0 && triggers_left-- == 0) {
		when_triggered();
	}

	return ret;
}

static void print_and_call_at(const char *beginning, int before_it, void (*fn)(void))
{
	struct micrort_printer printer = {.print = call_at_trigger, .arg = &captured};

	trigger = beginning;
	triggers_left = before_it;
	when_triggered = fn;
	before(NULL);
	zassert_ok(micrort_mem_info(&printer, true));
	report_parse(&captured, true);
}

static void allocate_first(void)
{
	(void)block_alloc(0, 40);
}

static void free_first(void)
{
	block_free(0);
}

static void move_first(void)
{
	block_free(0);
	(void)block_alloc(1, 40);
	(void)block_alloc(0, 40);
	block_free(1);
}

/** A block that comes, that goes, or that is elsewhere, after the figures and before the map */
ZTEST(busy_heap, test_change_between_figures_and_map)
{
	static void (*const changes[])(void) = {allocate_first, free_first};
	struct heap_report *heap;

	ARRAY_FOR_EACH(changes, i) {
		print_and_call_at(BEFORE_MAP, ARENA ? 1 : 0, changes[i]);
		heap = check_sums();
		zassert_true(heap->changed);
		/* As it was when each part was looked at. */
		zassert_equal(heap->used != 0, blocks[0].memory == NULL);
	}
	/* The same figures, at another place. */
	zassert_true(block_alloc(0, 40));
	print_and_call_at(BEFORE_MAP, ARENA ? 1 : 0, move_first);
	heap = check_sums();
	zassert_true(heap->changed);
	zassert_equal(heap->cells[0], '.');
	zassert_equal(heap->cells[(block_begin(&blocks[0]) - heap->base) / 8], 'h');
}

/** What changes after the map is not in the report. */
ZTEST(busy_heap, test_change_after_the_map)
{
	print_and_call_at("lock: ", 0, allocate_first);
	zassert_false(check_sums()->changed);
	zassert_equal(SYSTEM_HEAP_REPORT->used, 0);
}

static unsigned int changes;

/* A block or several come and go. */
static void churn(void)
{
	for (uint32_t count = pseudo_random() % 4; count > 0; count--) {
		int index = pseudo_random() % BLOCKS;

		if (blocks[index].memory != NULL) {
			block_free(index);
		} else if (!block_alloc(index, 1 + pseudo_random() % 150)) {
			continue;
		}
		changes++;
	}
}

static int churn_and_capture(const char *text, size_t length, void *capture_arg)
{
	churn();

	return capture_piece(text, length, capture_arg);
}

/** A printer that allocates and frees at every piece */
ZTEST(busy_heap, test_printer_that_allocates_in_busy_heap)
{
	struct micrort_printer printer = {.print = churn_and_capture, .arg = &captured};
	unsigned int changed = 0;
	const unsigned int rounds = 300;

	for (unsigned int round = 0; round < rounds; round++) {
		before(NULL);
		changes = 0;
		zassert_ok(micrort_mem_info(&printer, true));
		report_parse(&captured, true);
		changed += check_sums()->changed;
		if (changes == 0) {
			zassert_false(SYSTEM_HEAP_REPORT->changed);
		}
	}
	zassert_true(changed > rounds / 2, "%u of %u", changed, rounds);
	report_take(true);
	blocks_compare(SYSTEM_HEAP_REPORT);
}

static atomic_t interrupts;

static void churn_in_interrupt(struct k_timer *timer)
{
	ARG_UNUSED(timer);
	atomic_inc(&interrupts);
	churn();
}

static K_TIMER_DEFINE(timer, churn_in_interrupt, NULL);

/** An interrupt that allocates and frees, also in the middle of a walk over the heap */
ZTEST(busy_heap, test_interrupt_that_allocates)
{
	unsigned int changed = 0;

	atomic_set(&interrupts, 0);
	k_timer_start(&timer, K_TICKS(1), K_TICKS(1));
	for (int round = 0; round < 10000 && atomic_get(&interrupts) < 300; round++) {
		before(NULL);
		zassert_ok(micrort_mem_info(&capturing, true));
		report_parse(&captured, true);
		changed += check_sums()->changed;
		/* Where time stands still while a thread computes. */
		k_busy_wait(100 + pseudo_random() % 900);
	}
	k_timer_stop(&timer);
	zassert_true(atomic_get(&interrupts) > 0);
	TC_PRINT("%u reports changed while they were made, by %ld interrupts\n", changed,
		 (long)atomic_get(&interrupts));
	report_take(true);
	blocks_compare(SYSTEM_HEAP_REPORT);
}
