/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief Both directions between the Rust library and the C glue. Not for applications.
 *
 * bindgen reads the first half for the Rust side (src/port/zephyr.rs); the second half is
 * defined in src/ffi/, mostly in glue.rs, and in src/port/mod.rs.
 */

#ifndef MICRORT_GLUE_PORT_H_
#define MICRORT_GLUE_PORT_H_

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <zephyr/kernel.h>

#include <micrort/micrort.h>

#include "config.h"
#include "memory.h"

/**
 * Version of what stands in this file, and of the structs and macros of include/micrort/ that both sides know.
 * The library has a symbol with this number in its name (src/ffi/glue.rs), which the linker looks for.
 */
#define MICRORT_PORT_ABI 1

/* C for Rust: the kernel's inline functions and objects. */

/**
 * Lock of all of micrort's state: a k_spinlock; never nested. zephyr-sys/src/cpu.rs does it, and some more of these,
 * inline on most Cortex-M.
 */
unsigned int micrort_port_lock(void);
void micrort_port_unlock(unsigned int key);

/**
 * What a thread holds, in its own storage. Zero when the thread begins. src/port/mod.rs has the same
 * struct. A user thread can write its own: nothing here may be trusted of one.
 */
struct micrort_thread_state {
	uint16_t heap_depth;
	uint16_t regions;
};

/** Of the calling thread, or the one that was interrupted; of the main thread before the kernel runs. */
struct micrort_thread_state *micrort_port_own_state(void);
/** Distance from a thread's storage to its state, the same in every thread. */
extern uintptr_t micrort_state_offset;
/** Before the kernel runs: no thread has storage, and there is this state. */
#define MICRORT_NO_STORAGE UINTPTR_MAX
extern struct micrort_thread_state micrort_boot_state;
/** Of a thread that has not ended, or NULL if it has none that can be trusted. */
struct micrort_thread_state *micrort_port_state_of(k_tid_t thread);

k_tid_t micrort_port_current(void);
bool micrort_port_in_isr(void);
/** Call @a fn; how many cycles that took. With CONFIG_MICRORT_SCHEDULE_TIMING. */
uint32_t micrort_port_call_timed(micrort_fn_t fn, void *arg);

/**
 * Make the executor run micrort_executor_pass() soon; with polling, tell who polls. From any context, lock
 * not held.
 */
void micrort_port_wake_executor(void);
/**
 * The same after a pause of a tick or two, in which threads of lower priority run. At the end of a pass, by
 * whoever runs it.
 */
void micrort_port_wake_executor_later(void);

/** Where threads poll: micrort_executor_pass_of(); else 0. From threads, lock not held. */
size_t micrort_port_poll_pass(size_t most);

/** A number that changes whenever sleepers are woken. */
uint32_t micrort_port_sleep_round(void);
/** Block until that number is not @a round. From threads, lock not held. */
void micrort_port_sleep_until_woken(uint32_t round);
/** Let every thread in micrort_sleep() look again. From any context, lock not held. */
void micrort_port_wake_sleepers(void);

/** The mutex that the executor holds for a pass; it lends the executor a waiter's priority. */
int micrort_port_pass_try_lock(void);
void micrort_port_pass_unlock(void);
/** Block until no pass is under way. */
void micrort_port_pass_wait(void);

/**
 * @a thread, which has a pass under way, has ended: call micrort_executor_abandoned() soon. Where functions
 * run in an essential thread, the kernel panics instead.
 */
void micrort_port_pass_abandoned(k_tid_t thread);

/** Who runs a command of the shell, or NULL; without a shell the main thread. From any context, lock held. */
k_tid_t micrort_port_default_foreground(const struct shell *sh);

/** Whether @a dev is a micrort,kbd-uart. With CONFIG_MICRORT_KBD_UART. */
bool micrort_is_kbd_uart(const struct device *dev);

/** Sleep with @a poll (negative: stop and return it) at each wake-up. */
int micrort_port_sleep(k_timeout_t timeout, int (*poll)(void));
/** The same with micrort_poll(); what is more ticks than the kernel can count is for ever. */
int micrort_port_sleep_us(uint64_t microseconds);

/** Milliseconds since boot; wraps. */
uint32_t micrort_port_uptime_ms(void);

/** Ticks since boot, and how many are a second (embassy-time). From any context. */
uint64_t micrort_port_clock(void);
uint32_t micrort_port_clock_hz(void);
/**
 * Call @a call in an interrupt when the clock reads @a at, or earlier where that is far away; of several calls
 * the last one counts. @a call is always the same. From any context.
 */
void micrort_port_set_alarm(uint64_t at, void (*call)(void));

/** Mask interrupts, and keep other CPUs out; true for the first of nested sections. From any context. */
bool micrort_port_section_begin(void);
/** The end of the first one. Where @a woken, a thread of higher priority may run at once. */
void micrort_port_section_end(bool woken);

/** Keep the CPU from every other thread. From threads. */
void micrort_port_sched_lock(void);
void micrort_port_sched_unlock(void);

/** In a thread: the same, and true. In an interrupt and before the kernel runs: false. */
bool micrort_port_hold_cpu(void);

/** Copy a thread's name, without its NUL; 0 if it has none. From any context. */
size_t micrort_port_thread_name(k_tid_t thread, char *buffer, size_t size);

/** Where an exception was raised. */
struct micrort_port_place {
	const char *file;
	unsigned int line;
	unsigned int interrupt;
	size_t address_count;
	uintptr_t addresses[MICRORT_EXCEPTION_ADDRESSES_MAX];
};

/** The next argument of a va_list that micrort_raise_at() lends. From any context. */
uint64_t micrort_port_number_argument(void *arguments, bool wide);
const char *micrort_port_text_argument(void *arguments, size_t limit, size_t *length);

/** printk() of text that no NUL ends. */
void micrort_port_print(const char *text, size_t length);

/** Print in the shell @a sh, whose command calls. What is not 0 ends the command. */
int micrort_port_shell_print(void *sh, const char *text, size_t length, bool error);
/** Whether the terminal of that shell knows the sequences of VT100. */
bool micrort_port_shell_has_cursor(void *sh);
/** Wait for a key, which is the answer; -EAGAIN after that time, -EINTR for the interrupt character. */
int micrort_port_shell_wait(void *sh, uint32_t milliseconds);

void micrort_port_warn_region_left_open(unsigned int depth);
void micrort_port_warn_region_of_ended_thread(k_tid_t thread);
void micrort_port_warn_heap_locked_at_prompt(unsigned int depth);
/** A task was overwritten while it was queued. */
void micrort_port_report_damaged_task(void);
FUNC_NORETURN void micrort_port_panic(void);

/* Rust for C. */

/** One pass over the queue; the executor's handler. */
void micrort_executor_pass(void);
/** The same, for the executor that is an interrupt. */
void micrort_executor_pass_in_interrupt(void);
/** The same, of at most so many functions, for the poll executor; how many ran. */
size_t micrort_executor_pass_of(size_t most);
/** Something has become pending: tell who sleeps or waits for that. From any context, lock not held. */
void micrort_pending_became(void);
/** micrort_pending_callback_set() for the signal. */
void micrort_pending_signal_hook(micrort_fn_t fn, void *arg);
/** The executor has started: what was queued before may run. */
void micrort_executor_start(void);
/** The mutex of the pass is free, whose thread has ended. */
void micrort_executor_abandoned(void);
/** A thread with this state is about to end. The answer is for micrort_thread_ended(). */
uint16_t micrort_thread_ending(struct micrort_thread_state *state);
/** The regions of @a thread are closed, which goes on without them. */
void micrort_regions_close(k_tid_t thread, uint16_t regions);
/** @a thread has ended; what it held is released. */
void micrort_thread_ended(k_tid_t thread, uint16_t regions);
/** The shell on a console. */
void micrort_console_set_shell(struct micrort_console *console, const struct shell *sh);
/** The thread, other than its shell's, that runs a command of that shell; NULL ends it. */
void micrort_console_lend(struct micrort_console *console, k_tid_t borrower);

/** `micrort` and its subcommands. */
struct micrort_command;
extern const struct micrort_command micrort_command_root, micrort_command_const, micrort_command_emergency,
	micrort_command_exception, micrort_command_heap, micrort_command_kbd_intr,
	micrort_command_mem_info, micrort_command_opt_level, micrort_command_qstr_info,
	micrort_command_schedule, micrort_command_stack_use, micrort_command_top;
/** Answer of a command that was not complete, whose help was printed. */
#define MICRORT_COMMAND_HELP 1
/** Run `micrort`; @a words stand behind it. Answers 0, MICRORT_COMMAND_HELP or an errno. */
int micrort_command(size_t count, const char *const *words, void *sh);
/** What can stand behind @a command; false at the end of the list. */
bool micrort_command_below(const struct micrort_command *command, size_t index, const char **name,
			   const char **help);

/** Depth of the system's lock, where that is configured. */
extern uint16_t micrort_heap_lock_depth;
/** Else not 0 while a thread holds a heap lock. */
extern volatile uint32_t micrort_heap_locks;
/** Whether the caller may not allocate; if so, the refusal is recorded. */
bool micrort_heap_refuse(size_t size, void *caller);
/** micrort_raise_at() in a thread, and in an interrupt: the second neither allocates nor renders. */
int micrort_exception_raise(const struct micrort_exception_type *type,
			    const struct micrort_port_place *place, const char *fmt,
			    void *arguments);
int micrort_exception_raise_isr(const struct micrort_exception_type *type,
				const struct micrort_port_place *place, const char *fmt,
				void *arguments);
/** The private arena, without a look at the heap lock. */
void *micrort_arena_alloc(size_t size);
void micrort_arena_free(void *block);

#endif /* MICRORT_GLUE_PORT_H_ */
