/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief From interrupts and several threads at once, a million accepted functions: each runs
 * exactly once, in order per producer; accepted + refused = attempted. thread/stress_schedule.py
 */

#include <zephyr/sys/atomic.h>
#include <zephyr/ztest.h>

#include "controls.h"
#include "executor.h"
#include "helpers.h"
#include "interrupts.h"

enum producer_id {
	FIRST_THREAD,
	SECOND_THREAD,
	THIRD_THREAD,
	LOW_INTERRUPT,
	HIGH_INTERRUPT,
	TIMER,
	PRODUCERS,
};

static const char *const names[PRODUCERS] = {
	"thread 1", "thread 2", "thread 3", "low interrupt", "high interrupt", "timer",
};

/*
 * scripts/storm.py writes it into the image: where QEMU counts instructions, one seed is one run, again
 * and again. Not 0, which would have no place in the file.
 */
const volatile uint32_t storm_seed = 1;

static void run_task(struct micrort_task *task);

/* Each is written by one producer, but for what `executor` says. */
static struct producer {
	/* Whether it is at it; if another CPU is at it, too, there is no order to keep. */
	atomic_t at_it;
	uint32_t attempted;
	uint32_t accepted;
	uint32_t refused;
	uint32_t random;
	/* Executor: the number that must come next. */
	uint32_t expected;
	struct micrort_task task;
	/* What the producer wants its task to see, and what it saw. */
	uint32_t posted;
	uint32_t seen;
	uint32_t task_queued;
	uint32_t task_joined;
	/* Executor. */
	uint32_t task_runs;
} producers[PRODUCERS] = {
	[0 ... PRODUCERS - 1] = {.task = MICRORT_TASK_INITIALIZER(run_task)},
};

/* One task that all of them own. */
static void run_shared(struct micrort_task *task);
static MICRORT_TASK_DEFINE(shared, run_shared);
static atomic_t shared_queued;
static uint32_t shared_runs;

static uint32_t out_of_order;
static uint32_t wrong_answers;
static uint32_t nested;
static atomic_t twice_at_once;
static atomic_t running;
static volatile bool stop;

static void function_begins(void)
{
	nested += atomic_inc(&running) != 0;
}

static void function_ends(void)
{
	(void)atomic_dec(&running);
}

static void run_function(void *arg)
{
	uint32_t value = (uint32_t)POINTER_TO_UINT(arg);
	struct producer *producer = &producers[value >> 28];

	function_begins();
	out_of_order += (value & BIT_MASK(28)) != producer->expected;
	producer->expected++;
	controls_in_function();
	function_ends();
}

static void run_task(struct micrort_task *task)
{
	struct producer *producer = CONTAINER_OF(task, struct producer, task);

	function_begins();
	producer->seen = producer->posted;
	producer->task_runs++;
	function_ends();
}

static void run_shared(struct micrort_task *task)
{
	ARG_UNUSED(task);

	function_begins();
	shared_runs++;
	function_ends();
}

static bool produce(enum producer_id id)
{
	struct producer *producer = &producers[id];
	uint32_t value = (uint32_t)id << 28 | producer->accepted;

	producer->attempted++;
	switch (micrort_schedule(run_function, UINT_TO_POINTER(value))) {
	case 0:
		producer->accepted++;
		return true;
	case -ENOBUFS:
		producer->refused++;
		return false;
	default:
		wrong_answers++;
		return false;
	}
}

static void produce_tasks(enum producer_id id)
{
	struct producer *producer = &producers[id];

	producer->posted++;
	switch (micrort_task_schedule(&producer->task)) {
	case 0:
		producer->task_queued++;
		break;
	case MICRORT_TASK_JOINED:
		producer->task_joined++;
		break;
	default:
		wrong_answers++;
		break;
	}
	switch (micrort_task_schedule(&shared)) {
	case 0:
		(void)atomic_inc(&shared_queued);
		break;
	case MICRORT_TASK_JOINED:
		break;
	default:
		wrong_answers++;
		break;
	}
}

static bool burst(enum producer_id id, int size)
{
	bool all = true;

	if (atomic_inc(&producers[id].at_it) != 0) {
		(void)atomic_inc(&twice_at_once);
	}
	for (int i = 0; i < size; i++) {
		all &= produce(id);
	}
	(void)atomic_dec(&producers[id].at_it);
	return all;
}

/* 3 to 9, by a linear congruence. */
static int random_size(enum producer_id id)
{
	producers[id].random = producers[id].random * 1664525 + 1013904223;
	return 3 + (producers[id].random >> 16) % 7;
}

static void high_interrupt(void *arg)
{
	ARG_UNUSED(arg);

	(void)burst(HIGH_INTERRUPT, 3);
	produce_tasks(HIGH_INTERRUPT);
	controls_in_interrupt();
}

static void low_interrupt(void *arg)
{
	ARG_UNUSED(arg);

	(void)burst(LOW_INTERRUPT, 3);
	if (INTERRUPTS_NEST) {
		interrupt_high(high_interrupt, NULL);
	}
	(void)burst(LOW_INTERRUPT, 2);
	produce_tasks(LOW_INTERRUPT);
	controls_in_interrupt();
}

static K_SEM_DEFINE(timer_ended, 0, 1);

/*
 * Starts itself again when it is done. The kernel runs the function of a periodic timer on two CPUs
 * at once if it takes longer than the period, and it does where QEMU lets a CPU stand still.
 */
static void timer_expired(struct k_timer *timer)
{
	(void)burst(TIMER, 5);
	produce_tasks(TIMER);
	if (stop) {
		k_sem_give(&timer_ended);
	} else {
		k_timer_start(timer, K_TICKS(4), K_NO_WAIT);
	}
}

static K_TIMER_DEFINE(timer, timer_expired, NULL);

/*
 * The lines are pended by one thread each: with irq_offload() a line is a call of its thread, and
 * a producer must not run twice at once.
 */
static const int pauses[] = {[FIRST_THREAD] = 40, [SECOND_THREAD] = 30, [THIRD_THREAD] = 1};

static void thread_producer(void *thread_id, void *p2, void *p3)
{
	enum producer_id id = POINTER_TO_INT(thread_id);

	producers[id].random = storm_seed + id;
	for (uint32_t round = 1; !stop; round++) {
		bool all = burst(id, random_size(id));

		produce_tasks(id);
		controls_in_thread(round);
		if (id == FIRST_THREAD) {
			interrupt_low(low_interrupt, NULL);
		} else if (id == SECOND_THREAD) {
			interrupt_high(high_interrupt, NULL);
		}
		if (id == THIRD_THREAD) {
			/* A region now and then, at the lowest priority. */
			wrong_answers += micrort_critical_enter() != 0;
			wrong_answers += atomic_get(&running) != 0;
			(void)burst(id, 2);
			if (round % 4 == 0) {
				/* Long enough for the others to fill the queue. */
				k_busy_wait(2 * USEC_PER_MSEC);
			}
			wrong_answers += atomic_get(&running) != 0;
			wrong_answers += micrort_critical_exit() != 0;
		}
		if (!all || round % 8 == 0) {
			/* Leave time to what is less urgent, the executor perhaps. */
			k_sleep(K_TICKS(pauses[id]));
		}
	}
}

static uint32_t total_accepted(void)
{
	uint32_t total = 0;

	for (int i = 0; i < PRODUCERS; i++) {
		total += producers[i].accepted;
	}
	return total;
}

ZTEST_SUITE(storm, NULL, NULL, NULL, helpers_after, NULL);

ZTEST(storm, test_every_accepted_function_runs_once_in_order)
{
	static const int priorities[] = {3, 3, 8};
	struct micrort_schedule_stats before = stats_now();
	struct micrort_schedule_stats after;
	uint32_t attempted = 0;
	uint32_t accepted = 0;
	uint32_t refused = 0;
	uint32_t run = 0;
	uint32_t tasks_queued = 0;
	uint32_t tasks_run = 0;
	uint32_t tasks_joined = 0;
	int64_t start = k_uptime_get();

	executor_begin();
	controls_begin();
	for (int i = 0; i < ARRAY_SIZE(priorities); i++) {
		helper_start(1 + i, priorities[i], thread_producer, INT_TO_POINTER(i));
	}
	k_timer_start(&timer, K_TICKS(4), K_NO_WAIT);
	while (total_accepted() < CONFIG_STORM_GOAL) {
		k_msleep(10);
		zassert_true(k_uptime_get() - start < 900 * MSEC_PER_SEC, "%u accepted",
			     total_accepted());
	}
	stop = true;
	for (int i = 0; i < ARRAY_SIZE(priorities); i++) {
		helper_join(1 + i);
	}
	zassert_ok(k_sem_take(&timer_ended, PATIENCE));
	controls_end();
	settle();
	executor_end();

	for (int i = 0; i < PRODUCERS; i++) {
		struct producer *producer = &producers[i];

		TC_PRINT("%-14s attempted %7u accepted %7u refused %7u run %7u; task queued %6u "
			 "joined %6u run %6u\n",
			 names[i], producer->attempted, producer->accepted, producer->refused,
			 producer->expected, producer->task_queued, producer->task_joined,
			 producer->task_runs);
		attempted += producer->attempted;
		accepted += producer->accepted;
		refused += producer->refused;
		run += producer->expected;
		tasks_queued += producer->task_queued;
		tasks_joined += producer->task_joined;
		tasks_run += producer->task_runs;
	}
	after = stats_now();
	TC_PRINT("total: attempted %u, accepted %u, refused %u, run %u; tasks queued %u, joined "
		 "%u, run %u; shared task queued %ld, run %u; high-water mark %u\n",
		 attempted, accepted, refused, run, tasks_queued, tasks_joined, tasks_run,
		 (long)atomic_get(&shared_queued), shared_runs, after.high_water);
	/* For scripts/storm.py. */
	TC_PRINT("storm: cpus %d seed %u attempted %u accepted %u refused %u run %u out_of_order %u "
		 "nested %u\n",
		 CONFIG_MP_MAX_NUM_CPUS, storm_seed, attempted, accepted, refused, run,
		 out_of_order, nested);

	zassert_true(accepted >= CONFIG_STORM_GOAL);
	zassert_equal(wrong_answers, 0);
	zassert_equal(atomic_get(&twice_at_once), 0);
	zassert_equal(out_of_order, 0);
	zassert_equal(nested, 0);
	zassert_equal(accepted + refused, attempted);
	for (int i = 0; i < PRODUCERS; i++) {
		struct producer *producer = &producers[i];

		zassert_true(producer->accepted > 0 || (i == HIGH_INTERRUPT && !INTERRUPTS_NEST),
			     "%s", names[i]);
		zassert_equal(producer->expected, producer->accepted, "%s", names[i]);
		zassert_equal(producer->task_runs, producer->task_queued, "%s", names[i]);
		/* The last call was before the last run, or had it join that run. */
		zassert_equal(producer->seen, producer->posted, "%s", names[i]);
	}
	zassert_equal(shared_runs, (uint32_t)atomic_get(&shared_queued));

	/* The module's own counters say the same. */
	zassert_equal(after.refused - before.refused, refused);
	zassert_equal(after.accepted - before.accepted, accepted + tasks_queued + shared_runs);
	zassert_equal(after.run - before.run, accepted + tasks_queued + shared_runs);
	zassert_true(after.high_water <= DEPTH + PRODUCERS + 1);
	if (refused > 0) {
		zassert_true(after.high_water >= DEPTH);
	}
	zassert_equal(atomic_get(&interrupts_not_real), 0);
}
