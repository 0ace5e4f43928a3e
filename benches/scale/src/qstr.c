/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief Lookups among more and more strings; callgrind counts in the functions lookups_among_N().
 */

#include <stdio.h>
#include <stdlib.h>

#include <micrort/micrort.h>

#include <nsi_main.h>

#define LOOKUPS 1000

static void intern(int from, int to)
{
	char text[16];

	for (int i = from; i < to; i++) {
		if (micrort_qstr_from_strn(text, snprintf(text, sizeof(text), "name_%05d", i)) < 0) {
			printf("error: string %d\n", i);
		}
	}
}

/* The text is made before, so that what is counted is the lookups alone. */
static char texts[LOOKUPS][16];

static ALWAYS_INLINE void lookups(void)
{
	for (int i = 0; i < LOOKUPS; i++) {
		if (micrort_qstr_find_strn(texts[i], 10) < 0) {
			printf("error: %s is missing\n", texts[i]);
		}
	}
}

#define AMONG(_count)                                                                              \
	__attribute__((noinline)) void lookups_among_##_count(void)                                \
	{                                                                                          \
		/* Functions that are alike may become one. */                                     \
		__asm__ volatile("" : : "i"(_count));                                              \
		lookups();                                                                         \
	}

AMONG(10)
AMONG(100)
AMONG(1000)
AMONG(10000)

static void look_up_among(int count, void (*lookups_among)(void))
{
	static int interned;

	intern(interned, count);
	interned = count;
	for (int i = 0; i < LOOKUPS; i++) {
		(void)snprintf(texts[i], sizeof(texts[i]), "name_%05d", i * 7919 % count);
	}
	lookups_among();
}

int main(void)
{
	look_up_among(10, lookups_among_10);
	look_up_among(100, lookups_among_100);
	look_up_among(1000, lookups_among_1000);
	look_up_among(10000, lookups_among_10000);
	nsi_exit(0);

	return 0;
}
