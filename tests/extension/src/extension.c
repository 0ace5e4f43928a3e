/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/* Linked at run time, to what the image exports. */

#include <zephyr/kernel.h>
#include <zephyr/llext/symbol.h>

#include <micrort/micrort.h>

static int ran;

static void count(void *arg)
{
	ran += *(int *)arg;
}

static void count_task(struct micrort_task *task)
{
	ARG_UNUSED(task);

	ran += 10;
}

static MICRORT_TASK_DEFINE(task, count_task);

/* What went wrong, or 0. */
static int run(void)
{
	static int one = 1;

	if (micrort_schedule(count, &one) != 0 || micrort_task_schedule(&task) != 0 ||
	    micrort_sleep(K_MSEC(10)) != 0 || ran != 11) {
		return 1;
	}
	if (micrort_heap_lock() != 0 || micrort_malloc(16) != NULL ||
	    micrort_heap_unlock() != 0) {
		return 2;
	}
	if (micrort_qstr_from_str("of an extension") <= 0 || micrort_pending()) {
		return 3;
	}
	if (micrort_raise(&micrort_exc_value_error, "%s", "raised") != 0 ||
	    micrort_exception_clear() != 1) {
		return 4;
	}

	return 0;
}

void start(int *ret)
{
	*ret = run();
}

LL_EXTENSION_SYMBOL(start);
