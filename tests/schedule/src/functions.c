/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief design.md, "schedule": functions.
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

ZTEST_SUITE(functions, NULL, NULL, before, helpers_after, NULL);

/** "-EINVAL for a null function" */
ZTEST(functions, test_null_function_is_refused)
{
	struct micrort_schedule_stats stats = stats_now();

	zassert_equal(micrort_schedule(NULL, INT_TO_POINTER(1)), -EINVAL);
	zassert_equal(stats_now().accepted, stats.accepted);
	zassert_equal(stats_now().refused, stats.refused);
}

/**
 * "-ENOBUFS when the queue is full: nothing is queued, nothing already queued is lost, a counter
 * of refusals grows"
 */
ZTEST(functions, test_full_queue_keeps_what_is_queued)
{
	struct micrort_schedule_stats stats = stats_now();

	zassert_ok(micrort_critical_enter());
	for (int i = 0; i < DEPTH; i++) {
		zassert_ok(micrort_schedule(trace_function, INT_TO_POINTER(i)));
	}
	for (int i = 0; i < 3; i++) {
		zassert_equal(micrort_schedule(trace_function, INT_TO_POINTER(-1)), -ENOBUFS);
	}
	zassert_equal(stats_now().accepted, stats.accepted + DEPTH);
	zassert_equal(stats_now().refused, stats.refused + 3);
	zassert_ok(micrort_critical_exit());

	settle();
	zassert_equal(trace_count(), DEPTH);
	for (int i = 0; i < MIN(DEPTH, 64); i++) {
		zassert_equal(trace_at(i), i);
	}

	/* All slots are usable again. */
	zassert_ok(micrort_critical_enter());
	for (int i = 0; i < DEPTH; i++) {
		zassert_ok(micrort_schedule(trace_function, INT_TO_POINTER(i)));
	}
	zassert_equal(micrort_schedule(trace_function, INT_TO_POINTER(-1)), -ENOBUFS);
	zassert_ok(micrort_critical_exit());
	settle();
	zassert_equal(trace_count(), 2 * DEPTH);
}

/** "Every accepted function runs exactly once", micropython/schedule.py */
ZTEST(functions, test_runs_exactly_once)
{
	struct micrort_schedule_stats stats = stats_now();

	zassert_ok(micrort_schedule(trace_function, INT_TO_POINTER(7)));
	settle();
	TRACE_EXPECT(7);

	/* Nothing that comes later runs it again, whichever slot it had. */
	for (int i = 0; i < 3 * DEPTH; i++) {
		zassert_ok(micrort_schedule(trace_function, INT_TO_POINTER(i)));
		settle();
	}
	zassert_equal(trace_count(), 1 + 3 * DEPTH);
	zassert_equal(stats_now().run, stats.run + 1 + 3 * DEPTH);
	zassert_equal(stats_now().accepted, stats.accepted + 1 + 3 * DEPTH);
}

/** "in the order of acceptance", over functions and tasks mixed */
ZTEST(functions, test_order_of_acceptance_over_functions_and_tasks)
{
	zassert_ok(micrort_critical_enter());
	for (int i = 0; i < 12; i++) {
		queue_number(i);
	}
	zassert_ok(micrort_critical_exit());
	settle();
	TRACE_EXPECT(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
}

static void produce_three(void *base, void *p2, void *p3)
{
	ARG_UNUSED(p2);
	ARG_UNUSED(p3);

	for (int i = 0; i < 3; i++) {
		queue_number(POINTER_TO_INT(base) + i);
	}
}

static void produce_three_in_interrupt(void *base)
{
	produce_three(base, NULL, NULL);
}

/** "in the order of acceptance over all producers" */
ZTEST(functions, test_order_over_all_producers)
{
	zassert_ok(micrort_critical_enter());
	produce_three(INT_TO_POINTER(0), NULL, NULL);
	helper_start(1, -2, produce_three, INT_TO_POINTER(10));
	helper_join(1);
	interrupt_low(produce_three_in_interrupt, INT_TO_POINTER(20));
	helper_start(1, 5, produce_three, INT_TO_POINTER(30));
	helper_join(1);
	zassert_ok(micrort_critical_exit());
	settle();
	TRACE_EXPECT(0, 1, 2, 10, 11, 12, 20, 21, 22, 30, 31, 32);
}

static volatile bool function_done;

static void schedule_and_sleep(void *arg)
{
	ARG_UNUSED(arg);

	trace_add(1);
	queue_number(3);
	queue_number(4);
	/* Longer than anybody needs who would run the others meanwhile. */
	spend_time(20);
	trace_add(2);
	function_done = true;
}

/** "A scheduled function never preempts another one; it runs to its end. One executor." */
ZTEST(functions, test_function_never_preempts_another)
{
	function_done = false;
	executor_begin();
	zassert_ok(micrort_schedule(schedule_and_sleep, NULL));
	for (int waited = 0; waited < 1000 && !function_done; waited++) {
		k_msleep(1);
		/* A second thread that polls is no second executor. */
		zassert_true(micrort_poll() >= 0);
	}
	executor_end();
	settle();
	TRACE_EXPECT(1, 2, 3, 4);
}

static void outer(void *arg)
{
	ARG_UNUSED(arg);

	trace_add(1);
	zassert_ok(micrort_schedule(trace_function, INT_TO_POINTER(3)));
	if (!EXECUTOR_IS_INTERRUPT) {
		k_yield();
	}
	(void)micrort_poll();
	trace_add(2);
}

/** micropython/schedule.py: the nested one runs after the outer one has ended */
ZTEST(functions, test_schedule_from_inside_runs_after)
{
	zassert_ok(micrort_schedule(outer, NULL));
	settle();
	TRACE_EXPECT(1, 2, 3);
}

static int schedule_result[2];

static void fill_from_inside(void *arg)
{
	ARG_UNUSED(arg);

	for (int i = 0; i < DEPTH; i++) {
		if (micrort_schedule(trace_function, INT_TO_POINTER(i)) != 0) {
			return;
		}
	}
	schedule_result[0] = micrort_schedule(trace_function, INT_TO_POINTER(-1));
	schedule_result[1] = micrort_schedule(trace_function, INT_TO_POINTER(-1));
}

/**
 * "A slot is free before its function runs": from one started with an empty queue, DEPTH more.
 * micropython/schedule.py: one more than that is refused
 */
ZTEST(functions, test_slot_is_free_before_its_function_runs)
{
	schedule_result[0] = 0;
	schedule_result[1] = 0;
	zassert_ok(micrort_schedule(fill_from_inside, NULL));
	settle();
	zassert_equal(schedule_result[0], -ENOBUFS);
	zassert_equal(schedule_result[1], -ENOBUFS);
	zassert_equal(trace_count(), DEPTH);
	for (int i = 0; i < MIN(DEPTH, 64); i++) {
		zassert_equal(trace_at(i), i);
	}
}

#if defined(CONFIG_CPU_CORTEX_M)

#include <zephyr/linker/linker-defs.h>

/* An argument that nothing else in the image holds; kept apart so that no copy is found here. */
static volatile uint32_t half_argument = 0x13572468;

static __attribute__((noinline)) uint32_t copies_in_static_memory(void)
{
	uint32_t wanted = half_argument ^ 0xa5a5a5a5;
	uint32_t copies = 0;

	for (const uint32_t *word = (const uint32_t *)__data_region_start;
	     word < (const uint32_t *)__data_region_end; word++) {
		copies += *word == wanted;
	}
	for (const uint32_t *word = (const uint32_t *)__bss_start;
	     word < (const uint32_t *)__bss_end; word++) {
		copies += *word == wanted;
	}
	return copies;
}

static __attribute__((noinline)) int schedule_the_argument(void)
{
	return micrort_schedule(trace_function, (void *)(half_argument ^ 0xa5a5a5a5));
}

static void overwrite_registers(void *arg)
{
	ARG_UNUSED(arg);
	__asm__ volatile("movs r4, #0\n movs r5, #0\n movs r6, #0\n mov r8, r4\n mov r9, r4\n"
			 "mov r10, r4\n mov r11, r4\n" ::
				 : "r4", "r5", "r6", "r8", "r9", "r10", "r11");
}

static void overwrite_registers_of_task(struct micrort_task *task)
{
	overwrite_registers(task);
}

/**
 * "and keeps no copy of fn and arg afterwards". Looked for in all static memory, where the slots
 * are; the saved registers of threads are there too, so others run before the search.
 */
ZTEST(functions, test_slot_keeps_no_copy_afterwards)
{
	static MICRORT_TASK_DEFINE(overwrite, overwrite_registers_of_task);

	zassert_ok(micrort_critical_enter());
	zassert_ok(schedule_the_argument());
	zassert_true(copies_in_static_memory() >= 1, "the search must find what is queued");
	zassert_ok(micrort_critical_exit());
	settle();
	zassert_equal(trace_count(), 1);

	/* A task, which takes no slot. */
	zassert_ok(micrort_task_schedule(&overwrite));
	settle();
	trace_reset();
	trace_add(0);
	overwrite_registers(NULL);
	zassert_equal(copies_in_static_memory(), 0);
}

#else

ZTEST(functions, test_slot_keeps_no_copy_afterwards)
{
	TC_PRINT("skipped: the memory to search is known for the Arm boards only\n");
	ztest_test_skip();
}

#endif
