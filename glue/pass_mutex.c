/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief The mutex of a pass, where threads run functions.
 */

#include "executor.h"

K_MUTEX_DEFINE(micrort_pass_mutex);

int micrort_port_pass_try_lock(void)
{
	return k_mutex_lock(&micrort_pass_mutex, K_NO_WAIT);
}

void micrort_port_pass_unlock(void)
{
	(void)k_mutex_unlock(&micrort_pass_mutex);
}

void micrort_port_pass_wait(void)
{
	(void)k_mutex_lock(&micrort_pass_mutex, K_FOREVER);
	(void)k_mutex_unlock(&micrort_pass_mutex);
}
