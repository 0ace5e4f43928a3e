/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief What is pending, who is told, and how much of it is done.
 */

#include <errno.h>

#include <zephyr/ztest.h>

#include "executor.h"
#include "helpers.h"
#include "interrupts.h"

static struct {
	int calls;
	bool in_isr;
	void *arg;
} told;

static void tell(void *arg)
{
	told.calls++;
	told.in_isr = k_is_in_isr();
	told.arg = arg;
}

static void before(void *fixture)
{
	ARG_UNUSED(fixture);
	trace_reset();
	told.calls = 0;
	zassert_ok(micrort_kbd_intr_attach());
}

static void after(void *fixture)
{
	(void)micrort_kbd_intr_detach();
	micrort_pending_callback_set(NULL, NULL);
	micrort_pending_signal_set(NULL);
	helpers_after(fixture);
}

ZTEST_SUITE(pending, NULL, NULL, before, after, NULL);

static void raise_here(void *unused)
{
	ARG_UNUSED(unused);
	zassert_ok(micrort_kbd_intr_raise());
	/* It is the thread's, not the interrupt's. */
	zassert_false(micrort_pending());
}

ZTEST(pending, test_interrupt)
{
	zassert_false(micrort_pending());
	interrupt_low(raise_here, NULL);
	zassert_true(micrort_pending());
	zassert_true(micrort_pending(), "looking takes nothing");
	zassert_equal(micrort_poll_functions(8), 0, "functions only");
	zassert_true(micrort_pending());
	zassert_equal(micrort_poll_max(8), -EINTR);
	zassert_false(micrort_pending());
}

static volatile bool helper_saw;

static void look(void *p1, void *p2, void *p3)
{
	ARG_UNUSED(p1);
	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
	helper_saw = micrort_pending();
	(void)micrort_kbd_intr_attach();
	helper_saw = !helper_saw && micrort_pending();
	zassert_equal(micrort_check(), -EINTR);
}

/** The interrupt is pending for the foreground thread alone. */
ZTEST(pending, test_interrupt_is_for_one_thread)
{
	zassert_ok(micrort_kbd_intr_raise());
	(void)helper_start(0, 5, look, NULL);
	helper_join(0);
	zassert_true(helper_saw);
	zassert_false(micrort_pending());
}

ZTEST(pending, test_callback_where_it_becomes_true)
{
	micrort_pending_callback_set(tell, &told);
	zassert_equal(told.calls, 0);
	interrupt_low(raise_here, NULL);
	zassert_equal(told.calls, 1);
	zassert_true(told.in_isr);
	zassert_equal(told.arg, &told);
	zassert_equal(micrort_check(), -EINTR);
	micrort_pending_callback_set(NULL, NULL);
	zassert_ok(micrort_kbd_intr_raise());
	zassert_equal(told.calls, 1);
	/* Who comes late is told at once. */
	micrort_pending_callback_set(tell, NULL);
	zassert_equal(told.calls, 2);
	zassert_false(told.in_isr);
	zassert_equal(micrort_check(), -EINTR);
}

ZTEST(pending, test_signal)
{
	static struct k_poll_signal signal;
	struct k_poll_event event;
	unsigned int raised;
	int result;

	k_poll_signal_init(&signal);
	k_poll_event_init(&event, K_POLL_TYPE_SIGNAL, K_POLL_MODE_NOTIFY_ONLY, &signal);
	micrort_pending_signal_set(&signal);
	zassert_equal(k_poll(&event, 1, K_NO_WAIT), -EAGAIN);
	interrupt_low(raise_here, NULL);
	zassert_ok(k_poll(&event, 1, K_NO_WAIT));
	k_poll_signal_check(&signal, &raised, &result);
	zassert_equal(raised, 1);
	zassert_equal(result, 0);
	k_poll_signal_reset(&signal);
	micrort_pending_signal_set(&signal);
	zassert_ok(k_poll(&event, 1, K_NO_WAIT), "pending already");
	zassert_equal(micrort_check(), -EINTR);
}

#ifdef CONFIG_MICRORT_EXECUTOR_POLL

static void schedule_number(void *number)
{
	zassert_ok(micrort_schedule(trace_function, number));
}

ZTEST(pending, test_functions)
{
	micrort_pending_callback_set(tell, NULL);
	interrupt_low(schedule_number, (void *)1);
	zassert_equal(told.calls, 1);
	zassert_true(told.in_isr);
	interrupt_low(schedule_number, (void *)2);
	zassert_equal(told.calls, 1, "it was pending already");
	zassert_true(micrort_pending());
	zassert_ok(micrort_critical_enter());
	zassert_false(micrort_pending());
	zassert_ok(micrort_critical_exit());
	zassert_true(micrort_pending());
	zassert_equal(micrort_poll(), 2);
	zassert_false(micrort_pending());
}

/** The others stay queued, in their order, and pending. */
ZTEST(pending, test_at_most)
{
	for (int i = 0; i < 5; i++) {
		schedule_number((void *)(uintptr_t)i);
	}
	zassert_equal(micrort_poll_max(0), 0);
	zassert_equal(micrort_poll_max(2), 2);
	TRACE_EXPECT(0, 1);
	zassert_true(micrort_pending());
	zassert_ok(micrort_kbd_intr_raise());
	zassert_equal(micrort_poll_functions(1), 1);
	zassert_equal(micrort_poll_max(2), -EINTR);
	TRACE_EXPECT(0, 1, 2);
	zassert_equal(micrort_poll_max(UINT_MAX), 2);
	TRACE_EXPECT(0, 1, 2, 3, 4);
	zassert_equal(stats_now().refused, 0);
}

/** Something that waits for the end of all waits for the end of all. */
ZTEST(pending, test_flush_after_a_part)
{
	for (int i = 0; i < 4; i++) {
		schedule_number((void *)(uintptr_t)i);
	}
	zassert_equal(micrort_poll_max(1), 1);
	zassert_ok(micrort_flush());
	TRACE_EXPECT(0, 1, 2, 3);
}

#endif

static void call_all(void *results)
{
	int *result = results;

	*result++ = micrort_poll_max(1);
	*result++ = micrort_poll_functions(1);
	*result++ = micrort_check_here();
	*result++ = micrort_pending();
}

/** In an interrupt nothing runs and nothing is taken. */
ZTEST(pending, test_refused_in_an_interrupt)
{
	int results[4] = {1, 1, 1, 1};

	zassert_ok(micrort_schedule(trace_function, NULL));
	zassert_ok(micrort_kbd_intr_raise());
	interrupt_low(call_all, results);
	zassert_equal(results[0], -EWOULDBLOCK);
	zassert_equal(results[1], 0);
	zassert_equal(results[2], 0);
	zassert_equal(results[3], 0);
	zassert_equal(micrort_check_here(), -EINTR, "outside of a function it is micrort_check()");
	settle();
}
