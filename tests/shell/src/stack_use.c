/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief `micrort stack_use`
 */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <zephyr/kernel.h>
#include <zephyr/ztest.h>

#include <micrort/micrort.h>

#include "session.h"
#include "terminal.h"

/* Threads that are not the caller are on stacks of the host's there. */
#define OWN_ONLY IS_ENABLED(CONFIG_ARCH_POSIX)

static void before(void *fixture)
{
	session_before(fixture);
	terminal_begin();
}

ZTEST_SUITE(stack_use, NULL, NULL, before, session_after, NULL);

/** The row of the table that begins with @a name; the figures are -1 where there is a '?'. */
static void find_row(const char *table, const char *name, long figures[3])
{
	char start[24];
	const char *row;
	char *end;

	snprintf(start, sizeof(start), "\n%s ", name);
	row = strstr(table, start);
	zassert_not_null(row, "no row \"%s\" in:\n%s", name, table);
	row += strlen(start);
	for (int i = 0; i < 3; i++) {
		row += strspn(row, " ");
		figures[i] = *row == '?' ? -1 : strtol(row, &end, 10);
		row = *row == '?' ? row + 1 : end;
	}
	zassert_equal(*row, '\n', "\"%s\" in:\n%s", row, table);
}

static void check_row(const char *table, const char *name, bool used_is_known)
{
	long figures[3];

	find_row(table, name, figures);
	zassert_true(figures[2] > 0, "%s", table);
	if (used_is_known) {
		zassert_between_inclusive(figures[0], 0, figures[2], "%s", table);
	}
	if (!OWN_ONLY) {
		zassert_between_inclusive(figures[1], MAX(figures[0], 1), figures[2], "%s", table);
	}
}

/** "Shell threads included": typed at a shell that has a thread of its own. */
ZTEST(stack_use, test_from_a_shells_thread)
{
	const char *table = type("micrort stack_use\r");
	long figures[3];
	long own;

	own = strtol(strchr(table, '\n') + 1, NULL, 10);
	find_row(table, "shell_uart", figures);
	zassert_true(own > 0, "%s", table);
	/* The same stack, seen from functions that are near each other. */
	zassert_within(figures[0], own, 256, "%s", table);
	zassert_true(figures[2] > figures[0]);
	if (!OWN_ONLY) {
		zassert_equal(figures[2], CONFIG_SHELL_STACK_SIZE, "%s", table);
		check_row(table, "main", true);
		check_row(table, "micrort", true);
		/* Nobody knows what another CPU does. */
		check_row(table, "interrupts", arch_num_cpus() == 1);
	}
}

/** What is on the screen are the figures of the API. */
ZTEST(stack_use, test_figures)
{
	const char *table;
	struct micrort_stack_usage usage;
	long figures[3];

	zassert_ok(call("micrort stack_use", &table));
	if (OWN_ONLY) {
		zassert_is_null(strstr(table, "main"));
		return;
	}
	zassert_ok(micrort_stack_usage_get(micrort_executor_thread(), &usage));
	find_row(table, "micrort", figures);
	zassert_equal(figures[2], (long)usage.size);
	zassert_equal(figures[1], (long)usage.high_water);
	zassert_ok(micrort_stack_usage_get_isr(0, &usage));
	find_row(table, "interrupts", figures);
	zassert_equal(figures[2], (long)usage.size);
}

ZTEST(stack_use, test_wrong_use_of_stack_use)
{
	EXPECT("micrort stack_use main", -EINVAL, "stack_use: wrong parameter count", ANYTHING);
}
