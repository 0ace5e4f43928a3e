/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief design.md, "schedule", in interrupts: real ones on the Arm boards, see interrupts.h.
 */

#include <zephyr/ztest.h>

#include "executor.h"
#include "helpers.h"
#include "interrupts.h"

static void before(void *fixture)
{
	ARG_UNUSED(fixture);
	trace_reset();
}

static struct k_timer producer;
static struct k_timer ticker;

/* Runs in the main thread, after each test, also after one that failed. */
static void after(void *fixture)
{
	k_timer_stop(&producer);
	k_timer_stop(&ticker);
	helpers_after(fixture);
	zassert_equal(atomic_get(&interrupts_not_real), 0);
}

ZTEST_SUITE(schedule_isr, NULL, NULL, before, after, NULL);

static int results[4];

static void trace_context(void *number)
{
	trace_add(k_is_in_isr() != EXECUTOR_IS_INTERRUPT ? -1 : POINTER_TO_INT(number));
}

static void trace_context_of_task(struct micrort_task *task)
{
	ARG_UNUSED(task);
	trace_context(INT_TO_POINTER(100));
}

static MICRORT_TASK_DEFINE(task_a, trace_context_of_task);

static void schedule_both(void *number)
{
	results[0] = micrort_schedule(trace_context, number);
	results[1] = micrort_task_schedule(&task_a);
	results[2] = micrort_task_schedule(&task_a);
	results[3] = micrort_schedule(NULL, NULL);
}

/** "from any interrupt that may call the kernel"; what it queues runs where the executor is */
ZTEST(schedule_isr, test_schedule_from_an_interrupt)
{
	for (int i = 1; i <= 5; i++) {
		trace_reset();
		if (i % 2 == 0) {
			interrupt_high(schedule_both, INT_TO_POINTER(i));
		} else {
			interrupt_low(schedule_both, INT_TO_POINTER(i));
		}
		zassert_equal(results[0], 0);
		zassert_equal(results[1], 0);
		zassert_equal(results[2], MICRORT_TASK_JOINED);
		zassert_equal(results[3], -EINVAL);
		settle();
		zassert_equal(trace_count(), 2);
		zassert_equal(trace_at(0), i);
		zassert_equal(trace_at(1), 100);
	}
}

static void fill(void *arg)
{
	int *accepted = arg;

	*accepted = 0;
	while (micrort_schedule(trace_function, INT_TO_POINTER(*accepted)) == 0) {
		(*accepted)++;
	}
	results[0] = micrort_schedule(trace_function, INT_TO_POINTER(-1));
	results[1] = micrort_task_schedule(&task_a);
}

/** "-ENOBUFS when the queue is full", for an interrupt, too; a task finds room */
ZTEST(schedule_isr, test_full_queue_in_an_interrupt)
{
	struct micrort_schedule_stats stats = stats_now();
	int accepted;

	interrupt_low(fill, &accepted);
	zassert_equal(accepted, DEPTH);
	zassert_equal(results[0], -ENOBUFS);
	zassert_equal(results[1], 0);
	settle();
	zassert_equal(stats_now().refused, stats.refused + 2);
	zassert_equal(stats_now().accepted, stats.accepted + DEPTH + 1);
	zassert_equal(trace_count(), DEPTH + 1);
	for (int i = 0; i < DEPTH; i++) {
		zassert_equal(trace_at(i), i);
	}
	zassert_equal(trace_at(DEPTH), 100);
}

static void schedule_number(void *number)
{
	queue_number(POINTER_TO_INT(number));
}

static int count_inside;

static void interrupt_inside(void *arg)
{
	ARG_UNUSED(arg);

	trace_add(2);
	interrupt_low(schedule_number, INT_TO_POINTER(8));
	interrupt_high(schedule_number, INT_TO_POINTER(9));
	/* They were queued just now, and may not run before this one's end. */
	count_inside = trace_count();
	k_busy_wait(2000);
	if (!EXECUTOR_IS_INTERRUPT) {
		k_yield();
	}
	count_inside = trace_count();
	trace_add(3);
}

/**
 * An interrupt in the middle of a drain, while a function runs: what it queues comes last, in a
 * later pass, and does not nest.
 */
ZTEST(schedule_isr, test_interrupt_while_a_function_runs)
{
	zassert_ok(micrort_critical_enter());
	queue_number(1);
	zassert_ok(micrort_schedule(interrupt_inside, NULL));
	queue_number(4);
	queue_number(5);
	zassert_ok(micrort_critical_exit());
	if (EXECUTOR_IS_POLL) {
		zassert_equal(micrort_poll(), 4);
		TRACE_EXPECT(1, 2, 3, 4, 5);
		zassert_equal(micrort_poll(), 2);
	} else {
		settle();
	}
	zassert_equal(count_inside, 2);
	TRACE_EXPECT(1, 2, 3, 4, 5, 8, 9);
}

#if INTERRUPTS_NEST

static void nest(void *arg)
{
	ARG_UNUSED(arg);

	queue_number(1);
	interrupt_high(schedule_number, INT_TO_POINTER(2));
	queue_number(3);
}

/** An interrupt inside an interrupt: one order over both */
ZTEST(schedule_isr, test_nested_interrupts)
{
	interrupt_low(nest, NULL);
	settle();
	TRACE_EXPECT(1, 2, 3);
}

#endif

static int enter_results[3];

static void region_calls(void *arg)
{
	ARG_UNUSED(arg);
	enter_results[0] = micrort_critical_enter();
	enter_results[1] = micrort_poll();
	enter_results[2] = micrort_sleep(K_MSEC(1));
}

/** "in an interrupt it is refused with -EWOULDBLOCK" */
ZTEST(schedule_isr, test_calls_that_may_block_are_refused)
{
	interrupt_high(region_calls, NULL);
	for (int i = 0; i < 3; i++) {
		zassert_equal(enter_results[i], -EWOULDBLOCK);
	}
	zassert_equal(micrort_critical_exit(), -EPERM);
}

/** Queued by an interrupt inside a region: runs after it */
ZTEST(schedule_isr, test_interrupt_inside_a_region)
{
	zassert_ok(micrort_critical_enter());
	interrupt_low(schedule_number, INT_TO_POINTER(1));
	interrupt_high(schedule_number, INT_TO_POINTER(2));
	let_others_run();
	zassert_equal(micrort_poll(), 0);
	TRACE_EXPECT_NOTHING();
	zassert_ok(micrort_critical_exit());
	settle();
	TRACE_EXPECT(1, 2);
}

/* A producer in the timer's interrupt. Its numbers must come back in order, each once. */
static uint32_t produced;
static uint32_t attempted;
static uint32_t consumed;
static uint32_t out_of_order;
static uint32_t in_a_region;
static uint32_t nested;
static volatile bool function_running;
static volatile bool region_open;
static volatile bool pass_under_way;

/* Where the interrupts fell. */
static uint32_t fell_in_function;
static uint32_t fell_between_functions;
static uint32_t fell_in_region;

static void consume(void *number)
{
	nested += function_running;
	function_running = true;
	in_a_region += region_open;
	out_of_order += POINTER_TO_UINT(number) != consumed;
	consumed++;
	/* Long enough that some interrupts fall inside, short enough that some do not. */
	for (volatile int i = 0; i < 20; i++) {
	}
	function_running = false;
}

static void produce(struct k_timer *timer)
{
	ARG_UNUSED(timer);

	if (region_open) {
		fell_in_region++;
	} else if (function_running) {
		fell_in_function++;
	} else if (pass_under_way) {
		fell_between_functions++;
	}
	attempted++;
	if (micrort_schedule(consume, UINT_TO_POINTER(produced)) == 0) {
		produced++;
	}
}

static K_TIMER_DEFINE(producer, produce, NULL);

/* The period leaves time for something else between two interrupts. */
static void producer_begin(k_timeout_t period)
{
	produced = 0;
	attempted = 0;
	consumed = 0;
	out_of_order = 0;
	in_a_region = 0;
	nested = 0;
	fell_in_function = 0;
	fell_between_functions = 0;
	fell_in_region = 0;
	k_timer_start(&producer, period, period);
}

static void producer_end(uint32_t refused_before)
{
	k_timer_stop(&producer);
	pass_under_way = false;
	settle();
	zassert_equal(consumed, produced);
	zassert_equal(out_of_order, 0);
	zassert_equal(nested, 0);
	zassert_equal(in_a_region, 0);
	zassert_equal(attempted, produced + (stats_now().refused - refused_before));
	zassert_equal(micrort_critical_exit(), -EPERM);
}

static void pass_begins(struct micrort_task *task)
{
	ARG_UNUSED(task);
	pass_under_way = true;
}

static void pass_ends(struct micrort_task *task)
{
	ARG_UNUSED(task);
	pass_under_way = false;
}

static void in_between(struct micrort_task *task)
{
	ARG_UNUSED(task);
	function_running = true;
	for (volatile int i = 0; i < 3; i++) {
	}
	function_running = false;
}

#define BETWEEN 8

/** Interrupts at every place of a drain: in functions and between them */
ZTEST(schedule_isr, test_interrupts_during_drains)
{
	static MICRORT_TASK_DEFINE(first, pass_begins);
	static MICRORT_TASK_DEFINE(last, pass_ends);
	static struct micrort_task between[BETWEEN] = {
		[0 ... BETWEEN - 1] = MICRORT_TASK_INITIALIZER(in_between),
	};
	uint32_t refused = stats_now().refused;

	if (IS_ENABLED(CONFIG_ARCH_POSIX)) {
		TC_PRINT("skipped: no time passes on native_sim while code runs\n");
		ztest_test_skip();
	}
	producer_begin(K_TICKS(2));
	for (int round = 0; round < 20000; round++) {
		/* Out of step with the timer, whose tick ends the sleep below. */
		for (volatile int i = 0; i < round % 61; i++) {
		}
		(void)micrort_critical_enter();
		(void)micrort_task_schedule(&first);
		for (int i = 0; i < BETWEEN; i++) {
			(void)micrort_task_schedule(&between[i]);
		}
		(void)micrort_task_schedule(&last);
		(void)micrort_critical_exit();
		if (EXECUTOR_IS_POLL) {
			zassert_true(micrort_poll() >= 0);
		} else {
			/* Until this pass and what the interrupts queued is done. */
			k_sleep(K_TICKS(1));
		}
		if (fell_in_function >= 200 && fell_between_functions >= 200) {
			break;
		}
	}
	TC_PRINT("%u interrupts in functions, %u between them; %u functions\n", fell_in_function,
		 fell_between_functions, produced);
	/* Where QEMU does not count instructions, when it interrupts is the host's affair. */
	if (IS_ENABLED(CONFIG_QEMU_ICOUNT)) {
		zassert_true(fell_in_function > 0);
		zassert_true(fell_between_functions > 0);
	}
	producer_end(refused);
}

/** Interrupts at every place of enter and exit: no function runs while a region is open. */
ZTEST(schedule_isr, test_interrupts_during_enter_and_exit)
{
	uint32_t refused = stats_now().refused;

	if (IS_ENABLED(CONFIG_ARCH_POSIX)) {
		TC_PRINT("skipped: no time passes on native_sim while code runs\n");
		ztest_test_skip();
	}
	/* A preemptible thread, so that the executor runs as soon as it may. */
	k_thread_priority_set(k_current_get(), 5);
	producer_begin(K_TICKS(5));
	for (int round = 0; round < 20000; round++) {
		zassert_ok(micrort_critical_enter());
		region_open = true;
		zassert_false(function_running);
		for (volatile int i = 0; i < round % 61; i++) {
		}
		region_open = false;
		zassert_ok(micrort_critical_exit());
		if (EXECUTOR_IS_POLL) {
			zassert_true(micrort_poll() >= 0);
		} else if (EXECUTOR_PRIORITY > 5 && round % 64 == 0) {
			k_sleep(K_TICKS(1));
		}
		if (fell_in_region >= 500 && produced >= 1000) {
			break;
		}
	}
	TC_PRINT("%u interrupts in regions; %u functions\n", fell_in_region, produced);
	zassert_true(fell_in_region > 0 || !IS_ENABLED(CONFIG_QEMU_ICOUNT));
	zassert_true(produced > 0);
	producer_end(refused);
}

static uint32_t ticks_left;

static void tick(struct k_timer *timer)
{
	queue_number(ticks_left % 64);
	if (--ticks_left == 0) {
		k_timer_stop(timer);
	}
}

static K_TIMER_DEFINE(ticker, tick, NULL);

/** A k_timer as producer while threads sleep */
ZTEST(schedule_isr, test_timer_producer)
{
	executor_begin();
	ticks_left = 20;
	k_timer_start(&ticker, K_MSEC(1), K_MSEC(1));
	k_msleep(50);
	settle();
	executor_end();
	zassert_equal(ticks_left, 0);
	zassert_equal(trace_count(), 20);
	for (int i = 0; i < 20; i++) {
		zassert_equal(trace_at(i), 20 - i);
	}
}
