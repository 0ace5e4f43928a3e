/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief What every executor has.
 */

#include "executor.h"

size_t micrort_port_poll_pass(size_t most)
{
	return IS_ENABLED(CONFIG_MICRORT_EXECUTOR_POLL) ? micrort_executor_pass_of(most) : 0;
}
