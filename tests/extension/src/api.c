/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/* The headers whose functions extensions can call. */
#include <micrort/micrort.h>
