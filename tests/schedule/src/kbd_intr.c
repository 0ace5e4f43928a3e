/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief design.md, "kbd_intr": the rules of the pending interrupt, by micrort_kbd_intr_raise()
 * and micrort_kbd_intr_feed(). The foreground thread is the test's thread, which attaches itself.
 */

#include <limits.h>
#include <string.h>

#include <zephyr/init.h>
#include <zephyr/ztest.h>

#include "executor.h"
#include "helpers.h"
#include "interrupts.h"

#define CTRL_C 3

static void before(void *fixture)
{
	ARG_UNUSED(fixture);
	trace_reset();
	zassert_ok(micrort_kbd_intr_attach());
	(void)micrort_check();
	zassert_ok(micrort_kbd_intr(CTRL_C));
}

/* Alone, so that a test that fails leaves the others what they expect. */
static void after(void *fixture)
{
	helpers_after(fixture);
	(void)micrort_kbd_intr(MICRORT_KBD_INTR_OFF);
	(void)micrort_kbd_intr(CTRL_C);
}

ZTEST_SUITE(kbd_intr, NULL, NULL, before, after, NULL);

/** "0..255 selects the character, -1 switches capture off"; micropython/kbd_intr.py */
ZTEST(kbd_intr, test_select_the_character)
{
	static const int valid[] = {0, 1, 3, 127, 128, 255, MICRORT_KBD_INTR_OFF, 3};

	ARRAY_FOR_EACH(valid, i) {
		zassert_ok(micrort_kbd_intr(valid[i]));
		zassert_equal(micrort_kbd_intr_get(), valid[i]);
		for (int byte = 0; byte <= UINT8_MAX; byte++) {
			zassert_equal(micrort_kbd_intr_feed(byte), byte == valid[i],
				      "character %d, byte %d", valid[i], byte);
		}
		zassert_equal(micrort_check(), valid[i] < 0 ? 0 : -EINTR);
		zassert_equal(micrort_check(), 0);
	}
}

/** "anything else is -EINVAL and changes nothing" */
ZTEST(kbd_intr, test_character_out_of_range)
{
	static const int invalid[] = {-2, 256, 259, INT_MIN, INT_MAX, 0x10003};

	zassert_ok(micrort_kbd_intr_raise());
	ARRAY_FOR_EACH(invalid, i) {
		zassert_equal(micrort_kbd_intr(invalid[i]), -EINVAL);
		zassert_equal(micrort_kbd_intr_get(), CTRL_C);
	}
	zassert_equal(micrort_check(), -EINTR, "what was pending is pending");
	zassert_true(micrort_kbd_intr_feed(CTRL_C));
	zassert_equal(micrort_check(), -EINTR);
	zassert_ok(micrort_kbd_intr(MICRORT_KBD_INTR_OFF));
	ARRAY_FOR_EACH(invalid, i) {
		zassert_equal(micrort_kbd_intr(invalid[i]), -EINVAL);
		zassert_equal(micrort_kbd_intr_get(), MICRORT_KBD_INTR_OFF);
	}
}

/** "Default by Kconfig, 3 (Ctrl-C)". The suite sets it again, so the boot value is kept here. */
static int chr_at_boot;

static int read_chr_at_boot(void)
{
	chr_at_boot = micrort_kbd_intr_get();
	return 0;
}

SYS_INIT(read_chr_at_boot, PRE_KERNEL_1, 0);

ZTEST(kbd_intr, test_character_at_boot)
{
	BUILD_ASSERT(CONFIG_MICRORT_KBD_INTR_CHAR == CTRL_C);
	zassert_equal(chr_at_boot, CTRL_C);
}

/** "Several matches before it is taken are one"; micropython/schedule_kbd_intr.py, ten at once */
ZTEST(kbd_intr, test_ten_are_one)
{
	for (int i = 0; i < 10; i++) {
		zassert_ok(micrort_kbd_intr_raise());
	}
	zassert_equal(micrort_poll(), -EINTR);
	zassert_equal(micrort_poll(), 0);
	for (int i = 0; i < 10; i++) {
		zassert_true(micrort_kbd_intr_feed(CTRL_C));
	}
	zassert_equal(micrort_sleep(K_MSEC(1)), -EINTR);
	zassert_equal(micrort_sleep(K_MSEC(1)), 0);
}

/** "`micrort_poll()`, `micrort_sleep()` and `micrort_check()` [...] return -EINTR once." */
ZTEST(kbd_intr, test_taken_once)
{
	zassert_ok(micrort_kbd_intr_raise());
	zassert_equal(micrort_check(), -EINTR);
	zassert_equal(micrort_check(), 0);
	zassert_equal(micrort_poll(), 0);
	zassert_equal(micrort_sleep(K_NO_WAIT), 0);

	zassert_ok(micrort_kbd_intr_raise());
	zassert_equal(micrort_poll(), -EINTR);
	zassert_equal(micrort_check(), 0);

	zassert_ok(micrort_kbd_intr_raise());
	zassert_equal(micrort_sleep(K_NO_WAIT), -EINTR);
	zassert_equal(micrort_check(), 0);

	zassert_ok(micrort_kbd_intr_raise());
	zassert_equal(micrort_sleep(K_FOREVER), -EINTR);
	zassert_equal(micrort_check(), 0);
}

/** "Switching off clears an interrupt that is still pending." */
ZTEST(kbd_intr, test_switching_off_clears_a_pending_one)
{
	zassert_ok(micrort_kbd_intr_raise());
	/* Another character is not off. */
	zassert_ok(micrort_kbd_intr('q'));
	zassert_equal(micrort_check(), -EINTR);
	zassert_ok(micrort_kbd_intr_raise());
	zassert_ok(micrort_kbd_intr(MICRORT_KBD_INTR_OFF));
	zassert_ok(micrort_check());
	zassert_ok(micrort_kbd_intr(CTRL_C));
	zassert_ok(micrort_check());
}

/** "does by program, from any context, what the character does", with capture off, too */
ZTEST(kbd_intr, test_raise_with_capture_off)
{
	zassert_ok(micrort_kbd_intr(MICRORT_KBD_INTR_OFF));
	zassert_false(micrort_kbd_intr_feed(CTRL_C));
	zassert_ok(micrort_check());
	zassert_ok(micrort_kbd_intr_raise());
	zassert_equal(micrort_check(), -EINTR);
}

static int raise_result;

static void raise_in_interrupt(void *arg)
{
	ARG_UNUSED(arg);
	raise_result = micrort_kbd_intr_raise();
}

static void feed_in_interrupt(void *arg)
{
	ARG_UNUSED(arg);
	raise_result = micrort_kbd_intr_feed(CTRL_C);
}

static int in_interrupt[3];

static void others_in_interrupt(void *arg)
{
	ARG_UNUSED(arg);
	in_interrupt[0] = micrort_check();
	in_interrupt[1] = micrort_kbd_intr_attach();
}

/** From an interrupt; it is not taken there, and nobody can attach there. */
ZTEST(kbd_intr, test_interrupts)
{
	interrupt_low(raise_in_interrupt, NULL);
	zassert_ok(raise_result);
	interrupt_low(others_in_interrupt, NULL);
	zassert_equal(in_interrupt[0], 0);
	zassert_equal(in_interrupt[1], -EWOULDBLOCK);
	zassert_equal(micrort_check(), -EINTR);
	interrupt_low(feed_in_interrupt, NULL);
	zassert_equal(raise_result, true);
	zassert_equal(micrort_check(), -EINTR);
}

static void raise_by_timer(struct k_timer *timer)
{
	ARG_UNUSED(timer);
	(void)micrort_kbd_intr_raise();
}

static K_TIMER_DEFINE(raise_timer, raise_by_timer, NULL);

/** "It wakes `micrort_sleep()`"; cmdline/repl_ctrl_c_interrupt_execution.py */
ZTEST(kbd_intr, test_sleep_is_woken)
{
	int64_t start = k_uptime_get();

	k_timer_start(&raise_timer, K_MSEC(20), K_NO_WAIT);
	zassert_equal(micrort_sleep(K_SECONDS(10)), -EINTR);
	zassert_between_inclusive(k_uptime_get() - start, 20, 60);

	start = k_uptime_get();
	k_timer_start(&raise_timer, K_MSEC(20), K_NO_WAIT);
	zassert_equal(micrort_sleep(K_FOREVER), -EINTR);
	zassert_between_inclusive(k_uptime_get() - start, 20, 60);

	/* A k_sleep() is not woken, and nothing is lost. */
	start = k_uptime_get();
	k_timer_start(&raise_timer, K_MSEC(20), K_NO_WAIT);
	k_msleep(100);
	zassert_true(k_uptime_get() - start >= 100);
	zassert_equal(micrort_sleep(K_SECONDS(10)), -EINTR);
	zassert_equal(micrort_sleep(K_MSEC(1)), 0);
}

static int inside[6];

static void raise_and_look(void *arg)
{
	ARG_UNUSED(arg);

	inside[0] = micrort_kbd_intr_raise();
	inside[1] = micrort_check();
	inside[2] = micrort_poll();
	inside[3] = micrort_sleep(K_NO_WAIT);
	inside[4] = micrort_sleep(K_MSEC(5));
	inside[5] = micrort_check();
	trace_add(1);
}

/**
 * "It is never taken inside a scheduled function and never lost there: it waits for the foreground
 * thread."; micropython/schedule_kbd_intr.py
 */
ZTEST(kbd_intr, test_never_taken_inside_a_function_and_never_lost)
{
	int result;

	memset(inside, 0xff, sizeof(inside));
	zassert_ok(micrort_schedule(raise_and_look, NULL));
	if (EXECUTOR_IS_POLL) {
		/* It became pending during the pass; the function did run. */
		result = micrort_poll();
		zassert_true(result == 1 || result == -EINTR);
		result = result == 1 ? micrort_check() : result;
	} else {
		result = 0;
		k_msleep(50);
		result = micrort_check();
	}
	zassert_equal(result, -EINTR);
	TRACE_EXPECT(1);
	for (int i = 0; i < 6; i++) {
		bool refused = EXECUTOR_IS_INTERRUPT && IN_RANGE(i, 2, 4);

		zassert_equal(inside[i], refused ? -EWOULDBLOCK : 0, "call %d gave %d", i, inside[i]);
	}
	zassert_equal(micrort_check(), 0);
}

static void look(void *arg)
{
	ARG_UNUSED(arg);
	inside[0] = micrort_check();
	inside[1] = micrort_sleep(K_MSEC(1));
	trace_add(2);
}

/** The same, raised before the function runs, and by the foreground thread itself attached */
ZTEST(kbd_intr, test_pending_before_a_function_runs)
{
	memset(inside, 0xff, sizeof(inside));
	zassert_ok(micrort_critical_enter());
	zassert_ok(micrort_schedule(look, NULL));
	zassert_ok(micrort_kbd_intr_raise());
	zassert_ok(micrort_critical_exit());
	if (EXECUTOR_IS_POLL) {
		/* "It comes before functions that are still queued." */
		zassert_equal(micrort_poll(), -EINTR);
		TRACE_EXPECT_NOTHING();
		zassert_equal(micrort_poll(), 1);
	} else {
		k_msleep(20);
		zassert_equal(micrort_check(), -EINTR);
	}
	TRACE_EXPECT(2);
	zassert_equal(inside[0], 0);
	zassert_equal(inside[1], EXECUTOR_IS_INTERRUPT ? -EWOULDBLOCK : 0);
	zassert_equal(micrort_check(), 0);
}

#if defined(CONFIG_MICRORT_EXECUTOR_POLL)
/** "It comes before functions that are still queued", for each way to take it */
ZTEST(kbd_intr, test_comes_before_queued_functions)
{
	for (int way = 0; way < 3; way++) {
		trace_reset();
		queue_number(4);
		queue_number(5);
		zassert_ok(micrort_kbd_intr_raise());
		switch (way) {
		case 0:
			zassert_equal(micrort_poll(), -EINTR);
			break;
		case 1:
			zassert_equal(micrort_sleep(K_NO_WAIT), -EINTR);
			break;
		default:
			zassert_equal(micrort_sleep(K_SECONDS(10)), -EINTR);
			break;
		}
		TRACE_EXPECT_NOTHING();
		zassert_equal(micrort_poll(), 2);
		TRACE_EXPECT(4, 5);
	}
}
#endif

static int other_results[5];

static void other_thread(void *p1, void *p2, void *p3)
{
	other_results[0] = micrort_check();
	other_results[1] = micrort_poll();
	other_results[2] = micrort_sleep(K_MSEC(2));
	other_results[3] = micrort_kbd_intr_detach();
}

/** It is the foreground thread's: no other thread takes it, or detaches it. */
ZTEST(kbd_intr, test_only_the_foreground_thread_takes_it)
{
	zassert_ok(micrort_kbd_intr_raise());
	memset(other_results, 0xff, sizeof(other_results));
	helper_start(1, 0, other_thread, NULL);
	helper_join(1);
	zassert_equal(other_results[0], 0);
	zassert_equal(other_results[1], 0);
	zassert_equal(other_results[2], 0);
	zassert_equal(other_results[3], -EPERM);
	zassert_equal(micrort_check(), -EINTR);
}

static K_SEM_DEFINE(attached, 0, 1);
static K_SEM_DEFINE(raised, 0, 1);

static void attach_thread(void *p1, void *p2, void *p3)
{
	other_results[0] = micrort_kbd_intr_attach();
	k_sem_give(&attached);
	other_results[1] = micrort_sleep(K_SECONDS(10));
	k_sem_give(&raised);
	k_sleep(K_FOREVER);
}

/** "The last call wins": another thread becomes the foreground thread. */
ZTEST(kbd_intr, test_last_to_attach_wins)
{
	k_sem_reset(&attached);
	helper_start(1, 0, attach_thread, NULL);
	zassert_ok(k_sem_take(&attached, PATIENCE));
	zassert_ok(other_results[0]);
	zassert_equal(micrort_kbd_intr_detach(), -EPERM);
	let_others_run();
	zassert_ok(micrort_kbd_intr_raise());
	zassert_ok(micrort_check());
	zassert_ok(k_sem_take(&raised, PATIENCE));
	zassert_equal(other_results[1], -EINTR);
	zassert_ok(micrort_check());

	/* It ends: another may attach, and it is not foreground any more. */
	zassert_ok(micrort_kbd_intr_attach());
	zassert_ok(micrort_kbd_intr_raise());
	zassert_equal(micrort_check(), -EINTR);
	helper_abort(1);
	zassert_ok(micrort_kbd_intr_raise());
	zassert_equal(micrort_check(), -EINTR, "the end of another thread detaches nobody");
}

/** An interrupt that is pending at a detach "stays pending, for the next foreground thread" */
ZTEST(kbd_intr, test_detach_keeps_a_pending_one)
{
	zassert_ok(micrort_kbd_intr_raise());
	zassert_ok(micrort_kbd_intr_detach());
	zassert_equal(micrort_kbd_intr_detach(), -EPERM);
	zassert_ok(micrort_check());
	zassert_ok(micrort_kbd_intr_attach());
	zassert_equal(micrort_check(), -EINTR);
}

static void sleep_200(void *p1, void *p2, void *p3)
{
	int64_t start = k_uptime_get();

	other_results[0] = micrort_sleep(K_MSEC(200));
	other_results[1] = (int)(k_uptime_get() - start);
}

/** A sleep of another thread is woken for nothing, and sleeps on. */
ZTEST(kbd_intr, test_sleep_of_another_thread_goes_on)
{
	helper_start(1, -3, sleep_200, NULL);
	k_timer_start(&raise_timer, K_MSEC(20), K_NO_WAIT);
	zassert_equal(micrort_sleep(K_SECONDS(1)), -EINTR);
	helper_join(1);
	zassert_equal(other_results[0], 0);
	zassert_true(other_results[1] >= 200, "%d ms", other_results[1]);
}
