/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief print.h: "A report is handed to a printer piece by piece, with no lock held."
 */

#include <zephyr/ztest.h>

#include "interrupts.h"
#include "report.h"

static void before(void *fixture)
{
	ARG_UNUSED(fixture);
	captured = (struct capture){0};
}

ZTEST_SUITE(printers, NULL, NULL, before, NULL, NULL);

struct failing {
	/* Pieces until it fails. */
	size_t left;
	int error;
	/* Calls after the one that failed. */
	size_t calls_after;
	bool has_failed;
};

static int fail_later(const char *text, size_t length, void *failing_arg)
{
	struct failing *failing = failing_arg;

	failing->calls_after += failing->has_failed;
	if (failing->left == 0) {
		failing->has_failed = true;
		return failing->error;
	}
	failing->left--;

	return capture_piece(text, length, &captured);
}

/**
 * "the printer's error, after which nothing more was printed", wherever it comes; and the next
 * report is whole
 */
ZTEST(printers, test_error_ends_the_report)
{
	for (int verbose = 0; verbose <= 1; verbose++) {
		size_t pieces;

		before(NULL);
		zassert_ok(micrort_mem_info(&capturing, verbose));
		pieces = captured.pieces;
		zassert_true(pieces > 0);
		for (size_t at = 0; at < pieces; at++) {
			struct failing failing = {.left = at, .error = -EIO - (int)at};
			struct micrort_printer printer = {.print = fail_later, .arg = &failing};

			before(NULL);
			zassert_equal(micrort_mem_info(&printer, verbose), -EIO - (int)at);
			zassert_true(failing.has_failed);
			zassert_equal(failing.calls_after, 0);
			zassert_equal(captured.pieces, at);
		}
		before(NULL);
		zassert_ok(micrort_mem_info(&capturing, verbose));
		report_parse(&captured, verbose);
	}
}

static size_t pieces_without_interrupts;
static size_t interrupts_served;
static size_t interrupts_wanted;
static size_t failed_allocations;

static void serve(void *arg)
{
	ARG_UNUSED(arg);
	interrupts_served++;
}

static int do_everything(const char *text, size_t length, void *arg)
{
	unsigned int key = irq_lock();
	void *block;

	pieces_without_interrupts += !arch_irq_unlocked(key);
	irq_unlock(key);
	interrupts_wanted++;
	interrupt_low(serve, NULL);
	block = micrort_malloc(16);
	failed_allocations += block == NULL;
	micrort_free(block);
	k_sleep(K_TICKS(1));

	return capture_piece(text, length, arg);
}

/** "never holds the heap's lock while it prints" */
ZTEST(printers, test_printer_may_do_everything)
{
	struct micrort_printer printer = {.print = do_everything, .arg = &captured};

	pieces_without_interrupts = 0;
	interrupts_served = 0;
	interrupts_wanted = 0;
	failed_allocations = 0;
	zassert_ok(micrort_mem_info(&printer, true));
	report_parse(&captured, true);
	zassert_equal(pieces_without_interrupts, 0);
	zassert_true(interrupts_wanted > 0);
	zassert_equal(interrupts_served, interrupts_wanted);
	zassert_equal(failed_allocations, SYSTEM_HEAP || ARENA ? 0 : interrupts_wanted);
	/* What is allocated and freed between two looks is not seen. */
	for (size_t i = 0; i < report.heap_count; i++) {
		zassert_false(report.heaps[i].changed);
	}
}

static int report_inside(const char *text, size_t length, void *arg)
{
	static struct capture inner;
	struct micrort_printer printer = {.print = capture_piece, .arg = &inner};

	inner = (struct capture){0};
	zassert_ok(micrort_mem_info(&printer, false));
	zassert_false(inner.bad_piece);

	return capture_piece(text, length, arg);
}

/** A printer that asks for a report of its own */
ZTEST(printers, test_report_in_a_report)
{
	struct micrort_printer printer = {.print = report_inside, .arg = &captured};

	zassert_ok(micrort_mem_info(&printer, true));
	report_parse(&captured, true);
}
