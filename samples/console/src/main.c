/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/*
 * An application beside the command `micrort`: functions that a timer interrupt schedules, a storm of
 * them, a button that bounces, a task that is taken back, exceptions, interned words, and commands that
 * Ctrl-C stops.
 */

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include <zephyr/kernel.h>
#include <zephyr/shell/shell.h>
#include <zephyr/sys/atomic.h>
#include <zephyr/sys/util.h>

#include <micrort/micrort.h>

/* Compile-time constants, which `micrort const` looks up by name; the last one is hidden. */
MICRORT_CONST(TICK_PERIOD_MS, 100);
MICRORT_CONST(BURST_DEFAULT, 100);
MICRORT_CONST(LOOP_SECONDS, 60);
MICRORT_CONST(STORM_DEFAULT, 1000);
MICRORT_CONST_STR(SAMPLE_NAME, "console");
MICRORT_CONST_BOOL(HAS_BUTTON, true);
MICRORT_CONST(_NUMBERS_PER_STEP, 16);

/* Interned when the image is built: it takes no RAM. */
MICRORT_QSTR_DEFINE(word_button, "button");

static atomic_t ticks_scheduled;
static uint32_t ticks_run;

static void tick(void *arg)
{
	uint32_t *count = arg;

	(*count)++;
}

static void on_tick_interrupt(struct k_timer *timer)
{
	ARG_UNUSED(timer);

	if (micrort_schedule(tick, &ticks_run) == 0) {
		atomic_inc(&ticks_scheduled);
	}
}

static K_TIMER_DEFINE(tick_timer, on_tick_interrupt, NULL);

struct button {
	struct micrort_task task;
	atomic_t pressed;
	atomic_t joined;
	uint32_t counted;
	uint32_t runs;
};

/* The argument of a joined call is not lost: it waits in the task's owner. */
static void button_changed(struct micrort_task *task)
{
	struct button *button = CONTAINER_OF(task, struct button, task);

	button->counted += atomic_clear(&button->pressed);
	button->runs++;
}

static struct button button = {
	.task = MICRORT_TASK_INITIALIZER(button_changed),
};

static void on_button_interrupt(struct k_timer *timer)
{
	uintptr_t presses = (uintptr_t)k_timer_user_data_get(timer);

	for (uintptr_t i = 0; i < presses; i++) {
		atomic_inc(&button.pressed);
		if (micrort_task_schedule(&button.task) == MICRORT_TASK_JOINED) {
			atomic_inc(&button.joined);
		}
	}
}

static K_TIMER_DEFINE(button_timer, on_button_interrupt, NULL);

/* Interrupts that call until the queue is full. A call that is refused is made again by the next. */
struct storm {
	uint32_t calls;
	atomic_t called;
	uint32_t interrupts;
	uint32_t refused;
	uint32_t ran;
	uint32_t in_order;
};

static struct storm storm;

static void storm_call(void *arg)
{
	if ((uintptr_t)arg == storm.ran) {
		storm.in_order++;
	}
	storm.ran++;
}

static void on_storm_interrupt(struct k_timer *timer)
{
	storm.interrupts++;
	while ((uint32_t)atomic_get(&storm.called) < storm.calls) {
		if (micrort_schedule(storm_call, (void *)atomic_get(&storm.called)) != 0) {
			storm.refused++;
			return;
		}
		atomic_inc(&storm.called);
	}
	k_timer_stop(timer);
}

static K_TIMER_DEFINE(storm_timer, on_storm_interrupt, NULL);

static uint32_t cancel_runs;

static void count_run(struct micrort_task *task)
{
	ARG_UNUSED(task);

	cancel_runs++;
}

static MICRORT_TASK_DEFINE(cancel_task, count_run);

static int parse(const struct shell *sh, const char *text, long min, long max, long *value)
{
	int err = 0;

	*value = shell_strtol(text, 10, &err);
	if (err != 0 || !IN_RANGE(*value, min, max)) {
		shell_error(sh, "%s: not a number from %ld to %ld", text, min, max);
		return -EINVAL;
	}

	return 0;
}

static int cmd_stats(const struct shell *sh, size_t argc, char **argv)
{
	ARG_UNUSED(argc);
	ARG_UNUSED(argv);

	shell_print(sh, "timer interrupt: %ld scheduled, %u ran", (long)atomic_get(&ticks_scheduled),
		    ticks_run);
	return 0;
}

static int cmd_burst(const struct shell *sh, size_t argc, char **argv)
{
	long presses = BURST_DEFAULT;
	uint32_t runs = button.runs;
	uint32_t counted = button.counted;
	long joined = atomic_get(&button.joined);
	int err;

	if (argc > 1) {
		err = parse(sh, argv[1], 1, 10000, &presses);
		if (err != 0) {
			return err;
		}
	}

	k_timer_user_data_set(&button_timer, (void *)presses);
	k_timer_start(&button_timer, K_MSEC(10), K_NO_WAIT);

	err = micrort_sleep(K_MSEC(100));
	if (err != 0) {
		return err;
	}

	shell_print(sh, "%ld presses in one interrupt: %u counted, %ld joined, %u runs", presses,
		    button.counted - counted, (long)atomic_get(&button.joined) - joined,
		    button.runs - runs);

	return 0;
}

static int cmd_storm(const struct shell *sh, size_t argc, char **argv)
{
	long calls = STORM_DEFAULT;
	int err;

	if (argc > 1) {
		err = parse(sh, argv[1], 1, 10000, &calls);
		if (err != 0) {
			return err;
		}
	}

	storm = (struct storm){.calls = calls};
	k_timer_start(&storm_timer, K_MSEC(1), K_MSEC(1));
	do {
		err = micrort_sleep(K_MSEC(10));
	} while (err == 0 && (uint32_t)atomic_get(&storm.called) < storm.calls);
	k_timer_stop(&storm_timer);

	(void)micrort_flush();
	if (err != 0) {
		return err;
	}

	shell_print(sh, "%ld calls in %u interrupts: %u ran, %u in order; queue full %u times",
		    calls, storm.interrupts, storm.ran, storm.in_order, storm.refused);

	return 0;
}

static int cmd_cancel(const struct shell *sh, size_t argc, char **argv)
{
	uint32_t before = cancel_runs;
	uint32_t cancelled;
	bool was_queued;
	int err;

	ARG_UNUSED(argc);
	ARG_UNUSED(argv);

	/* Else the task would run at once. */
	err = micrort_critical_enter();
	if (err != 0) {
		return err;
	}
	(void)micrort_task_schedule(&cancel_task);
	was_queued = micrort_task_cancel_sync(&cancel_task) == 1;
	(void)micrort_critical_exit();
	(void)micrort_flush();
	cancelled = cancel_runs - before;

	(void)micrort_task_schedule(&cancel_task);
	(void)micrort_task_flush(&cancel_task);

	shell_print(sh, "queued, %s, %u runs; queued again, %u runs",
		    was_queued ? "taken back" : "not found", cancelled,
		    cancel_runs - before - cancelled);

	return 0;
}

static int allocate(const struct shell *sh, size_t size)
{
	struct micrort_heap_refusals before;
	struct micrort_heap_refusals after;
	void *block;

	micrort_heap_refusals_get(&before);
	block = k_malloc(size);
	micrort_heap_refusals_get(&after);

	if (block != NULL) {
		shell_print(sh, "allocated %zu bytes", size);
		k_free(block);
		return 0;
	}

	shell_print(sh, "%s %zu bytes",
		    after.count != before.count ? "refused: the heap is locked," : "no room for",
		    size);

	return -ENOMEM;
}

static int cmd_alloc(const struct shell *sh, size_t argc, char **argv)
{
	bool locked = argc > 2;
	long size;
	int err;

	err = parse(sh, argv[1], 1, 1000000, &size);
	if (err != 0) {
		return err;
	}

	if (locked) {
		if (strcmp(argv[2], "locked") != 0) {
			shell_error(sh, "%s: not \"locked\"", argv[2]);
			return -EINVAL;
		}
		err = micrort_heap_lock();
		if (err != 0) {
			return err;
		}
	}

	err = allocate(sh, size);

	if (locked) {
		(void)micrort_heap_unlock();
	}

	return err;
}

static void raise_in_function(void *arg)
{
	(void)micrort_raise(&micrort_exc_value_error, "channel %d: %s", 3, (const char *)arg);
}

/* An interrupt finds the heap locked or not; the emergency buffer keeps what it raises. */
static void raise_in_interrupt(struct k_timer *timer)
{
	raise_in_function(k_timer_user_data_get(timer));
}

static K_TIMER_DEFINE(raise_timer, raise_in_interrupt, NULL);

static int cmd_raise(const struct shell *sh, size_t argc, char **argv)
{
	static char text[32];

	ARG_UNUSED(sh);

	strncpy(text, argc > 2 ? argv[2] : "out of range", sizeof(text) - 1);
	if (argc > 1 && strcmp(argv[1], "function") == 0) {
		return micrort_schedule(raise_in_function, text);
	}
	if (argc > 1 && strcmp(argv[1], "interrupt") == 0) {
		k_timer_user_data_set(&raise_timer, text);
		k_timer_start(&raise_timer, K_NO_WAIT, K_NO_WAIT);
		return micrort_sleep(K_MSEC(20));
	}
	raise_in_function(text);

	return 0;
}

static int cmd_intern(const struct shell *sh, size_t argc, char **argv)
{
	int id = micrort_qstr_from_str(argv[1]);

	ARG_UNUSED(argc);

	if (id < 0) {
		shell_error(sh, "not interned: error %d", id);
		return id;
	}
	shell_print(sh, "%d: %s, %d bytes", id, micrort_qstr_str(id), micrort_qstr_len(id));

	return 0;
}

static bool is_prime(uint32_t number)
{
	for (uint32_t divisor = 2; divisor * divisor <= number; divisor++) {
		if (number % divisor == 0) {
			return false;
		}
	}

	return number > 1;
}

static int cmd_loop(const struct shell *sh, size_t argc, char **argv)
{
	long seconds = LOOP_SECONDS;
	uint32_t primes = 0;
	int64_t end;
	int err;

	if (argc > 1) {
		err = parse(sh, argv[1], 1, 3600, &seconds);
		if (err != 0) {
			return err;
		}
	}

	shell_print(sh, "counting primes for %ld seconds; Ctrl-C stops", seconds);
	end = k_uptime_get() + seconds * MSEC_PER_SEC;

	for (uint32_t number = 0; k_uptime_get() < end; number++) {
		primes += is_prime(number);
		if (number % _NUMBERS_PER_STEP != 0) {
			continue;
		}

		if (IS_ENABLED(CONFIG_ARCH_POSIX)) {
			/* There, computing takes no time and lets no interrupt in. */
			k_busy_wait(1000);
		}

		err = micrort_check();
		if (err != 0) {
			shell_print(sh, "interrupted after %u primes", primes);
			return err;
		}
	}

	shell_print(sh, "finished after %u primes", primes);

	return 0;
}

static int cmd_sleep(const struct shell *sh, size_t argc, char **argv)
{
	int64_t start = k_uptime_get();
	long seconds;
	int err;

	ARG_UNUSED(argc);

	err = parse(sh, argv[1], 0, 3600, &seconds);
	if (err != 0) {
		return err;
	}

	shell_print(sh, "sleeping for %ld seconds; Ctrl-C stops", seconds);

	err = micrort_sleep(K_SECONDS(seconds));
	if (err != 0) {
		shell_print(sh, "interrupted after %lld ms", k_uptime_get() - start);
		return err;
	}

	shell_print(sh, "slept for %lld ms", k_uptime_get() - start);

	return 0;
}

SHELL_STATIC_SUBCMD_SET_CREATE(
	raise_places,
	SHELL_CMD(function, NULL, "In a scheduled function, which prints it.", NULL),
	SHELL_CMD(interrupt, NULL, "In a timer interrupt.", NULL),
	SHELL_CMD(thread, NULL, "In this thread.", NULL),
	SHELL_SUBCMD_SET_END);

SHELL_STATIC_SUBCMD_SET_CREATE(
	app_commands,
	SHELL_CMD_ARG(alloc, NULL, "Allocate and free a block: alloc SIZE [locked].", cmd_alloc, 2,
		      1),
	SHELL_CMD_ARG(burst, NULL, "Press a button from an interrupt: burst [PRESSES], default 100.",
		      cmd_burst, 1, 1),
	SHELL_CMD_ARG(cancel, NULL, "Queue a task, and take it back before it runs.", cmd_cancel, 1,
		      0),
	SHELL_CMD_ARG(intern, NULL, "Intern a word: intern WORD.", cmd_intern, 2, 0),
	SHELL_CMD_ARG(loop, NULL, "Compute until Ctrl-C: loop [SECONDS], default 60.", cmd_loop,
		      1, 1),
	SHELL_CMD_ARG(raise, &raise_places,
		      "Raise an exception: raise [thread|interrupt|function] [TEXT].", cmd_raise, 1,
		      2),
	SHELL_CMD_ARG(sleep, NULL, "Sleep until Ctrl-C: sleep SECONDS.", cmd_sleep, 2, 0),
	SHELL_CMD_ARG(stats, NULL, "Show what the timer interrupt has scheduled.", cmd_stats, 1, 0),
	SHELL_CMD_ARG(storm, NULL,
		      "Fill the queue from interrupts: storm [CALLS], default 1000.", cmd_storm, 1,
		      1),
	SHELL_SUBCMD_SET_END);

static int cmd_app(const struct shell *sh, size_t argc, char **argv)
{
	if (argc > 1) {
		shell_error(sh, "%s: no such subcommand", argv[1]);
	}
	shell_help(sh);

	return argc > 1 ? -EINVAL : SHELL_CMD_HELP_PRINTED;
}

SHELL_CMD_REGISTER(app, &app_commands, "What the application does.", cmd_app);

int main(void)
{
	k_timer_start(&tick_timer, K_MSEC(TICK_PERIOD_MS), K_MSEC(TICK_PERIOD_MS));
	/* A thread that has ended would have no row in `micrort stack_use`. */
	k_sleep(K_FOREVER);

	return 0;
}
