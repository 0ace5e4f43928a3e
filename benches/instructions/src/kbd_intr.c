/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

#include <micrort/micrort.h>

#include "counter.h"

void bench_kbd_intr(void)
{
	MEASURE("kbd_feed_plain", , (void)micrort_kbd_intr_feed('x'), );
	MEASURE("kbd_feed_match", , (void)micrort_kbd_intr_feed(3), (void)micrort_check());
}
