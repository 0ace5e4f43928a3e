/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/* Instructions of micrort's calls and, for the same work, of Zephyr's. */

#include "counter.h"

/** Leave QEMU: its semihosting call to exit. */
static void leave(void)
{
	__asm__ volatile("mov r0, #0x18\n\tldr r1, =0x20026\n\tbkpt 0xab" : : : "r0", "r1");
}

int main(void)
{
	/* Above the executor in what is measured as "from a thread", and preemptible. */
	k_thread_priority_set(k_current_get(), 5);
	counter_start();

	bench_schedule();
	bench_heap();
	bench_kbd_intr();
	bench_zephyr();

	printk("end\n");
	leave();

	return 0;
}
