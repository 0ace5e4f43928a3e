/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/* Twister sees cases in C only; each stands for a function of src/lib.rs. */

#include <zephyr/kernel.h>
#include <zephyr/ztest.h>

#include <micrort/micrort.h>

ZTEST_SUITE(rust_app, NULL, NULL, NULL, NULL, NULL);

#define RUST_TEST(name)                                                                            \
	int32_t name(void);                                                                        \
	ZTEST(rust_app, test_##name)                                                               \
	{                                                                                          \
		int32_t line = name();                                                             \
                                                                                                   \
		zassert_equal(line, 0, "src/lib.rs:%d", line);                                     \
	}

RUST_TEST(closures_run_in_order)
RUST_TEST(full_queue_gives_the_closure_back)
RUST_TEST(task_keeps_its_data)
RUST_TEST(region_keeps_functions_from_running)
RUST_TEST(heap_guard_refuses)
RUST_TEST(boxes_live_in_the_arena)
RUST_TEST(sleep_is_interrupted)
RUST_TEST(exceptions_are_raised_and_taken)
RUST_TEST(assertions_follow_the_level)
RUST_TEST(strings_and_constants_of_both_languages)

/* What src/lib.rs looks for, and finds. */
MICRORT_CONST(FROM_C, -1);
#ifdef CONSTANT_TWICE
/* src/lib.rs has it, too: then the image must not link (scripts/refusals.sh). */
MICRORT_CONST(FROM_RUST, 42);
#endif
MICRORT_QSTR_DEFINE(from_c, "from c");

/* From an interrupt, while Rust sleeps. */
static void interrupt(struct k_timer *timer)
{
	ARG_UNUSED(timer);

	(void)micrort_kbd_intr_raise();
}

static K_TIMER_DEFINE(interrupter, interrupt, NULL);

int32_t sleep_lasts_until_interrupted(uint64_t microseconds);

ZTEST(rust_app, test_long_sleep_does_not_end)
{
	/* For ever, and what comes out small where microseconds are multiplied by a rate of ticks. */
	static const uint64_t microseconds[] = {
		UINT64_MAX,
		UINT64_MAX - USEC_PER_SEC,
		UINT64_MAX / CONFIG_SYS_CLOCK_TICKS_PER_SEC + 1,
		1ULL << 63,
		86400ULL * USEC_PER_SEC,
	};

	ARRAY_FOR_EACH(microseconds, i) {
		k_timer_start(&interrupter, K_MSEC(50), K_NO_WAIT);
		zassert_equal(sleep_lasts_until_interrupted(microseconds[i]), 0);
	}
}

/* One order over both languages. */
static int c_ran;

static void c_function(void *arg)
{
	c_ran = *(int *)arg;
}

int32_t rust_runs_after_c(const int *c_ran);

ZTEST(rust_app, test_rust_runs_after_c)
{
	static int value = 7;

	zassert_ok(micrort_schedule(c_function, &value));
	zassert_equal(rust_runs_after_c(&c_ran), 0);
}
