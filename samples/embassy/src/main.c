/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

#include <zephyr/kernel.h>
#include <zephyr/sys/printk.h>

/* Of src/lib.rs. */
uint32_t app_start(void);
void app_button_interrupt(void);

void app_print(const char *text, uint32_t number)
{
	printk("%s %u\n", text, number);
}

/* The button: the interrupt of a timer. */
static void press(struct k_timer *timer)
{
	ARG_UNUSED(timer);

	app_button_interrupt();
}

static K_TIMER_DEFINE(button, press, NULL);

int main(void)
{
	uint32_t period = app_start();

	k_timer_start(&button, K_MSEC(period), K_MSEC(period));

	return 0;
}
