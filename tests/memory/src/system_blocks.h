/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief Blocks of the system heap, and what the heap makes of them.
 */

#ifndef MICRORT_TESTS_SYSTEM_BLOCKS_H_
#define MICRORT_TESTS_SYSTEM_BLOCKS_H_

#include <stddef.h>
#include <stdint.h>

#include "report.h"

#define BLOCKS 48

struct block {
	/* NULL for none. */
	void *memory;
	size_t size;
};

extern struct block blocks[BLOCKS];

/** k_malloc() for blocks[index]; false if there is no room. */
bool block_alloc(int index, size_t size);

void block_free(int index);

void blocks_free_all(void);

/** Units of a block of @a size bytes, with its header and with k_malloc()'s pointer to the heap. */
size_t block_units(size_t size);

/** Bytes that k_malloc() must be asked for, for a block of so many units. */
size_t block_size_of_units(size_t units);

/** Units of the whole heap. */
size_t heap_units(void);

/** Address of its header. */
uintptr_t block_begin(const struct block *block);

/** Fail the test unless @a heap's figures, and its map if there is one, show these blocks alone. */
void blocks_compare(const struct heap_report *heap);

#endif /* MICRORT_TESTS_SYSTEM_BLOCKS_H_ */
