/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

#include <zephyr/ztest.h>

#include <micrort/micrort.h>

#include "heap.h"

#define HEAP_ID                                                                                    \
	(IS_ENABLED(CONFIG_MICRORT_HEAP_ARENA) ? MICRORT_HEAP_ID_ARENA : MICRORT_HEAP_ID_SYSTEM)

extern struct k_heap _system_heap;

struct block {
	struct block *next;
};

static struct block *blocks;

size_t heap_used(void)
{
	struct micrort_heap_info info;

	zassert_ok(micrort_heap_info_get(HEAP_ID, &info));
	zassert_equal(info.used + info.free, info.total);
	return info.used;
}

void heap_fill(void)
{
	for (size_t size = 4096; size >= sizeof(struct block); size /= 2) {
		struct block *block;

		while ((block = micrort_malloc(size)) != NULL) {
			block->next = blocks;
			blocks = block;
		}
	}
}

void heap_give_back(void)
{
	while (blocks != NULL) {
		struct block *block = blocks;

		blocks = block->next;
		micrort_free(block);
	}
}

void heap_after(void *fixture)
{
	ARG_UNUSED(fixture);

	heap_give_back();
	while (micrort_heap_unlock() >= 0) {
	}
	zassert_true(sys_heap_validate(&_system_heap.heap));
	(void)heap_used();
}
