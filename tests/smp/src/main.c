/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief design.md, "schedule" and "heap_lock" on two CPUs: "from any thread, any CPU".
 */

#include <zephyr/sys/atomic.h>
#include <zephyr/ztest.h>

#include "executor.h"
#include "helpers.h"

BUILD_ASSERT(CONFIG_MP_MAX_NUM_CPUS == 2);

#define CPUS   2
#define ROUNDS 20000

/* An emulated CPU may get no time for seconds, on a machine that has other work. */
#define PATIENCE_MS 10000

/* Of the threads of the test; preemptible, so that the executor finds a CPU. */
#define PRIORITY 5

static atomic_t started;
static atomic_t wrong_cpu;

/* Helpers 1 and 2 are pinned; helper 0 is the polling thread, where there is one. */
static void start_on_both_cpus(k_thread_entry_t entry)
{
	atomic_set(&started, 0);
	atomic_set(&wrong_cpu, 0);
	for (int cpu = 0; cpu < CPUS; cpu++) {
		k_tid_t thread = helper_create(1 + cpu, PRIORITY, entry, INT_TO_POINTER(cpu));

		zassert_ok(k_thread_cpu_pin(thread, cpu));
		k_thread_start(thread);
	}
}

/* Both begin at the same time, each on its CPU. */
static void meet(int cpu)
{
	atomic_inc(&started);
	while (atomic_get(&started) < CPUS) {
		k_busy_wait(1);
	}
	if (arch_proc_id() != cpu) {
		atomic_inc(&wrong_cpu);
	}
}

/* The two may be at it for long: emulated CPUs, on a machine that has other work. */
static void join_both(void)
{
	for (int cpu = 0; cpu < CPUS; cpu++) {
		zassert_ok(k_thread_join(helper_thread(1 + cpu), K_SECONDS(100)));
		helper_join(1 + cpu);
	}
	zassert_equal(atomic_get(&wrong_cpu), 0);
}

static void before(void *fixture)
{
	ARG_UNUSED(fixture);
	trace_reset();
}

ZTEST_SUITE(smp, NULL, NULL, before, helpers_after, NULL);

static atomic_t running;
static atomic_t regions;
static uint32_t nested;
static uint32_t in_a_region;
static uint32_t out_of_order;
static uint32_t expected[CPUS];
static uint32_t refused[CPUS];

static void function_begins(void)
{
	nested += atomic_inc(&running) != 0;
	in_a_region += atomic_get(&regions) != 0;
}

static void function_ends(void)
{
	in_a_region += atomic_get(&regions) != 0;
	(void)atomic_dec(&running);
}

static void consume(void *arg)
{
	uint32_t value = (uint32_t)POINTER_TO_UINT(arg);
	uint32_t cpu = value >> 24;

	function_begins();
	out_of_order += (value & BIT_MASK(24)) != expected[cpu];
	expected[cpu]++;
	function_ends();
}

static void reset_counts(void)
{
	nested = 0;
	in_a_region = 0;
	out_of_order = 0;
	for (int cpu = 0; cpu < CPUS; cpu++) {
		expected[cpu] = 0;
		refused[cpu] = 0;
	}
}

static void produce(void *cpu_number, void *p2, void *p3)
{
	int cpu = POINTER_TO_INT(cpu_number);

	meet(cpu);
	for (uint32_t i = 0; i < ROUNDS; i++) {
		while (micrort_schedule(consume, UINT_TO_POINTER((uint32_t)cpu << 24 | i)) != 0) {
			refused[cpu]++;
			k_sleep(K_TICKS(1));
		}
	}
}

/** Producers on both CPUs: each function runs once, in order per producer, one at a time */
ZTEST(smp, test_producers_on_both_cpus)
{
	struct micrort_schedule_stats stats = stats_now();

	reset_counts();
	executor_begin();
	start_on_both_cpus(produce);
	join_both();
	settle();
	executor_end();
	TC_PRINT("%u accepted, %u refused\n", stats_now().accepted - stats.accepted,
		 stats_now().refused - stats.refused);
	for (int cpu = 0; cpu < CPUS; cpu++) {
		zassert_equal(expected[cpu], ROUNDS);
	}
	zassert_equal(out_of_order, 0);
	zassert_equal(nested, 0);
	zassert_equal(stats_now().accepted - stats.accepted, CPUS * ROUNDS);
	zassert_equal(stats_now().run - stats.run, CPUS * ROUNDS);
	zassert_equal(stats_now().refused - stats.refused, refused[0] + refused[1]);
}

static uint32_t task_runs;
static uint32_t seen[CPUS];
static volatile uint32_t posted[CPUS];
static uint32_t queued[CPUS];
static uint32_t joined[CPUS];

static void run_task(struct micrort_task *task)
{
	ARG_UNUSED(task);

	function_begins();
	task_runs++;
	for (int cpu = 0; cpu < CPUS; cpu++) {
		seen[cpu] = posted[cpu];
	}
	function_ends();
}

static MICRORT_TASK_DEFINE(shared, run_task);

static void schedule_shared(void *cpu_number, void *p2, void *p3)
{
	int cpu = POINTER_TO_INT(cpu_number);

	meet(cpu);
	for (uint32_t i = 0; i < ROUNDS; i++) {
		posted[cpu]++;
		if (micrort_task_schedule(&shared) == 0) {
			queued[cpu]++;
		} else {
			joined[cpu]++;
		}
	}
}

/** A task scheduled by two CPUs at once: it runs as often as it was queued, and misses nothing. */
ZTEST(smp, test_one_task_from_both_cpus)
{
	reset_counts();
	task_runs = 0;
	executor_begin();
	start_on_both_cpus(schedule_shared);
	join_both();
	settle();
	executor_end();
	TC_PRINT("%u queued, %u joined\n", queued[0] + queued[1], joined[0] + joined[1]);
	zassert_equal(task_runs, queued[0] + queued[1]);
	for (int cpu = 0; cpu < CPUS; cpu++) {
		zassert_equal(queued[cpu] + joined[cpu], ROUNDS);
		zassert_equal(seen[cpu], posted[cpu]);
	}
	zassert_equal(nested, 0);
}

static uint32_t ran_in_region;
static uint32_t region_errors;
static volatile bool stop;
static uint32_t accepted_while_regions;

static void open_and_close(uint32_t round)
{
	region_errors += micrort_critical_enter() != 0;
	(void)atomic_inc(&regions);
	ran_in_region += atomic_get(&running) != 0;
	k_busy_wait(round % 8);
	ran_in_region += atomic_get(&running) != 0;
	(void)atomic_dec(&regions);
	region_errors += micrort_critical_exit() != 0;
}

static void work_in_function(void *arg)
{
	function_begins();
	k_busy_wait(POINTER_TO_UINT(arg) % 8);
	function_ends();
}

static void region_or_producer(void *cpu_number, void *p2, void *p3)
{
	int cpu = POINTER_TO_INT(cpu_number);

	meet(cpu);
	if (cpu == 0) {
		for (uint32_t round = 0; round < ROUNDS / 4; round++) {
			open_and_close(round);
			/* Time for the functions, on this CPU or the other. */
			k_busy_wait(round % 16);
			if (EXECUTOR_IS_POLL) {
				(void)micrort_poll();
			}
		}
		stop = true;
	} else {
		for (uint32_t i = 0; !stop; i++) {
			if (micrort_schedule(work_in_function, UINT_TO_POINTER(i)) == 0) {
				accepted_while_regions++;
			} else {
				k_sleep(K_TICKS(1));
			}
		}
	}
}

/**
 * "When enter has returned, no scheduled function is running or will run until the matching exit",
 * with the function on the other CPU
 */
ZTEST(smp, test_no_function_runs_while_a_region_is_open)
{
	uint32_t run = stats_now().run;

	reset_counts();
	stop = false;
	ran_in_region = 0;
	region_errors = 0;
	accepted_while_regions = 0;
	executor_begin();
	start_on_both_cpus(region_or_producer);
	join_both();
	settle();
	executor_end();
	TC_PRINT("%u functions\n", accepted_while_regions);
	zassert_equal(region_errors, 0);
	zassert_equal(ran_in_region, 0);
	zassert_equal(in_a_region, 0);
	zassert_equal(nested, 0);
	zassert_equal(stats_now().run - run, accepted_while_regions);
	zassert_true(accepted_while_regions > 0);
}

static void regions_with_work(void *cpu_number, void *p2, void *p3)
{
	int cpu = POINTER_TO_INT(cpu_number);

	meet(cpu);
	for (uint32_t round = 0; round < ROUNDS / 8; round++) {
		(void)micrort_schedule(work_in_function, UINT_TO_POINTER(round));
		open_and_close(round + 3 * cpu);
		if (round % 32 == 0) {
			k_sleep(K_TICKS(1));
		}
	}
}

/** "Regions of different threads may overlap", on two CPUs */
ZTEST(smp, test_regions_on_both_cpus)
{
	reset_counts();
	ran_in_region = 0;
	region_errors = 0;
	executor_begin();
	start_on_both_cpus(regions_with_work);
	join_both();
	settle();
	executor_end();
	zassert_equal(region_errors, 0);
	zassert_equal(ran_in_region, 0);
	zassert_equal(in_a_region, 0);
	zassert_equal(nested, 0);
	zassert_equal(micrort_critical_exit(), -EPERM);
}

static atomic_t allocation_failed;
static atomic_t allocation_succeeded_locked;

static void lock_and_allocate(void *cpu_number, void *p2, void *p3)
{
	int cpu = POINTER_TO_INT(cpu_number);

	meet(cpu);
	for (uint32_t round = 0; round < ROUNDS; round++) {
		bool lock = cpu == 0 || round % 16 == 0;
		void *block;

		if (lock) {
			(void)micrort_heap_lock();
		}
		block = k_malloc(32);
		if (lock && block != NULL) {
			atomic_inc(&allocation_succeeded_locked);
		} else if (!lock && block == NULL) {
			atomic_inc(&allocation_failed);
		}
		k_free(block);
		if (lock && micrort_heap_unlock() != 0) {
			atomic_inc(&allocation_failed);
		}
	}
}

/** heap_lock "per thread": the lock of a thread on one CPU is none on the other */
ZTEST(smp, test_heap_lock_is_per_thread_on_both_cpus)
{
	struct micrort_heap_refusals before_it;
	struct micrort_heap_refusals after_it;

	micrort_heap_refusals_get(&before_it);
	start_on_both_cpus(lock_and_allocate);
	join_both();
	micrort_heap_refusals_get(&after_it);
	zassert_equal(atomic_get(&allocation_succeeded_locked), 0);
	zassert_equal(atomic_get(&allocation_failed), 0);
	zassert_equal(after_it.count - before_it.count, ROUNDS + ROUNDS / 16);
	zassert_equal(micrort_heap_locked(), 0);
}

static atomic_t one_ran;
static volatile uint32_t waited_too_long;

static void note_one(void *arg)
{
	ARG_UNUSED(arg);
	(void)atomic_inc(&one_ran);
}

static void sleep_or_schedule(void *cpu_number, void *p2, void *p3)
{
	int cpu = POINTER_TO_INT(cpu_number);

	meet(cpu);
	if (cpu == 0) {
		while (!stop) {
			/* Longer than the other one waits: only a wake-up helps. */
			(void)micrort_sleep(K_MSEC(2 * PATIENCE_MS));
		}
	} else {
		for (uint32_t i = 1; i <= ROUNDS / 8; i++) {
			int64_t start = k_uptime_get();

			(void)micrort_schedule(note_one, NULL);
			while (atomic_get(&one_ran) < i && k_uptime_get() - start < PATIENCE_MS) {
				/* From nearly at once to after the sleeper has fallen asleep. */
				k_busy_wait(i % 32);
			}
			if (atomic_get(&one_ran) < i) {
				waited_too_long++;
				break;
			}
		}
		stop = true;
		(void)micrort_schedule(note_one, NULL);
	}
}

/**
 * No wake-up is lost: with the poll executor, what is queued while a sleep on the other CPU begins
 * runs in it (the lesson of a drain before the sleep without a test after it)
 */
ZTEST(smp, test_no_wake_up_is_lost)
{
	stop = false;
	atomic_set(&one_ran, 0);
	waited_too_long = 0;
	start_on_both_cpus(sleep_or_schedule);
	join_both();
	settle();
	zassert_equal(waited_too_long, 0, "after %ld", (long)atomic_get(&one_ran));
	zassert_equal(atomic_get(&one_ran), ROUNDS / 8 + 1);
}

static atomic_t interrupts_taken;

static void take_or_raise(void *cpu_number, void *p2, void *p3)
{
	int cpu = POINTER_TO_INT(cpu_number);

	if (cpu == 0) {
		(void)micrort_kbd_intr_attach();
	}
	meet(cpu);
	for (uint32_t i = 1; i <= ROUNDS / 8; i++) {
		if (cpu == 0) {
			if (micrort_sleep(K_MSEC(2 * PATIENCE_MS)) == -EINTR) {
				(void)atomic_inc(&interrupts_taken);
			}
		} else {
			int64_t start = k_uptime_get();

			(void)micrort_kbd_intr_raise();
			while (atomic_get(&interrupts_taken) < i && k_uptime_get() - start < PATIENCE_MS) {
				k_busy_wait(i % 32);
			}
			if (atomic_get(&interrupts_taken) < i) {
				waited_too_long++;
			}
		}
	}
}

/** A keyboard interrupt raised on the other CPU: each wakes the sleep, once. */
ZTEST(smp, test_no_interrupt_is_lost)
{
	atomic_set(&interrupts_taken, 0);
	waited_too_long = 0;
	start_on_both_cpus(take_or_raise);
	join_both();
	zassert_equal(waited_too_long, 0);
	zassert_equal(atomic_get(&interrupts_taken), ROUNDS / 8);
}

static atomic_t looked;
static int stack_results[4];
static struct micrort_stack_usage stack_usage[4];

static void look_at_stacks(void *cpu_number, void *p2, void *p3)
{
	int cpu = POINTER_TO_INT(cpu_number);
	int64_t start = k_uptime_get();

	meet(cpu);
	if (cpu == 0) {
		stack_results[0] = micrort_stack_usage_get(helper_thread(2), &stack_usage[0]);
		stack_results[1] = micrort_stack_usage_get(helper_thread(1), &stack_usage[1]);
		stack_results[2] = micrort_stack_usage_get_isr(1, &stack_usage[2]);
		stack_results[3] = micrort_stack_usage_get_isr(CPUS, &stack_usage[3]);
		atomic_set(&looked, 1);
	}
	while (atomic_get(&looked) == 0 && k_uptime_get() - start < PATIENCE_MS) {
		k_busy_wait(10);
	}
}

/** stack_use.h: what another CPU uses at the moment is not known */
ZTEST(smp, test_stack_of_the_other_cpu)
{
	atomic_set(&looked, 0);
	start_on_both_cpus(look_at_stacks);
	join_both();
	for (int i = 0; i < 3; i++) {
		zassert_ok(stack_results[i]);
		zassert_true(stack_usage[i].size > 0 &&
			     stack_usage[i].size != MICRORT_STACK_UNKNOWN);
	}
	zassert_equal(stack_usage[0].used, MICRORT_STACK_UNKNOWN);
	zassert_between_inclusive(stack_usage[1].used, 1, stack_usage[1].size);
	zassert_equal(stack_usage[2].used, MICRORT_STACK_UNKNOWN);
	zassert_equal(stack_results[3], -EINVAL);
}
