/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief Handlers of signals call what interrupts may call, whatever they interrupt.
 */

#include <signal.h>
#include <stdatomic.h>
#include <sys/time.h>

#include <zephyr/ztest.h>

#include <micrort/micrort.h>

#define SIGNALS 5000

/* The next signal may come to another thread while one is still handled. */
static atomic_int signals;
static atomic_int handlers;
static atomic_int accepted;
static atomic_int ran;
static atomic_int task_ran;
static atomic_int task_accepted;

static void count_run(void *unused)
{
	ARG_UNUSED(unused);
	ran++;
}

static void count_task(struct micrort_task *task)
{
	ARG_UNUSED(task);
	task_ran++;
}

static MICRORT_TASK_DEFINE(task, count_task);

static void handle(int number)
{
	ARG_UNUSED(number);
	handlers++;
	signals++;
	accepted += micrort_schedule(count_run, NULL) == 0;
	task_accepted += micrort_task_schedule(&task) == 0;
	if (signals % 16 == 0) {
		(void)micrort_kbd_intr_feed(3);
	}
	handlers--;
}

static void before(void *fixture)
{
	ARG_UNUSED(fixture);
	zassert_ok(micrort_kbd_intr_attach());
}

static void after(void *fixture)
{
	ARG_UNUSED(fixture);
	(void)micrort_kbd_intr_detach();
}

ZTEST_SUITE(signals_suite, NULL, NULL, before, after, NULL);

/** Signals at a rate that meets the library in every lock of its, and threads that wait in it. */
ZTEST(signals_suite, test_storm)
{
	const struct itimerval storm = {{0, 50}, {0, 50}};
	const struct itimerval silence = {{0, 0}, {0, 0}};
	struct micrort_reset_report report;
	int interrupts = 0;

	(void)signal(SIGALRM, handle);
	zassert_ok(setitimer(ITIMER_REAL, &storm, NULL));
	while (signals < SIGNALS) {
		interrupts += micrort_poll() < 0;
		zassert_ok(micrort_critical_enter());
		zassert_ok(micrort_critical_exit());
		(void)micrort_task_cancel(&task);
		interrupts += micrort_sleep(K_USEC(20)) < 0;
	}
	zassert_ok(setitimer(ITIMER_REAL, &silence, NULL));
	/* One that is still pending is dropped, and one that is handled ends first. */
	(void)signal(SIGALRM, SIG_IGN);
	while (handlers > 0) {
		(void)micrort_sleep(K_USEC(20));
	}
	zassert_ok(micrort_flush());
	zassert_true(interrupts > 0);
	zassert_true(accepted > 0);
	zassert_equal(ran, accepted, "%d of %d", ran, accepted);
	/* Some were taken back. */
	zassert_true(task_ran > 0 && task_ran <= task_accepted);
	zassert_ok(micrort_reset(0, &report));
	zassert_equal(report.functions, 0);
}

static volatile int raised;

static void raise_in_interrupt(void *unused)
{
	ARG_UNUSED(unused);
	zassert_true(k_is_in_isr());
	zassert_equal(micrort_poll(), -EWOULDBLOCK);
	zassert_true(micrort_malloc(8) == NULL);
	raised = micrort_raise(&micrort_exc_os_error, "in a handler") >= 0;
}

static void handle_as_interrupt(int number)
{
	ARG_UNUSED(number);
	micrort_host_interrupt(raise_in_interrupt, NULL);
}

/** What is not one of those few calls is an interrupt's. */
ZTEST(signals_suite, test_as_an_interrupt)
{
	struct micrort_exception exception = {0};

	zassert_ok(micrort_alloc_emergency_exception_buf(256));
	(void)signal(SIGUSR1, handle_as_interrupt);
	zassert_ok(raise(SIGUSR1));
	zassert_true(raised);
	zassert_ok(micrort_exception_take(&exception));
	zassert_true(exception.in_isr);
	zassert_equal(exception.type, &micrort_exc_os_error);
	zassert_ok(micrort_alloc_emergency_exception_buf(0));
}
