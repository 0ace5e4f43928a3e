/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief design.md, "kbd_intr": "A match makes a KeyboardInterrupt pending for the foreground
 * thread: the main thread, or the one that attached itself."
 *
 * The setup of a suite runs in the main thread: all that this thread must do is done there, and
 * the tests look at what it found.
 */

#include <string.h>

#include <zephyr/ztest.h>

#include <micrort/micrort.h>

#include "helpers.h"

static struct {
	bool main_thread;
	int foreground_by_default;
	int once;
	int while_another_is_attached;
	int taken_by_the_attached;
	int after_detach;
	int after_return;
	int after_abort;
	int pending_when_it_ended;
	int sleep_is_woken;
} found;

static int attached_took;
static bool attached_detaches;
static K_SEM_DEFINE(attached, 0, 1);
static K_SEM_DEFINE(go_on, 0, 1);

static void attach(void *p1, void *p2, void *p3)
{
	(void)micrort_kbd_intr_attach();
	k_sem_give(&attached);
	k_sem_take(&go_on, K_FOREVER);
	attached_took = micrort_check();
	if (attached_detaches) {
		(void)micrort_kbd_intr_detach();
	}
}

static void attach_another(bool detaches)
{
	attached_detaches = detaches;
	attached_took = 0;
	helper_start(1, 0, attach, NULL);
	k_sem_take(&attached, PATIENCE);
}

static void raise_by_timer(struct k_timer *timer)
{
	ARG_UNUSED(timer);
	(void)micrort_kbd_intr_raise();
}

static K_TIMER_DEFINE(raise_timer, raise_by_timer, NULL);

extern struct k_thread z_main_thread;

static void *in_main_thread(void)
{
	memset(&found, 0xff, sizeof(found));
	found.main_thread = k_current_get() == &z_main_thread;

	(void)micrort_check();
	(void)micrort_kbd_intr_raise();
	found.foreground_by_default = micrort_check();
	found.once = micrort_check();

	attach_another(true);
	(void)micrort_kbd_intr_raise();
	found.while_another_is_attached = micrort_check();
	k_sem_give(&go_on);
	helper_join(1);
	found.taken_by_the_attached = attached_took;
	(void)micrort_kbd_intr_raise();
	found.after_detach = micrort_check();

	attach_another(false);
	k_sem_give(&go_on);
	helper_join(1);
	(void)micrort_kbd_intr_raise();
	found.after_return = micrort_check();

	attach_another(false);
	helper_abort(1);
	(void)micrort_kbd_intr_raise();
	found.after_abort = micrort_check();

	attach_another(false);
	(void)micrort_kbd_intr_raise();
	helper_abort(1);
	found.pending_when_it_ended = micrort_check();

	k_timer_start(&raise_timer, K_MSEC(20), K_NO_WAIT);
	found.sleep_is_woken = micrort_sleep(K_SECONDS(10));
	return NULL;
}

ZTEST_SUITE(kbd_intr_main, NULL, in_main_thread, NULL, NULL, NULL);

ZTEST(kbd_intr_main, test_main_thread_is_foreground_by_default)
{
	zassert_true(found.main_thread, "the setup of a suite is expected in the main thread");
	zassert_equal(found.foreground_by_default, -EINTR);
	zassert_equal(found.once, 0);
	zassert_equal(found.sleep_is_woken, -EINTR);
	/* This thread is not. */
	zassert_ok(micrort_kbd_intr_raise());
	zassert_ok(micrort_check());
	zassert_ok(micrort_kbd_intr(MICRORT_KBD_INTR_OFF));
	zassert_ok(micrort_kbd_intr(CONFIG_MICRORT_KBD_INTR_CHAR));
}

ZTEST(kbd_intr_main, test_attached_thread_is_foreground)
{
	zassert_equal(found.while_another_is_attached, 0);
	zassert_equal(found.taken_by_the_attached, -EINTR);
}

ZTEST(kbd_intr_main, test_main_thread_is_foreground_after_a_detach)
{
	zassert_equal(found.after_detach, -EINTR);
}

ZTEST(kbd_intr_main, test_end_of_the_attached_thread_detaches_it)
{
	zassert_equal(found.after_return, -EINTR);
	zassert_equal(found.after_abort, -EINTR);
}

ZTEST(kbd_intr_main, test_pending_one_outlives_the_attached_thread)
{
	zassert_equal(found.pending_when_it_ended, -EINTR);
}
