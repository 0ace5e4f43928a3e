/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief "completion of arguments": what the tab key makes of a line.
 */

#include <string.h>

#include <zephyr/ztest.h>

#include <micrort/micrort.h>

#include "session.h"
#include "terminal.h"

#define PROMPT "uart:~$ "

#ifdef CONFIG_MICRORT_CONST
MICRORT_CONST(TAB_FIRST, 11);
MICRORT_CONST(TAB_SECOND, 12);
#endif

static void before(void *fixture)
{
	session_before(fixture);
	terminal_begin();
}

ZTEST_SUITE(completion, NULL, NULL, before, session_after, NULL);

/** Words that tab offers, in columns; the line comes again after them. */
static void expect_offer(const char *line, const char *words)
{
	const char *offer = strchr(type(line), '\n');
	const char *word;

	zassert_not_null(offer, "nothing is offered");
	for (word = words; *word != '\0'; word += strlen(word) + 1) {
		size_t length = strlen(word);

		offer += strspn(offer, " \n");
		zassert_mem_equal(offer, word, length, "not \"%s\" but:\n%s", word, offer);
		offer += length;
	}
	offer += strspn(offer, " \n");
	zassert_mem_equal(offer, PROMPT, strlen(PROMPT), "more is offered:\n%s", offer);
	(void)type("\x03");
}

/** @a line with its tabs is @a completed. */
static void expect_completed(const char *line, const char *completed)
{
	const char *screen = type(line);

	zassert_ok(strcmp(screen, completed), "\"%s\"", screen);
	(void)type("\x03");
}

ZTEST(completion, test_subcommands)
{
	expect_completed("micrort kbd\t", "micrort kbd_intr ");
	expect_completed("micrort sch\tst\t", "micrort schedule stats ");
}

ZTEST(completion, test_interrupt_characters)
{
	expect_offer("micrort kbd_intr \t", "-1\0003\0");
	expect_completed("micrort kbd_intr -\t", "micrort kbd_intr -1 ");
}

ZTEST(completion, test_levels)
{
	expect_offer("micrort opt_level \t", "0\0001\0002\0003\0");
}

#ifdef CONFIG_MICRORT_MEM_INFO
ZTEST(completion, test_verbose_of_completion)
{
	expect_completed("micrort mem_info \t", "micrort mem_info -v ");
	expect_completed("micrort qstr_info -\t", "micrort qstr_info -v ");
}
#endif

#ifdef CONFIG_MICRORT_CONST
ZTEST(completion, test_names_of_constants)
{
	expect_offer("micrort const TAB_\t", "TAB_FIRST\0TAB_SECOND\0");
	expect_completed("micrort const TAB_F\t", "micrort const TAB_FIRST ");
	expect_completed("micrort const TAB_X\t", "micrort const TAB_X");
}

ZTEST(completion, test_completed_line_runs)
{
	const char *screen = type("micrort const TAB_S\t\r");

	expect_lines(screen, (const char *const[]){"micrort const TAB_SECOND ", "TAB_SECOND = 12",
						  PROMPT, NULL}, __LINE__);
}
#endif

/** After an error the prompt is there again. */
ZTEST(completion, test_prompt_after_an_error)
{
	expect_lines(type("micrort kbd_intr 256\r"),
		     (const char *const[]){"micrort kbd_intr 256",
					   "256: not a number from -1 to 255", PROMPT, NULL},
		     __LINE__);
	zassert_equal(micrort_kbd_intr_get(), 3);
}
