/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief Every struct of the C API is filled on the host, too, and every macro works.
 */

#include <errno.h>
#include <string.h>

#include <zephyr/ztest.h>

#include <micrort/micrort.h>

MICRORT_CONST(NUMBER, -5);
MICRORT_CONST_BOOL(FLAG, 2 > 1);
MICRORT_CONST_STR(TEXT, "text");
MICRORT_CONST(_HIDDEN, 1);
MICRORT_QSTR_DEFINE(known, "known");

static void nothing(void *fixture)
{
	ARG_UNUSED(fixture);
}

ZTEST_SUITE(api, NULL, NULL, nothing, nothing, NULL);

ZTEST(api, test_constants)
{
	struct micrort_const_value value;

	zassert_ok(micrort_const_get("NUMBER", &value));
	zassert_equal(value.kind, MICRORT_CONST_KIND_INT);
	zassert_equal(value.int_value, -5);
	zassert_ok(micrort_const_get("FLAG", &value));
	zassert_true(value.kind == MICRORT_CONST_KIND_BOOL && value.bool_value);
	zassert_ok(micrort_const_get("TEXT", &value));
	zassert_ok(strcmp(value.str_value, "text"));
	zassert_equal(_HIDDEN, 1);
	zassert_equal(micrort_const_get("_HIDDEN", &value), -ENOENT);
	zassert_equal(micrort_const_count(), 3);
	zassert_ok(strcmp(micrort_const_at(0)->name, "FLAG"));
	zassert_true(micrort_const_at(0)->bool_value);
}

ZTEST(api, test_strings)
{
	struct micrort_qstr_stats stats;
	int id = micrort_qstr_from_str("made");

	zassert_ok(strcmp(micrort_qstr_str(MICRORT_QSTR("known")), "known"));
	zassert_true(id > 0);
	zassert_equal(micrort_qstr_len(id), 4);
	micrort_qstr_stats_get(&stats);
	zassert_true(stats.pools == 1 && stats.strings == 1 && stats.data_bytes == 5);
	zassert_true(stats.total_bytes > stats.data_bytes);
}

static int lines;

static int count_lines(const char *text, size_t length, void *arg)
{
	zassert_equal(arg, &lines);
	lines += memchr(text, '\n', length) != NULL;

	return lines > 2 ? -EIO : 0;
}

ZTEST(api, test_memory)
{
	const struct micrort_printer printer = {count_lines, &lines};
	struct micrort_heap_info info;
	struct micrort_heap_refusals refusals;
	struct micrort_stack_usage usage;
	void *block = micrort_malloc(1000);

	zassert_not_null(block);
	zassert_ok(micrort_heap_info_get(MICRORT_HEAP_ID_ARENA, &info));
	zassert_equal(info.total, info.used + info.free);
	zassert_true(info.used >= 1000);
	zassert_true(info.peak >= info.allocated && info.allocated >= 1000);
	zassert_equal(micrort_heap_info_get(MICRORT_HEAP_ID_SYSTEM, &info), -ENOTSUP);
	zassert_ok(micrort_heap_lock());
	zassert_true(micrort_malloc(77) == NULL);
	zassert_equal(micrort_heap_locked(), 1);
	micrort_heap_refusals_get(&refusals);
	zassert_equal(refusals.size, 77);
	zassert_true(refusals.count > 0 && refusals.caller != NULL && !refusals.in_isr);
	zassert_equal(refusals.thread, k_current_get());
	zassert_equal(micrort_heap_unlock(), 0);
	zassert_equal(micrort_heap_unlock(), -EPERM);
	micrort_free(block);
	zassert_equal(micrort_mem_info(&printer, true), -EIO, "the printer's error");
	zassert_true(micrort_stack_use() >= 0);
	zassert_ok(micrort_stack_usage_get(NULL, &usage));
	zassert_true(usage.size == MICRORT_STACK_UNKNOWN && usage.used < 8 * 1024 * 1024);
	zassert_equal(micrort_main_thread(), k_current_get());
}

ZTEST(api, test_exceptions)
{
	char text[16];
	struct micrort_exception exception = {.text = text, .text_size = sizeof(text)};

	zassert_ok(micrort_raise(&micrort_exc_value_error, "%s %d %lld", "a", -2, 1LL << 40));
	zassert_ok(micrort_exception_take(&exception));
	zassert_ok(strcmp(text, "a -2 1099511..."), "%s", text);
	zassert_true((exception.lost & MICRORT_EXCEPTION_LOST_TEXT) != 0);
	zassert_ok(strcmp(exception.thread, "main"));
	zassert_true(exception.address_count == 1 && exception.addresses[0] != NULL);
	zassert_true(exception.line > 100 && strstr(exception.file, "api.c") != NULL);
	zassert_equal(micrort_exception_take(&exception), -ENODATA);
	zassert_false(MICRORT_ASSERT(1 > 2, "never"));
	zassert_equal(micrort_exception_clear(), 1);
}

static int task_runs;

static void run_task(struct micrort_task *task)
{
	ARG_UNUSED(task);
	task_runs++;
}

static MICRORT_TASK_DEFINE(task, run_task);

ZTEST(api, test_schedule)
{
	struct micrort_schedule_stats stats;

	zassert_ok(micrort_critical_enter());
	zassert_ok(micrort_task_schedule(&task));
	zassert_equal(micrort_task_schedule(&task), MICRORT_TASK_JOINED);
	zassert_true(micrort_task_is_queued(&task));
	zassert_ok(micrort_task_cancel(&task));
	zassert_ok(micrort_task_schedule(&task));
	zassert_ok(micrort_critical_exit());
	zassert_ok(micrort_flush());
	zassert_equal(task_runs, 1);
	micrort_schedule_stats_get(&stats);
	zassert_equal(stats.accepted, stats.run + stats.cancelled);
	zassert_true(stats.coalesced > 0 && stats.high_water > 0);
	zassert_equal(micrort_schedule(NULL, NULL), -EINVAL);
	zassert_equal(micrort_kbd_intr(256), -EINVAL);
	zassert_equal(micrort_opt_level_set(4), -EINVAL);
}
