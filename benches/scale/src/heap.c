/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief Time of micrort_mem_info() and of the map, with more and more blocks on the heap.
 */

#include <micrort/micrort.h>

#include "counter.h"

#define BLOCKS 400
#define STEP   50

void scale_heap(void);

static int discard(const char *text, size_t length, void *arg)
{
	ARG_UNUSED(text);
	ARG_UNUSED(length);
	ARG_UNUSED(arg);

	return 0;
}

static uint32_t report(bool verbose)
{
	const struct micrort_printer printer = {.print = discard};
	uint32_t begin = counter_now(), end;

	(void)micrort_mem_info(&printer, verbose);
	end = counter_now();

	return counter_between(begin, end);
}

void scale_heap(void)
{
	for (int count = 0; count <= BLOCKS; count++) {
		if (count % STEP == 0) {
			printk("scale mem_info %d %u\n", count, report(false));
			printk("scale mem_info_verbose %d %u\n", count, report(true));
		}
		if (k_malloc(16) == NULL) {
			printk("error: no room for block %d\n", count);
		}
	}
}
