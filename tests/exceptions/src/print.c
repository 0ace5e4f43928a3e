/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief micrort_exception_print(): the reference's traceback, and printers that do not do.
 */

#include "console.h"
#include "exceptions.h"
#include "interrupts.h"

ZTEST_SUITE(print, NULL, NULL, exceptions_before, exceptions_after, NULL);

static void raise_at(void *arg)
{
	int line = POINTER_TO_INT(arg);

	(void)micrort_raise_at(&sensor_error, "lid.c", line, "number %d", line);
}

/* " line" as the level of the build has it; a record's own addresses are cut out. */
static void check_printed(const char *expected, int line)
{
	char text[sizeof(kept_text)];
	char *to = text;

	for (const char *from = kept_text; *from != '\0';) {
		size_t length = strchr(from, '\n') + 1 - from;

		if (strncmp(from, "    0x", 6) != 0) {
			memcpy(to, from, length);
			to += length;
		}
		from += length;
	}
	*to = '\0';
	zassert_str_equal(text, expected, "line %d:\n%s", line, kept_text);
}

#define CHECK_PRINTED(_expected) check_printed(_expected, __LINE__)

#define HEAD       "Traceback (most recent call last):\n  File \"lid.c\""
#define AT(_line)  (CONFIG_MICRORT_OPT_LEVEL >= 3 ? "" : ", line " #_line)

/** "in the traceback form of the reference"; "oldest first"; "They stay unread." */
ZTEST(print, test_form)
{
	char expected[400];
	char in_isr[32] = "interrupt of tester";

	if (IS_ENABLED(CONFIG_CPU_CORTEX_M)) {
		snprintk(in_isr, sizeof(in_isr), "interrupt %d of tester", 16 + INTERRUPT_LINE_LOW);
	}

	zassert_ok(micrort_alloc_emergency_exception_buf(120));
	raise_at(INT_TO_POINTER(8));
	interrupt_low(raise_at, INT_TO_POINTER(9));
	snprintk(expected, sizeof(expected),
		 HEAD "%s, in tester\nSensorError: number 8\n"
		      "Uncaught exception in IRQ callback handler\n" HEAD
		      "%s, in %s\nSensorError: number 9\n",
		 AT(8), AT(9), in_isr);
	for (int i = 0; i < 2; i++) {
		kept_reset();
		zassert_ok(micrort_exception_print(&keeping_printer));
		CHECK_PRINTED(expected);
		zassert_true(kept_count("    0x") >= 2);
	}
	zassert_equal(micrort_exception_clear(), 2);
	kept_reset();
	zassert_ok(micrort_exception_print(&keeping_printer));
	zassert_str_equal(kept_text, "");
}

/** "and how many were only counted"; a type alone, as the reference shows it without a buffer */
ZTEST(print, test_type_alone_and_counted)
{
	zassert_ok(micrort_heap_lock());
	for (int i = 0; i < 4; i++) {
		(void)micrort_raise(&micrort_exc_value_error, "%d", 1);
	}
	kept_reset();
	zassert_ok(micrort_exception_print(&keeping_printer));
	zassert_str_equal(kept_text, "ValueError: \nExceptions lost: 3\n");
}

/** "or NULL for printk()": the same text. */
ZTEST(print, test_null_printer)
{
	static char through_printk[sizeof(kept_text)];

	raise_at(INT_TO_POINTER(8));
	console_keep();
	zassert_ok(micrort_exception_print(NULL));
	console_restore(NULL);
	memcpy(through_printk, kept_text, sizeof(kept_text));
	kept_reset();
	zassert_ok(micrort_exception_print(&keeping_printer));
	zassert_str_equal(through_printk, kept_text);
	zassert_equal(kept_count("SensorError: number 8\n"), 1);

	console_keep();
	zassert_ok(micrort_exception_print(&(struct micrort_printer){}));
	console_restore(NULL);
	zassert_str_equal(through_printk, kept_text);
}

struct limit {
	int good;
	int calls;
	int error;
};

static int print_some(const char *text, size_t length, void *arg)
{
	struct limit *limit = arg;

	ARG_UNUSED(text);
	zassert_not_equal(length, 0);
	return limit->calls++ < limit->good ? 0 : limit->error;
}

/** Issue 3, "Bad input": "a printer that returns an error half way" */
ZTEST(print, test_printer_that_fails)
{
	int pieces = 3;

	raise_at(INT_TO_POINTER(8));
	raise_at(INT_TO_POINTER(9));
	for (int good = 0; good <= pieces; good++) {
		struct limit limit = {.good = good, .error = -EIO};
		struct micrort_printer printer = {.print = print_some, .arg = &limit};

		zassert_equal(micrort_exception_print(&printer), -EIO);
		zassert_equal(limit.calls, good + 1, "not called again");
	}
	/* Nothing is lost by that. */
	CHECK_TAKEN(&sensor_error, "number 8");
	CHECK_TAKEN(&sensor_error, "number 9");
	check_none();
}

static int print_and_take(const char *text, size_t length, void *raised)
{
	for (size_t i = 0; i < length; i++) {
		(void)keeping_printer.print(&text[i], 1, NULL);
	}
	if (kept_count("number 1\n") == 1 && !*(bool *)raised) {
		*(bool *)raised = true;
		CHECK_TAKEN(&sensor_error, "number 1");
		CHECK_TAKEN(&sensor_error, "number 2");
		raise_at(INT_TO_POINTER(4));
		interrupt_low(raise_at, INT_TO_POINTER(5));
	}
	return 0;
}

/** "No lock is held while the printer runs: it ... may take and raise exceptions meanwhile." */
ZTEST(print, test_printer_that_takes_and_raises)
{
	bool raised = false;
	struct micrort_printer printer = {.print = print_and_take, .arg = &raised};

	zassert_ok(micrort_alloc_emergency_exception_buf(200));
	raise_at(INT_TO_POINTER(1));
	interrupt_low(raise_at, INT_TO_POINTER(2));
	raise_at(INT_TO_POINTER(3));
	kept_reset();
	zassert_ok(micrort_exception_print(&printer));
	zassert_true(raised);
	zassert_equal(kept_count("SensorError: "), 2);
	zassert_equal(kept_count("number 1\n"), 1);
	zassert_equal(kept_count("number 3\n"), 1);
	CHECK_TAKEN(&sensor_error, "number 3");
	CHECK_TAKEN(&sensor_error, "number 4");
	CHECK_TAKEN(&sensor_error, "number 5");
	check_none();
}
