/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief A thread of low priority is preempted at any instruction of its calls, while the executor
 * may not have been woken yet: what an interrupt asks for then comes before threads of lower
 * priority than the executor's.
 */

#include <zephyr/ztest.h>

#include "executor.h"
#include "helpers.h"

/* Where an interrupt comes everywhere, as instructions are the clock. */
#define INTERRUPTS (IS_ENABLED(CONFIG_CPU_CORTEX_M) ? 2000 : 100)

#define PRIORITY_IN_BETWEEN MAX(EXECUTOR_PRIORITY + 1, 1)

static K_SEM_DEFINE(tick, 0, 1);
static volatile uint32_t interrupts;
static volatile uint32_t late;
static volatile bool asked;
static volatile bool finished;

static void answer(void *arg)
{
	ARG_UNUSED(arg);
	asked = false;
}

static void answer_task(struct micrort_task *task)
{
	ARG_UNUSED(task);
	asked = false;
}

static MICRORT_TASK_DEFINE(task, answer_task);

static void expired(struct k_timer *timer)
{
	ARG_UNUSED(timer);
	asked = true;
	if (interrupts % 2 == 0 || micrort_schedule(answer, NULL) == -ENOBUFS) {
		(void)micrort_task_schedule(&task);
	}
	interrupts++;
	k_sem_give(&tick);
}

static K_TIMER_DEFINE(timer, expired, NULL);

static void come_in_between(void *p1, void *p2, void *p3)
{
	while (!finished) {
		(void)k_sem_take(&tick, PATIENCE);
		if (asked) {
			late++;
		}
	}
}

static void after(void *fixture)
{
	k_timer_stop(&timer);
	helpers_after(fixture);
}

ZTEST_SUITE(preempted, NULL, NULL, NULL, after, NULL);

ZTEST(preempted, test_stopped_producer_holds_up_nobody)
{
	uint32_t rounds = 0;
	uint32_t ends_at;

	executor_begin();
	helper_start(1, PRIORITY_IN_BETWEEN, come_in_between, NULL);
	k_thread_priority_set(k_current_get(), PRIORITY_IN_BETWEEN + 1);
	/* The executor is about to sleep. */
	let_others_run();
	k_timer_start(&timer, K_TICKS(1), K_TICKS(1));
	ends_at = interrupts + INTERRUPTS;
	while (interrupts < ends_at) {
		/* How long a round takes varies, so that interrupts come everywhere. */
		for (uint32_t i = 0; i < rounds % 8; i++) {
			arch_nop();
		}
		if (rounds % 2 == 0) {
			(void)micrort_schedule(answer, NULL);
		} else {
			(void)micrort_task_schedule(&task);
		}
		rounds++;
		if (IS_ENABLED(CONFIG_ARCH_POSIX)) {
			/* Its clock stands still while a program runs. */
			k_busy_wait(100);
		}
	}
	finished = true;
	helper_join(1);
	k_timer_stop(&timer);
	settle();
	executor_end();

	TC_PRINT("%u rounds, %u interrupts\n", rounds, interrupts);
	zassert_equal(late, 0, "%u times", late);
}
