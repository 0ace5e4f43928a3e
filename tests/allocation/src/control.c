/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief micrort/schedule.h, kbd_intr.h, opt_level.h, const.h
 */

#include <errno.h>

#include <zephyr/ztest.h>

#include <micrort/micrort.h>

#include "calls.h"
#include "executor.h"

MICRORT_CONST(ALLOCATION_CONST, 5);

static void work(void *arg)
{
	ARG_UNUSED(arg);
}

static void task_work(struct micrort_task *task)
{
	ARG_UNUSED(task);
}

static MICRORT_TASK_DEFINE(task, task_work);

/** Until the queue is full; an exception of that is kept in the emergency buffer. */
CALL(micrort_schedule)
{
	int accepted = 0;
	int err;

	(void)micrort_critical_enter();
	while ((err = micrort_schedule(work, NULL)) == 0) {
		accepted++;
	}
	(void)micrort_critical_exit();
	zassert_equal(err, -ENOBUFS);
	zassert_equal(accepted, DEPTH);
	zassert_equal(micrort_schedule(NULL, NULL), -EINVAL);
	settle();
}

static void work2(void *arg, void *arg2)
{
	ARG_UNUSED(arg);
	ARG_UNUSED(arg2);
}

CALL(micrort_schedule2)
{
	zassert_ok(micrort_schedule2(work2, NULL, NULL));
	zassert_equal(micrort_schedule2(NULL, NULL, NULL), -EINVAL);
	settle();
}

CALL(micrort_task_schedule)
{
	(void)micrort_critical_enter();
	zassert_equal(micrort_task_schedule(&task), 0);
	zassert_equal(micrort_task_schedule(&task), MICRORT_TASK_JOINED);
	(void)micrort_critical_exit();
	settle();
}

CALL(micrort_critical_enter)
{
	zassert_ok(micrort_critical_enter());
	zassert_ok(micrort_critical_enter());
}

CALL(micrort_critical_exit)
{
	zassert_ok(micrort_critical_enter());
	zassert_ok(micrort_critical_exit());
	zassert_equal(micrort_critical_exit(), -EPERM);
}

CALL(micrort_critical_enter_no_wait)
{
	zassert_ok(micrort_critical_enter_no_wait());
	zassert_ok(micrort_critical_exit());
}

CALL(micrort_task_is_queued)
{
	zassert_false(micrort_task_is_queued(&task));
}

CALL(micrort_task_cancel)
{
	(void)micrort_critical_enter();
	zassert_equal(micrort_task_schedule(&task), 0);
	zassert_ok(micrort_task_cancel(&task));
	(void)micrort_critical_exit();
}

CALL(micrort_task_cancel_sync)
{
	(void)micrort_critical_enter();
	zassert_equal(micrort_task_schedule(&task), 0);
	zassert_equal(micrort_task_cancel_sync(&task), 1);
	(void)micrort_critical_exit();
}

CALL(micrort_task_flush)
{
	(void)micrort_critical_enter();
	zassert_equal(micrort_task_schedule(&task), 0);
	(void)micrort_critical_exit();
	zassert_true(micrort_task_flush(&task) >= 0);
}

CALL(micrort_flush)
{
	zassert_ok(micrort_schedule(work, NULL));
	zassert_ok(micrort_flush());
}

static void visit(const struct micrort_scheduled *scheduled, void *context)
{
	ARG_UNUSED(scheduled);
	ARG_UNUSED(context);
}

CALL(micrort_schedule_foreach)
{
	(void)micrort_critical_enter();
	zassert_equal(micrort_task_schedule(&task), 0);
	zassert_ok(micrort_schedule_foreach(visit, NULL));
	(void)micrort_critical_exit();
	settle();
}

CALL(micrort_function_abandon)
{
	zassert_equal(micrort_function_abandon(), -EPERM);
}

/* Only with CONFIG_MICRORT_EXECUTOR_APPLICATION: it stores a pointer. */
CALL(micrort_executor_start_on)
{
}

CALL(micrort_poll)
{
	zassert_ok(micrort_schedule(work, NULL));
	zassert_equal(micrort_poll(), EXECUTOR_IS_POLL ? 1 : 0);
}

CALL(micrort_sleep)
{
	zassert_ok(micrort_schedule(work, NULL));
	zassert_ok(micrort_sleep(K_MSEC(2)));
	zassert_ok(micrort_sleep(K_NO_WAIT));
}

CALL(micrort_schedule_stats_get)
{
	(void)stats_now();
}

CALL(micrort_kbd_intr)
{
	zassert_ok(micrort_kbd_intr(4));
	zassert_ok(micrort_kbd_intr(MICRORT_KBD_INTR_OFF));
	zassert_equal(micrort_kbd_intr(256), -EINVAL);
}

CALL(micrort_kbd_intr_get)
{
	zassert_equal(micrort_kbd_intr_get(), 3);
}

CALL(micrort_kbd_intr_feed)
{
	zassert_false(micrort_kbd_intr_feed('a'));
	zassert_ok(micrort_kbd_intr_attach());
	zassert_true(micrort_kbd_intr_feed(3));
}

CALL(micrort_kbd_intr_raise)
{
	zassert_ok(micrort_kbd_intr_attach());
	zassert_ok(micrort_kbd_intr_raise());
}

CALL(micrort_kbd_intr_attach)
{
	zassert_ok(micrort_kbd_intr_attach());
}

static struct micrort_console console = MICRORT_CONSOLE_INITIALIZER(NULL);

CALL(micrort_console_feed)
{
	zassert_false(micrort_console_feed(&console, 'a'));
	zassert_ok(micrort_console_attach(&console));
	zassert_true(micrort_console_feed(&console, 3));
}

CALL(micrort_console_raise)
{
	zassert_ok(micrort_console_attach(&console));
	zassert_ok(micrort_console_raise(&console));
}

CALL(micrort_console_attach)
{
	zassert_ok(micrort_console_attach(&console));
}

CALL(micrort_console_at_prompt)
{
	micrort_console_at_prompt(&console);
	/* It has undone the lock. */
	zassert_ok(micrort_heap_lock());
}

CALL(micrort_console_of)
{
	zassert_is_null(micrort_console_of(DEVICE_DT_GET(DT_CHOSEN(zephyr_console))));
}

CALL(micrort_console_before_command)
{
	micrort_console_before_command();
}

CALL(micrort_kbd_intr_detach)
{
	zassert_equal(micrort_kbd_intr_detach(), -EPERM);
	zassert_ok(micrort_kbd_intr_attach());
	zassert_ok(micrort_kbd_intr_detach());
}

CALL(micrort_check)
{
	zassert_ok(micrort_kbd_intr_attach());
	zassert_ok(micrort_kbd_intr_raise());
	zassert_equal(micrort_check(), -EINTR);
	zassert_equal(micrort_check(), 0);
}

CALL(micrort_check_here)
{
	zassert_ok(micrort_kbd_intr_attach());
	zassert_ok(micrort_kbd_intr_raise());
	zassert_equal(micrort_check_here(), -EINTR);
	zassert_equal(micrort_check_here(), 0);
}

CALL(micrort_pending)
{
	zassert_false(micrort_pending());
	zassert_ok(micrort_kbd_intr_attach());
	zassert_ok(micrort_kbd_intr_raise());
	zassert_true(micrort_pending());
	zassert_equal(micrort_check(), -EINTR);
}

CALL(micrort_pending_callback_set)
{
	micrort_pending_callback_set(work, NULL);
	zassert_ok(micrort_kbd_intr_attach());
	zassert_ok(micrort_kbd_intr_raise());
	zassert_equal(micrort_check(), -EINTR);
	micrort_pending_callback_set(NULL, NULL);
}

CALL(micrort_pending_signal_set)
{
	static struct k_poll_signal signal = K_POLL_SIGNAL_INITIALIZER(signal);

	micrort_pending_signal_set(&signal);
	zassert_ok(micrort_kbd_intr_attach());
	zassert_ok(micrort_kbd_intr_raise());
	zassert_equal(micrort_check(), -EINTR);
	micrort_pending_signal_set(NULL);
}

CALL(micrort_poll_max)
{
	zassert_ok(micrort_schedule(work, NULL));
	zassert_equal(micrort_poll_max(1), EXECUTOR_IS_POLL ? 1 : 0);
}

CALL(micrort_poll_functions)
{
	zassert_ok(micrort_schedule(work, NULL));
	zassert_equal(micrort_poll_functions(1), EXECUTOR_IS_POLL ? 1 : 0);
}

/** It undoes the lock under which the others run. */
CALL(micrort_reset)
{
	struct micrort_reset_report report;

	zassert_ok(micrort_reset(0, &report));
	zassert_equal(report.heap_depth, 1);
	zassert_ok(micrort_heap_lock());
}

CALL(micrort_opt_level)
{
	zassert_equal(micrort_opt_level(), 0);
}

CALL(micrort_opt_level_set)
{
	zassert_ok(micrort_opt_level_set(1));
	zassert_equal(micrort_opt_level_set(4), -EINVAL);
}

/** With the assertion that it is for. */
CALL(micrort_debug)
{
	zassert_true(micrort_debug());
	zassert_false(MICRORT_ASSERT(DEPTH == 0, "depth %d", DEPTH));
}

CALL(micrort_const_get)
{
	struct micrort_const_value value;

	zassert_ok(micrort_const_get("ALLOCATION_CONST", &value));
	zassert_equal(value.int_value, ALLOCATION_CONST);
	zassert_equal(micrort_const_get("NOT_THERE", &value), -ENOENT);
}

CALL(micrort_const_count)
{
	zassert_true(micrort_const_count() >= 1);
}

CALL(micrort_const_at)
{
	zassert_not_null(micrort_const_at(0));
	zassert_is_null(micrort_const_at(SIZE_MAX));
}
