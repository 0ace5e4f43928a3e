/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include <zephyr/ztest.h>

#include "report.h"

struct report report;
struct capture captured;
const struct micrort_printer capturing = {.print = capture_piece, .arg = &captured};

/* print.h: "a line is longer than micrort's line buffer": no line of mem_info is. */
int capture_piece(const char *text, size_t length, void *capture_arg)
{
	struct capture *capture = capture_arg;

	capture->bad_piece |= length == 0 || text[length - 1] != '\n' ||
			      memchr(text, '\n', length) != &text[length - 1];
	capture->pieces++;
	if (length >= sizeof(capture->text) - capture->length) {
		return -ENOSPC;
	}
	memcpy(&capture->text[capture->length], text, length);
	capture->length += length;

	return 0;
}

bool line_matches(const char *line, const char *pattern, unsigned long *numbers)
{
	for (; *pattern != '\0'; pattern++) {
		char *end;

		if (*pattern != '%' && *pattern != '#') {
			if (*line++ != *pattern) {
				return false;
			}
			continue;
		}
		if (!isxdigit((unsigned char)*line)) {
			return false;
		}
		*numbers++ = strtoul(line, &end, *pattern == '#' ? 16 : 10);
		if (end == line) {
			return false;
		}
		line = end;
	}

	return *line == '\0';
}

/* Lines that are left, each ended by a NUL when it is reached. */
static char *line;
static char *rest;

static void next_line(void)
{
	char *end = strchr(rest, '\n');

	if (end == NULL) {
		zassert_equal(*rest, '\0', "the last line has no end: %s", rest);
		line = NULL;
		return;
	}
	line = rest;
	*end = '\0';
	rest = end + 1;
}

static bool is_line(const char *pattern, unsigned long *numbers)
{
	if (line == NULL || !line_matches(line, pattern, numbers)) {
		return false;
	}
	next_line();

	return true;
}

static void expect_line(const char *pattern, unsigned long *numbers)
{
	zassert_true(is_line(pattern, numbers), "not %s: %s", pattern, line ? line : "the end");
}

static void add_cells(struct heap_report *heap, char cell, size_t count)
{
	zassert_true(heap->cell_count + count <= sizeof(heap->cells));
	memset(&heap->cells[heap->cell_count], cell, count);
	heap->cell_count += count;
}

/* "for every 64 units a row of their offset in bytes, `%08x: `, and a character for each" */
static void add_row(struct heap_report *heap, size_t unit)
{
	static const char hex_digits[] = "0123456789abcdef";
	unsigned long offset;
	char *end;

	for (int i = 0; i < 8; i++) {
		zassert_not_null(strchr(hex_digits, line[i]), "%s", line);
	}
	offset = strtoul(line, &end, 16);
	zassert_equal(end, &line[8], "%s", line);
	zassert_equal(strncmp(end, ": ", 2), 0, "%s", line);
	zassert_equal(heap->cell_count % ROW, 0, "a row before was short: %s", line);
	zassert_equal(offset, heap->cell_count * unit, "%s", line);
	zassert_between_inclusive(strlen(&line[10]), 1, ROW, "%s", line);
	for (const char *cell = &line[10]; *cell != '\0'; cell++) {
		zassert_not_null(strchr(".h=", *cell), "%s", line);
		add_cells(heap, *cell, 1);
	}
}

static bool is_free_row(void)
{
	return strlen(line) == 10 + ROW && strspn(&line[10], ".") == ROW;
}

/* "Two rows or more in which all is free are one line, `       (%u lines all free)`" */
static void parse_map(struct heap_report *heap, size_t unit)
{
	bool free_before = false;
	unsigned long rows;

	while (line != NULL && (line[0] == ' ' || (isxdigit((unsigned char)line[0]) &&
						   strlen(line) > 8 && line[8] == ':'))) {
		bool free_now;

		if (line_matches(line, "       (% lines all free)", &rows)) {
			zassert_true(rows >= 2, "%s", line);
			zassert_equal(heap->cell_count % ROW, 0, "%s", line);
			add_cells(heap, '.', rows * ROW);
			heap->collapsed_lines++;
			heap->collapsed_rows += rows;
			free_now = true;
		} else {
			add_row(heap, unit);
			free_now = is_free_row();
		}
		zassert_false(free_before && free_now, "not collapsed: %s", line);
		free_before = free_now;
		next_line();
	}
}

/* "GC: ..." and what follows: micropython/meminfo.py */
static void parse_heap(struct heap_report *heap, bool verbose, bool is_arena)
{
	size_t unit = is_arena ? 16 : 8;
	unsigned long numbers[4];

	expect_line("GC: total: %, used: %, free: %", numbers);
	heap->total = numbers[0];
	heap->used = numbers[1];
	heap->free = numbers[2];
	expect_line(" No. of 1-blocks: %, 2-blocks: %, max blk sz: %, max free sz: %", numbers);
	heap->one_blocks = numbers[0];
	heap->two_blocks = numbers[1];
	heap->max_block = numbers[2];
	heap->max_free = numbers[3];
	if (verbose) {
		expect_line("GC memory layout; from #:", numbers);
		heap->base = numbers[0];
		zassert_equal(heap->base % unit, 0);
		parse_map(heap, unit);
	}
	heap->changed = is_line("heap changed while it was listed", numbers);
	heap->has_stats = is_line("peak: %, allocated: %", numbers);
	zassert_equal(heap->has_stats, is_arena || STATS);
	heap->peak = heap->has_stats ? numbers[0] : 0;
	heap->allocated = heap->has_stats ? numbers[1] : 0;
}

void report_parse(struct capture *capture, bool verbose)
{
	unsigned long numbers[3];

	zassert_false(capture->bad_piece);
	memset(&report, 0, sizeof(report));
	capture->text[capture->length] = '\0';
	rest = capture->text;
	next_line();
	report.has_stack = is_line("stack: % out of %", numbers);
	zassert_equal(report.has_stack, IS_ENABLED(CONFIG_MICRORT_STACK_USE), "%s", line);
	if (report.has_stack) {
		report.stack_used = numbers[0];
		report.stack_size = numbers[1];
	}
	if (ARENA) {
		parse_heap(&report.heaps[report.heap_count++], verbose, true);
	}
	if (ARENA && SYSTEM_HEAP) {
		expect_line("system heap:", numbers);
	}
	if (SYSTEM_HEAP) {
		parse_heap(&report.heaps[report.heap_count++], verbose, false);
	}
	report.has_last = is_line("lock: depth: %, refused: %, last: %", numbers);
	if (!report.has_last) {
		expect_line("lock: depth: %, refused: %", numbers);
	}
	report.depth = numbers[0];
	report.refused = numbers[1];
	report.last = report.has_last ? numbers[2] : 0;
	zassert_is_null(line, "more than a report: %s", line);
}

void report_take(bool verbose)
{
	captured = (struct capture){0};
	zassert_ok(micrort_mem_info(&capturing, verbose));
	report_parse(&captured, verbose);
}

struct micrort_heap_info heap_info_now(int which)
{
	struct micrort_heap_info info;

	zassert_ok(micrort_heap_info_get(which, &info));

	return info;
}

uint32_t pseudo_random(void)
{
	static uint32_t state = 2463534242;

	state ^= state << 13;
	state ^= state >> 17;
	state ^= state << 5;

	return state;
}
