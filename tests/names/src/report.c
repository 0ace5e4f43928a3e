/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief qstr_info: the line and the list of micropython/qstr_info.py, "RAM pools only", "one line
 * per string, newest pool first".
 */

#include <string.h>

#include <zephyr/ztest.h>

#include <micrort/micrort.h>

#include "heap.h"

/* Of the first pool; each further one has twice as many as the one before. */
#define FIRST_POOL 20

static char text[8192];
static size_t text_length;
static int calls;
static int fail_at;
static int bad_pieces;

static int capture(const char *piece, size_t length, void *arg)
{
	bad_pieces += length == 0 || arg != &text || length >= sizeof(text) - text_length;
	if (++calls == fail_at) {
		return -EIO;
	}
	memcpy(&text[text_length], piece, MIN(length, sizeof(text) - 1 - text_length));
	text_length += MIN(length, sizeof(text) - 1 - text_length);
	text[text_length] = '\0';
	return 0;
}

static const struct micrort_printer printer = {.print = capture, .arg = &text};

static void before(void *fixture)
{
	ARG_UNUSED(fixture);
	fail_at = 0;
	bad_pieces = 0;
}

static void after(void *fixture)
{
	heap_after(fixture);
	zassert_equal(bad_pieces, 0);
}

ZTEST_SUITE(report, NULL, NULL, before, after, NULL);

static int report(bool verbose)
{
	calls = 0;
	text_length = 0;
	text[0] = '\0';
	return micrort_qstr_info(&printer, verbose);
}

static struct micrort_qstr_stats stats_now(void)
{
	struct micrort_qstr_stats stats;

	micrort_qstr_stats_get(&stats);
	return stats;
}

/** Intern a new string of @a length bytes. */
static void intern(int number, size_t length)
{
	char new[64];
	uint32_t strings = stats_now().strings;

	zassert_true(length < sizeof(new));
	memset(new, '.', sizeof(new));
	snprintk(new, sizeof(new), "r%03d", number);
	new[4] = '.';
	zassert_true(micrort_qstr_from_strn(new, length) > 0);
	zassert_equal(stats_now().strings, strings + 1);
}

/** Take @a wanted from the beginning of the rest of the report. */
static void expect(const char **rest, const char *wanted)
{
	size_t length = strlen(wanted);

	zassert_ok(strncmp(*rest, wanted, length), "wanted %s at %.40s", wanted, *rest);
	*rest += length;
}

static void expect_head(const char **rest)
{
	struct micrort_qstr_stats stats = stats_now();
	char line[128];

	snprintk(line, sizeof(line),
		 "qstr pool: n_pool=%u, n_qstr=%u, n_str_data_bytes=%u, n_total_bytes=%u\n",
		 stats.pools, stats.strings, (uint32_t)stats.data_bytes,
		 (uint32_t)stats.total_bytes);
	expect(rest, line);
}

static void expect_string(const char **rest, int id)
{
	const char *string = micrort_qstr_str(id);

	zassert_not_null(string, "%d", id);
	expect(rest, "Q(");
	for (int i = 0; i < micrort_qstr_len(id); i++) {
		uint8_t byte = string[i];
		char shown[5];

		snprintk(shown, sizeof(shown),
			 byte == '\\'                   ? "\\\\"
			 : byte >= ' ' && byte <= '~' ? "%c"
							: "\\x%02x",
			 byte);
		expect(rest, shown);
	}
	expect(rest, ")\n");
}

/** All strings that were interned at run time, the newest pool first. */
static void expect_list(const char **rest)
{
	struct micrort_qstr_stats stats = stats_now();
	uint32_t end = stats.strings;
	int in_image;

	STRUCT_SECTION_COUNT(micrort_qstr, &in_image);
	for (uint32_t pool = stats.pools; pool-- > 0;) {
		uint32_t base = FIRST_POOL * (BIT(pool) - 1);

		for (uint32_t number = base; number < end; number++) {
			expect_string(rest, in_image + 1 + number);
		}
		end = MIN(end, base);
	}
}

ZTEST(report, test_plain)
{
	const char *rest = text;

	intern(0, 10);
	zassert_ok(report(false));
	expect_head(&rest);
	zassert_str_equal(rest, "");
}

/** "data_bytes = sum of (len + 1); total = pool structs' heap bytes + data_bytes" */
ZTEST(report, test_numbers)
{
	struct micrort_qstr_stats first = stats_now();
	size_t used = heap_used();
	struct micrort_qstr_stats last;
	size_t bytes = 0;
	size_t grown;

	for (int i = 0; i < 50; i++) {
		intern(100 + i, 5 + i % 3);
		bytes += 5 + i % 3 + 1;
	}
	last = stats_now();
	zassert_equal(last.strings, first.strings + 50);
	zassert_equal(last.data_bytes, first.data_bytes + bytes);
	/* As many pools as are needed, and the heap says what they take. */
	zassert_true(FIRST_POOL * (BIT(last.pools) - 1) >= last.strings);
	zassert_true(FIRST_POOL * (BIT(last.pools - 1) - 1) < last.strings);
	zassert_true(last.total_bytes >=
		     last.data_bytes + last.strings * sizeof(struct micrort_qstr));
	grown = heap_used() - used;
	zassert_true(grown >= last.total_bytes - first.total_bytes);
	/* Each block has a header, and is rounded up. */
	zassert_true(grown <= last.total_bytes - first.total_bytes +
				      32 * (50 + last.pools - first.pools));
}

ZTEST(report, test_verbose)
{
	const char *rest = text;

	while (stats_now().pools < 3) {
		intern(200 + stats_now().strings, 4);
	}
	zassert_ok(report(true));
	expect_head(&rest);
	expect_list(&rest);
	zassert_str_equal(rest, "");
}

/** "RAM pools only (ROM qstrs excluded)" */
ZTEST(report, test_not_the_image)
{
	zassert_true(MICRORT_QSTR("not in the report") > 0);
	zassert_ok(report(true));
	zassert_is_null(strstr(text, "not in the report"));
}

/** "A byte that is not printable ASCII is shown as \xNN, a backslash as two." */
ZTEST(report, test_not_printable)
{
	char longest[MICRORT_QSTR_LENGTH_MAX];
	const char *rest = text;
	const char *line;

	memset(longest, '\xfe', sizeof(longest));
	zassert_true(micrort_qstr_from_strn("\0\x01\x1f ~\x7f\x80\\\"\n)", 11) > 0);
	zassert_true(micrort_qstr_from_strn(longest, sizeof(longest)) > 0);
	zassert_ok(report(true));
	expect_head(&rest);
	zassert_not_null(strstr(text, "\nQ(\\x00\\x01\\x1f ~\\x7f\\x80\\\\\"\\x0a))\n"));
	expect_list(&rest);
	line = strstr(text, "\nQ(\\xfe");
	zassert_not_null(line);
	zassert_equal(strcspn(line + 1, "\n"), strlen("Q()") + 4 * sizeof(longest));
}

/** "or what the printer returned when it ended the report" */
ZTEST(report, test_printer_that_fails)
{
	int all;

	intern(300, 10);
	zassert_ok(report(true));
	all = calls;
	zassert_true(all > 3);
	for (fail_at = 1; fail_at <= all; fail_at++) {
		zassert_equal(report(true), -EIO);
		zassert_equal(calls, fail_at, "it is not called again");
	}
	fail_at = 1;
	zassert_equal(report(false), -EIO);
	/* And all is as it was. */
	fail_at = 0;
	zassert_ok(report(true));
	zassert_equal(calls, all);
}

/** "Allocates nothing; works with the heap locked." */
ZTEST(report, test_heap_locked_while_printing)
{
	struct micrort_heap_refusals before;
	struct micrort_heap_refusals now;
	const char *rest = text;
	size_t used;

	intern(400, 10);
	used = heap_used();
	micrort_heap_refusals_get(&before);
	zassert_ok(micrort_heap_lock());
	zassert_ok(report(true));
	expect_head(&rest);
	expect_list(&rest);
	zassert_equal(micrort_heap_unlock(), 0);
	micrort_heap_refusals_get(&now);
	zassert_equal(now.count, before.count);
	zassert_equal(heap_used(), used);
}

ZTEST(report, test_printk)
{
	zassert_ok(micrort_qstr_info(NULL, false));
}

static int intern_while_printing(const char *piece, size_t length, void *arg)
{
	if (calls == 1) {
		intern(500, 10);
	}
	return capture(piece, length, arg);
}

/** No lock is held: the printer may intern. */
ZTEST(report, test_printer_that_interns)
{
	static const struct micrort_printer interning = {
		.print = intern_while_printing, .arg = &text};
	const char *rest = text;

	intern(501, 10);
	calls = 0;
	text_length = 0;
	zassert_ok(micrort_qstr_info(&interning, true));
	zassert_is_null(strstr(text, "r500"));
	zassert_ok(report(true));
	expect_head(&rest);
	expect_list(&rest);
	zassert_not_null(strstr(text, "r500"));
}
