/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

#include <zephyr/init.h>

#include <micrort/micrort.h>

static void function(void *arg)
{
	ARG_UNUSED(arg);
}

static void task_function(struct micrort_task *task)
{
	ARG_UNUSED(task);
}

static MICRORT_TASK_DEFINE(task, task_function);

static int use(void)
{
	int ret = micrort_schedule(function, NULL);

	ret |= micrort_task_schedule(&task);
	ret |= micrort_critical_enter();
	ret |= micrort_critical_exit();
	ret |= micrort_heap_lock();
	ret |= micrort_heap_locked();
	ret |= micrort_heap_unlock();
	ret |= micrort_kbd_intr(3);
	ret |= micrort_kbd_intr_feed(3);
	ret |= micrort_check();

	return ret;
}

SYS_INIT(use, APPLICATION, 0);
