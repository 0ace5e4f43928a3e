/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

#include <zephyr/init.h>
#include <zephyr/kernel.h>

static K_THREAD_STACK_DEFINE(stack, 2048);
static struct k_work_q queue;

static void handler(struct k_work *work)
{
	ARG_UNUSED(work);
}

static K_WORK_DEFINE(work, handler);

static int use(void)
{
	static const struct k_work_queue_config config = {.name = "queue"};

	k_work_queue_init(&queue);
	k_work_queue_start(&queue, stack, K_THREAD_STACK_SIZEOF(stack), -1, &config);

	return k_work_submit_to_queue(&queue, &work);
}

SYS_INIT(use, APPLICATION, 0);
