/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief Reports of mem_info, caught and taken to pieces.
 */

#ifndef MICRORT_TESTS_REPORT_H_
#define MICRORT_TESTS_REPORT_H_

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <zephyr/kernel.h>

#include <micrort/micrort.h>

#define ARENA       IS_ENABLED(CONFIG_MICRORT_HEAP_ARENA)
#define SYSTEM_HEAP (CONFIG_HEAP_MEM_POOL_SIZE > 0)
#define STATS       IS_ENABLED(CONFIG_SYS_HEAP_RUNTIME_STATS)

/** Bytes that the heaps were given. */
#define SYSTEM_HEAP_SIZE CONFIG_HEAP_MEM_POOL_SIZE
#define ARENA_SIZE       COND_CODE_1(CONFIG_MICRORT_HEAP_ARENA, (CONFIG_MICRORT_HEAP_ARENA_SIZE), (0))

/** Cells in a row of a map. */
#define ROW 64

/** A report, as a printer got it. */
struct capture {
	char text[2048];
	size_t length;
	size_t pieces;
	/** Whether a piece was empty, or ended elsewhere than at the end of a line. */
	bool bad_piece;
};

/** For struct micrort_printer; its argument is a struct capture. */
int capture_piece(const char *text, size_t length, void *capture);

/** One for a test that needs no other, and its printer. */
extern struct capture captured;
extern const struct micrort_printer capturing;

struct heap_report {
	unsigned long total, used, free;
	unsigned long one_blocks, two_blocks, max_block, max_free;
	uintptr_t base;
	/** The map, a character for each unit, with collapsed rows spelt out. */
	char cells[544];
	size_t cell_count;
	/** Lines that stand for several rows, and the rows. */
	size_t collapsed_lines, collapsed_rows;
	bool changed;
	bool has_stats;
	unsigned long peak, allocated;
};

struct report {
	bool has_stack;
	unsigned long stack_used, stack_size;
	size_t heap_count;
	/** The arena comes first, where there is one. */
	struct heap_report heaps[2];
	unsigned long depth, refused;
	bool has_last;
	unsigned long last;
};

/** Whether @a line is @a pattern, in which % stands for a decimal and # for a hex number. */
bool line_matches(const char *line, const char *pattern, unsigned long *numbers);

/** The report that was parsed last. */
extern struct report report;

/** Take a report to pieces, and fail the test unless each line is as mem_info.h says. */
void report_parse(struct capture *capture, bool verbose);

/** Ask for a report, and take it to pieces. */
void report_take(bool verbose);

/** Of the last report: the system heap's part, the arena's. */
#define SYSTEM_HEAP_REPORT (&report.heaps[ARENA ? 1 : 0])
#define ARENA_REPORT       (&report.heaps[0])

/** micrort_heap_info_get(), which must not fail. */
struct micrort_heap_info heap_info_now(int which);

/** Numbers that are the same in each run. */
uint32_t pseudo_random(void);

#endif /* MICRORT_TESTS_REPORT_H_ */
