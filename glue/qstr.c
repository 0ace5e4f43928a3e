/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief The index of an image without strings: the one that stays without CONFIG_MICRORT_QSTR, and
 * the one of the link from which cmake/qstr_index.py makes the real one.
 */

#include <stdint.h>

#include <zephyr/toolchain.h>

/* Shared with src/port/zephyr.rs and cmake/qstr_index.py. */
extern const uint32_t micrort_qstr_index_slots;
extern const uint16_t micrort_qstr_index[];

const uint32_t __weak micrort_qstr_index_slots = 1;
const uint16_t __weak micrort_qstr_index[] = {0};
