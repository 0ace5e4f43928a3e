/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief The headers that declare functions which hand out memory.
 */

#include <stdlib.h>
#include <string.h>

#include <zephyr/kernel.h>

#include <kernel_internal.h>
