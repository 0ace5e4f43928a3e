/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

#include <micrort/micrort.h>

#include "counter.h"

void scale_queue(void);
void scale_heap(void);

/* Leave QEMU: its semihosting call to exit. */
static void leave(void)
{
	__asm__ volatile("mov r0, #0x18\n\tldr r1, =0x20026\n\tbkpt 0xab" : : : "r0", "r1");
}

int main(void)
{
	k_thread_priority_set(k_current_get(), 5);
	k_thread_priority_set(micrort_executor_thread(), 10);
	counter_start();

	scale_queue();
	scale_heap();

	printk("end\n");
	leave();

	return 0;
}
