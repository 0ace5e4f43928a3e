/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

#include <string.h>

#include <zephyr/ztest.h>

#include "console.h"

char kept_text[1024];
static size_t kept_length;

/* Zephyr 3.7 has no header for them. */
extern void *__printk_get_hook(void);
extern void __printk_hook_install(int (*fn)(int c));

static int (*real_console)(int c);

static int keep(int c)
{
	if (kept_length < sizeof(kept_text) - 1) {
		kept_text[kept_length++] = (char)c;
	}
	return c;
}

static int keep_piece(const char *text, size_t length, void *arg)
{
	ARG_UNUSED(arg);
	zassert_not_equal(length, 0);
	for (size_t i = 0; i < length; i++) {
		(void)keep(text[i]);
	}
	return 0;
}

const struct micrort_printer keeping_printer = {.print = keep_piece};

void kept_reset(void)
{
	memset(kept_text, 0, sizeof(kept_text));
	kept_length = 0;
}

void console_keep(void)
{
	kept_reset();
	real_console = __printk_get_hook();
	__printk_hook_install(keep);
}

void console_restore(void *fixture)
{
	ARG_UNUSED(fixture);
	if (real_console != NULL) {
		__printk_hook_install(real_console);
		real_console = NULL;
	}
}

int kept_count(const char *part)
{
	int count = 0;

	for (const char *at = kept_text; (at = strstr(at, part)) != NULL; at += strlen(part)) {
		count++;
	}
	return count;
}
