/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief What extensions can link to. System calls are exported by Zephyr.
 */

#include <zephyr/llext/symbol.h>

#include <micrort/micrort.h>

#define FUNCTION(_function) EXPORT_SYMBOL(_function);
#include "functions.inc"

/* Read by micrort_pending(). */
EXPORT_SYMBOL(micrort_maybe_pending);

EXPORT_SYMBOL(micrort_exc_memory_error);
EXPORT_SYMBOL(micrort_exc_runtime_error);
EXPORT_SYMBOL(micrort_exc_value_error);
EXPORT_SYMBOL(micrort_exc_type_error);
EXPORT_SYMBOL(micrort_exc_os_error);
EXPORT_SYMBOL(micrort_exc_assertion_error);
EXPORT_SYMBOL(micrort_exc_overflow_error);
EXPORT_SYMBOL(micrort_exc_index_error);
