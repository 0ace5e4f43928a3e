/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief Programs of the toy runtime.
 */

#include <errno.h>

#include <zephyr/ztest.h>

#include <micrort/micrort.h>

#include "helpers.h"
#include "toy.h"
#include "trace.h"

static void note(struct toy_object *object)
{
	trace_add(object->value);
}

static void before(void *fixture)
{
	ARG_UNUSED(fixture);
	trace_reset();
	toy_start();
	toy_later = note;
	zassert_ok(micrort_kbd_intr_attach());
}

static void after(void *fixture)
{
	(void)micrort_kbd_intr_detach();
	helpers_after(fixture);
}

ZTEST_SUITE(programs, NULL, NULL, before, after, NULL);

/** A program that only comes to its safe points. */
static const uint8_t nothing[] = {TOY_NEW, 0, TOY_DROP, TOY_END};

static void raise_interrupt(struct k_timer *timer)
{
	ARG_UNUSED(timer);
	(void)micrort_kbd_intr_raise();
}

static K_TIMER_DEFINE(interrupting, raise_interrupt, NULL);

/** Functions run at the safe points, in their order. */
ZTEST(programs, test_functions_at_safe_points)
{
	static const uint8_t program[] = {TOY_NEW, 1, TOY_LATER, TOY_NEW, 2, TOY_LATER, TOY_END};

	zassert_equal(toy_run(program), TOY_DONE);
	TRACE_EXPECT(1, 2);
}

/** An object that only the queue knows, and what it names, outlives a collection; others do not. */
ZTEST(programs, test_queue_is_a_root)
{
	static const uint8_t program[] = {
		TOY_NEW, 1, TOY_NEW, 2, TOY_LINK, TOY_LATER, TOY_NEW, 3, TOY_DROP, TOY_END,
	};

	zassert_ok(micrort_critical_enter());
	zassert_equal(toy_run(program), TOY_DONE);
	zassert_equal(toy_count(), 3);
	toy_collect();
	zassert_equal(toy_count(), 2);
	zassert_ok(micrort_critical_exit());
	zassert_equal(micrort_poll(), 1);
	TRACE_EXPECT(1);
	toy_collect();
	zassert_equal(toy_count(), 0);
}

/** Memory that is used up is collected in the middle of a program that never ends. */
ZTEST(programs, test_endless_program_is_interrupted)
{
	static const uint8_t program[] = {TOY_NEW, 1, TOY_LATER, TOY_AGAIN};

	k_timer_start(&interrupting, K_MSEC(20), K_NO_WAIT);
	zassert_equal(toy_run(program), TOY_INTERRUPTED);
	zassert_true(toy_steps > 3 * TOY_OBJECTS);
	zassert_ok(micrort_reset(0, NULL));
}

ZTEST(programs, test_heap_lock_refuses_objects)
{
	static const uint8_t program[] = {TOY_NEW, 1, TOY_DROP, TOY_END};
	struct micrort_heap_refusals refusals;

	zassert_ok(micrort_heap_lock());
	zassert_equal(toy_run(program), TOY_NO_MEMORY);
	micrort_heap_refusals_get(&refusals);
	zassert_equal(refusals.size, sizeof(struct toy_object));
	zassert_not_null(refusals.caller);
	zassert_equal(refusals.thread, k_current_get());
	zassert_equal(micrort_heap_unlock(), 0);
	zassert_equal(toy_run(program), TOY_DONE);
}

static void throw_in_region(struct toy_object *object)
{
	if (object->value == 1) {
		zassert_ok(micrort_critical_enter());
		toy_throw();
	}
	note(object);
}

/** A function that is left by a jump ends its pass: its region is closed, the others stay queued. */
ZTEST(programs, test_thrown_through_a_pass)
{
	static const uint8_t two[] = {
		TOY_NEW, 1, TOY_NEW, 2, TOY_LATER, TOY_LATER, TOY_END,
	};

	toy_later = throw_in_region;
	zassert_ok(micrort_critical_enter());
	/* Object 2 is queued first. */
	zassert_equal(toy_run(two), TOY_DONE);
	zassert_ok(micrort_schedule(trace_function, (void *)3));
	zassert_ok(micrort_critical_exit());
	zassert_equal(toy_run(nothing), TOY_THROWN);
	TRACE_EXPECT(2);
	zassert_equal(micrort_critical_exit(), -EPERM);
	zassert_true(micrort_pending());
	zassert_equal(toy_run(nothing), TOY_DONE);
	TRACE_EXPECT(2, 3);
	zassert_false(micrort_pending());
	zassert_equal(micrort_function_abandon(), -EPERM);
}

static void loop_for_ever(struct toy_object *object)
{
	trace_add(object->value);
	/* It is not the place for what unwinds by itself. */
	zassert_false(micrort_pending());
	zassert_ok(micrort_check());
	while (micrort_check_here() == 0) {
		k_busy_wait(100);
	}
	toy_throw();
}

/** Ctrl-C ends a function that would not end. */
ZTEST(programs, test_endless_function_is_interrupted)
{
	static const uint8_t program[] = {TOY_NEW, 1, TOY_LATER, TOY_END};

	toy_later = loop_for_ever;
	k_timer_start(&interrupting, K_MSEC(20), K_NO_WAIT);
	zassert_equal(toy_run(program), TOY_THROWN);
	TRACE_EXPECT(1);
	zassert_ok(micrort_check());
}

static void schedule_seven(struct k_timer *timer)
{
	ARG_UNUSED(timer);
	(void)micrort_schedule(trace_function, (void *)7);
}

static void give_semaphore(struct k_timer *timer)
{
	ARG_UNUSED(timer);
	k_sem_give(&toy_semaphore);
}

static K_TIMER_DEFINE(scheduling, schedule_seven, NULL);
static K_TIMER_DEFINE(giving, give_semaphore, NULL);

/** One wait for whatever comes first. */
ZTEST(programs, test_wait_for_pending_or_a_semaphore)
{
	static const uint8_t program[] = {TOY_WAIT, TOY_END};
	int64_t begin = k_uptime_get();

	k_timer_start(&scheduling, K_MSEC(20), K_NO_WAIT);
	zassert_equal(toy_run(program), TOY_DONE);
	TRACE_EXPECT(7);
	k_timer_start(&giving, K_MSEC(20), K_NO_WAIT);
	zassert_equal(toy_run(program), TOY_DONE);
	k_timer_start(&interrupting, K_MSEC(20), K_NO_WAIT);
	zassert_equal(toy_run(program), TOY_INTERRUPTED);
	TRACE_EXPECT(7);
	zassert_between_inclusive(k_uptime_delta(&begin), 55, 4000);
	/* What came before is not waited for. */
	zassert_ok(micrort_schedule(trace_function, (void *)8));
	begin = k_uptime_get();
	zassert_equal(toy_run(program), TOY_DONE);
	zassert_true(k_uptime_delta(&begin) < 1000);
	TRACE_EXPECT(7, 8);
}

static K_SEM_DEFINE(collector_has_lock, 0, 1);
static volatile bool collected;

static void collect_with_lock(void *p1, void *p2, void *p3)
{
	ARG_UNUSED(p1);
	ARG_UNUSED(p2);
	ARG_UNUSED(p3);
	zassert_ok(k_mutex_lock(&toy_lock, K_FOREVER));
	k_sem_give(&collector_has_lock);
	/* The function below waits for the lock by then. */
	k_sleep(K_MSEC(20));
	toy_collect();
	collected = true;
	zassert_ok(k_mutex_unlock(&toy_lock));
}

static void collector_takes_lock(void *unused)
{
	ARG_UNUSED(unused);
	(void)helper_start(0, -1, collect_with_lock, NULL);
	zassert_ok(k_sem_take(&collector_has_lock, PATIENCE));
}

static void note_if_alive(struct toy_object *object)
{
	trace_add(collected && object->in_use && object->link->in_use ? object->link->value : -1);
}

/** A function waits for the lock that the collector holds, and its object is alive behind that. */
ZTEST(programs, test_collector_does_not_wait_for_a_function)
{
	static const uint8_t program[] = {
		TOY_NEW, 1, TOY_NEW, 2, TOY_LINK, TOY_LATER, TOY_END,
	};

	toy_later = note_if_alive;
	collected = false;
	zassert_ok(micrort_critical_enter());
	zassert_ok(micrort_schedule(collector_takes_lock, NULL));
	zassert_equal(toy_run(program), TOY_DONE);
	zassert_ok(micrort_critical_exit());
	zassert_equal(toy_run(nothing), TOY_DONE);
	helper_join(0);
	TRACE_EXPECT(2);
	toy_collect();
	zassert_equal(toy_count(), 0);
}

/** A soft reset drops what the program left, and the next one begins with nothing pending. */
ZTEST(programs, test_soft_reset)
{
	static const uint8_t program[] = {TOY_NEW, 1, TOY_LATER, TOY_END};
	struct micrort_reset_report report;

	zassert_ok(micrort_critical_enter());
	zassert_equal(toy_run(program), TOY_DONE);
	zassert_ok(micrort_kbd_intr_raise());
	zassert_ok(micrort_reset(0, &report));
	zassert_equal(report.functions, 1);
	zassert_equal(report.regions, 1);
	zassert_true(report.interrupt);
	zassert_false(micrort_pending());
	zassert_equal(micrort_poll(), 0);
	TRACE_EXPECT_NOTHING();
	toy_start();
	zassert_equal(toy_run(program), TOY_DONE);
	TRACE_EXPECT(1);
}
