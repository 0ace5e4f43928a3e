/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

#include <string.h>

#include <zephyr/logging/log_backend.h>
#include <zephyr/logging/log_ctrl.h>
#include <zephyr/logging/log_msg.h>
#include <zephyr/sys/atomic.h>

#include "warnings.h"

static atomic_t warnings;

static void process(const struct log_backend *const backend, union log_msg_generic *msg)
{
	int16_t source;

	ARG_UNUSED(backend);

	source = log_msg_get_source_id(&msg->log);
	if (log_msg_get_level(&msg->log) == LOG_LEVEL_WRN && source >= 0 &&
	    strncmp(log_source_name_get(0, source), "micrort", strlen("micrort")) == 0) {
		atomic_inc(&warnings);
	}
}

static void panic(const struct log_backend *const backend)
{
	ARG_UNUSED(backend);
}

static const struct log_backend_api api = {
	.process = process,
	.panic = panic,
};

LOG_BACKEND_DEFINE(counting_backend, api, true);

uint32_t warnings_logged(void)
{
	return (uint32_t)atomic_get(&warnings);
}
