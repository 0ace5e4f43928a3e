/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

#include <ctype.h>
#include <string.h>

#include <zephyr/kernel.h>
#include <zephyr/shell/shell.h>
#include <zephyr/shell/shell_dummy.h>
#include <zephyr/sys/sys_heap.h>
#include <zephyr/ztest.h>

#include <micrort/micrort.h>

#include "helpers.h"
#include "prompt.h"
#include "session.h"

extern struct k_heap _system_heap;

static char printed[CONFIG_SHELL_BACKEND_DUMMY_BUF_SIZE];

static int is_hexadecimal(int c)
{
	return isxdigit(c) || c == 'x';
}

static int is_printable(int c)
{
	return isprint(c);
}

bool matches(const char *line, const char *pattern)
{
	int (*belongs)(int c);

	if (*pattern == '\0') {
		return *line == '\0';
	}
	if (pattern[0] != '%') {
		return *line == *pattern && matches(line + 1, pattern + 1);
	}
	belongs = pattern[1] == 'u' ? isdigit : pattern[1] == 'x' ? is_hexadecimal : is_printable;
	while (belongs((unsigned char)*line)) {
		line++;
		if (matches(line, pattern + 2)) {
			return true;
		}
	}

	return false;
}

/** The next line of @a text, which is changed. */
static char *next_line(char **text)
{
	char *line = *text;
	char *end = strchr(line, '\n');

	if (*line == '\0') {
		return NULL;
	}
	*text = end == NULL ? line + strlen(line) : end + 1;
	if (end != NULL) {
		*end = '\0';
	}

	return line;
}

void expect_lines(const char *text, const char *const *patterns, int source_line)
{
	static char rest_of[sizeof(printed)];
	char *rest = rest_of;

	strncpy(rest_of, text, sizeof(rest_of) - 1);
	for (; *patterns != NULL; patterns++) {
		bool skip = strcmp(*patterns, ANYTHING) == 0;
		const char *wanted = *patterns;
		const char *line;

		if (skip && patterns[1] == NULL) {
			return;
		}
		wanted = skip ? *++patterns : wanted;
		do {
			line = next_line(&rest);
		} while (skip && line != NULL && !matches(line, wanted));
		zassert_true(line != NULL && matches(line, wanted),
			     "line %d: \"%s\" does not come in:\n%s", source_line, wanted, text);
	}
	zassert_equal(*rest, '\0', "line %d: there is more in:\n%s", source_line, text);
}

int call(const char *command, const char **output)
{
	size_t size;
	size_t length = 0;
	const char *raw;
	int ret;

	shell_backend_dummy_clear_output(shell_backend_dummy_get_ptr());
	ret = shell_execute_cmd(shell_backend_dummy_get_ptr(), command);
	raw = shell_backend_dummy_get_output(shell_backend_dummy_get_ptr(), &size);
	zassert_true(size < sizeof(printed) - 1, "the output is cut");
	for (size_t i = 0; i < size; i++) {
		if (raw[i] != '\r') {
			printed[length++] = raw[i];
		}
	}
	printed[length] = '\0';
	/* The end of the line that nobody has typed. */
	*output = printed[0] == '\n' ? printed + 1 : printed;

	return ret;
}

void expect_answer(const char *command, int ret, const char *const *patterns, int source_line)
{
	const char *output;
	int returned = call(command, &output);

	expect_lines(output, patterns, source_line);
	zassert_equal(returned, ret, "line %d: %s: %d", source_line, command, returned);
}

void session_before(void *fixture)
{
	ARG_UNUSED(fixture);

	prompt_wait();
	zassert_ok(micrort_kbd_intr(3));
	zassert_ok(micrort_opt_level_set(CONFIG_MICRORT_OPT_LEVEL));
#ifdef CONFIG_MICRORT_EXCEPTION
	zassert_true(micrort_exception_clear() >= 0);
	zassert_ok(micrort_alloc_emergency_exception_buf(0));
#endif
}

void session_after(void *fixture)
{
	helpers_after(fixture);
	(void)micrort_kbd_intr_detach();
	while (micrort_heap_unlock() >= 0) {
	}
	zassert_true(sys_heap_validate(&_system_heap.heap));
}
