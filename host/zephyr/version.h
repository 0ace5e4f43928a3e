/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/* Not a version of Zephyr's: only for what compares. */
#define ZEPHYR_VERSION(_major, _minor, _patch) (((_major) << 16) + ((_minor) << 8) + (_patch))
#define KERNEL_VERSION_NUMBER                  0
