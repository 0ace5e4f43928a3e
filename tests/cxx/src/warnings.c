/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/* For an application that is compiled with more warnings than Zephyr: headers and macros have none. */

#include <zephyr/device.h>
#include <zephyr/kernel.h>
#include <zephyr/syscall.h>

K_HEAP_DEFINE(warnings_heap, 256);

/* Behind Zephyr's headers and macros, which have some. */
#pragma GCC diagnostic error "-Wall"
#pragma GCC diagnostic error "-Wextra"
#pragma GCC diagnostic error "-Wconversion"
#pragma GCC diagnostic error "-Wsign-conversion"
#pragma GCC diagnostic error "-Wshadow"
#pragma GCC diagnostic error "-Wcast-qual"

#include <micrort/micrort.h>

MICRORT_HEAP_LOCK_REGISTER(warnings_heap);

MICRORT_CONST(WARNINGS_INT, 1);
MICRORT_CONST_BOOL(WARNINGS_BOOL, true);
MICRORT_CONST_STR(WARNINGS_STR, "none");
MICRORT_QSTR_DEFINE(warnings, "warnings");

static void run(struct micrort_task *task)
{
	MICRORT_ASSERT(task != NULL);
	if (micrort_debug() && micrort_pending()) {
		(void)micrort_raise(&micrort_exc_value_error, "%d of %s", 1, "two");
	}
}

static MICRORT_TASK_DEFINE(task, run);
static struct micrort_console console = MICRORT_CONSOLE_INITIALIZER(NULL);

#ifdef __cplusplus
extern "C" int warnings_in_cxx(const struct device *dev);
int warnings_in_cxx(const struct device *dev)
#else
int warnings_in_c(const struct device *dev);
int warnings_in_c(const struct device *dev)
#endif
{
	if (micrort_console_of(dev) == NULL && micrort_console_feed(&console, 'a')) {
		return micrort_check();
	}

	return MICRORT_QSTR("warnings") + micrort_task_schedule(&task);
}
