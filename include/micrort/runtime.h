/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief Hooks for language runtimes.
 */

#ifndef MICRORT_RUNTIME_H_
#define MICRORT_RUNTIME_H_

#include <stdbool.h>
#include <stdint.h>

#include <zephyr/kernel.h>

#include <micrort/schedule.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @defgroup micrort_runtime Hooks for language runtimes
 * @ingroup micrort
 *
 * What an interpreter or another loop with safe points needs beside micrort_poll(): to know whether there
 * is something to do, and to be told; to run some functions and not others; the roots for a garbage
 * collector; a way out of a function that does not return; a soft reset. See also
 * micrort_critical_enter_no_wait(), micrort_heap_may_allocate(), micrort_check_here(),
 * micrort_emergency_exception_buf_set() and micrort_exception_report_with().
 *
 * None of this is for user threads.
 *
 * @since 0.1
 * @{
 */

/** @cond INTERNAL_HIDDEN */
extern volatile uint8_t micrort_maybe_pending;
bool micrort_pending_slow(void);
/** @endcond */

/**
 * @brief Tell whether micrort_poll() would find something to do.
 *
 * That is an interrupt (micrort_kbd_intr()) for the calling thread, or, with
 * @kconfig{CONFIG_MICRORT_EXECUTOR_POLL}, functions that may run. Mostly one load decides: it can stand
 * between any two steps of a loop.
 *
 * @return whether it would; false inside a scheduled function and in an interrupt.
 */
static inline bool micrort_pending(void)
{
	return micrort_maybe_pending != 0 && micrort_pending_slow();
}

/**
 * @brief Be called whenever something becomes pending.
 *
 * @a fn is called in the context in which that happens, mostly an interrupt, and now if something is
 * pending already. It may be called once too often, and for another thread's interrupt:
 * micrort_pending() tells. It must not block. Another CPU may be inside the last @a fn still when this
 * returns.
 *
 * @funcprops \isr_ok, \pre_kernel_ok
 *
 * @param fn  Function, or NULL for none.
 * @param arg Argument for @a fn.
 */
void micrort_pending_callback_set(micrort_fn_t fn, void *arg);

#if defined(CONFIG_POLL) || defined(__DOXYGEN__)
/**
 * @brief Have a signal raised whenever something becomes pending.
 *
 * So that k_poll() waits for that and for anything else at once. Reset the signal, look at
 * micrort_pending(), and then wait; with several CPUs barrier_dmem_fence_full() belongs between the
 * first two. The signal is raised now if something is pending already.
 *
 * @funcprops \isr_ok
 *
 * @param signal Signal, which exists until another one has replaced it, or NULL for none. Its result
 *               is 0.
 */
void micrort_pending_signal_set(struct k_poll_signal *signal);
#endif

/**
 * @brief micrort_poll() that runs so many functions at most.
 *
 * @param max Most functions to run; the others stay queued, in their order.
 *
 * @return As micrort_poll().
 */
int micrort_poll_max(unsigned int max);

/**
 * @brief micrort_poll_max() that leaves an interrupt (micrort_kbd_intr()) pending.
 *
 * @param max Most functions to run.
 *
 * @return the number of functions that ran; 0 in an interrupt.
 */
int micrort_poll_functions(unsigned int max);

/** @brief A function that is running or queued. */
struct micrort_scheduled {
	union {
		/** That of micrort_schedule(), or of a task. */
		micrort_fn_t fn;
		/** That of micrort_schedule2(). */
		micrort_fn2_t fn2;
	};
	/** What it was or will be called with; for a task, the task. */
	void *arg;
	/** The second argument of micrort_schedule2(), else NULL. */
	void *arg2;
};

/**
 * @brief Receive a function that is running or queued.
 *
 * @param scheduled The function and what it was given; not for later.
 * @param context   What was given to micrort_schedule_foreach().
 */
typedef void (*micrort_schedule_visitor_t)(const struct micrort_scheduled *scheduled,
					   void *context);

/**
 * @brief Visit each function that is running or queued, for the roots of a garbage collector.
 *
 * The one that is running comes first, then the others in their order. No further function starts
 * meanwhile. What an interrupt queues meanwhile may not be visited: an object that it hands over needs another
 * root. @a visit may queue functions and cancel tasks. One thread at a time.
 *
 * @param visit   Called for each of them, without a lock.
 * @param context Handed to @a visit.
 *
 * @retval 0            All were visited.
 * @retval -EINVAL      @a visit is NULL.
 * @retval -EWOULDBLOCK Called from an interrupt.
 * @retval -EOVERFLOW   The caller has 65534 critical regions open.
 */
int micrort_schedule_foreach(micrort_schedule_visitor_t visit, void *context);

/**
 * @brief Say that the running function was left without a return, by longjmp().
 *
 * The caller is the thread that ran it. The pass ends: critical regions that the function left open are
 * closed, its exception is printed, and what is queued stays queued. Heap locks stay. An exception of C++ must be
 * caught inside the function: nothing unwinds the library. For
 * @kconfig{CONFIG_MICRORT_EXECUTOR_POLL}; no other executor's thread may be left like that,
 * and no interrupt: with @kconfig{CONFIG_MICRORT_EXECUTOR_INTERRUPT} the answer is -EPERM.
 *
 * @retval 0      The pass has ended.
 * @retval -EPERM The caller runs no function. Nothing was changed.
 */
int micrort_function_abandon(void);

/** @brief For micrort_reset(): forget the strings that were interned at run time, too. */
#define MICRORT_RESET_STRINGS 1U

/** @brief What micrort_reset() dropped. */
struct micrort_reset_report {
	/** Functions and tasks that were queued. */
	uint32_t functions;
	/** Critical regions of the caller's that were open. */
	uint32_t regions;
	/** Depth of the heap lock: the caller's, or the whole system's. */
	uint32_t heap_depth;
	/** Unread exceptions, those that were only counted included. */
	uint32_t exceptions;
	/** Strings that were interned at run time. */
	uint32_t strings;
	/** Whether an interrupt (micrort_kbd_intr()) was pending. */
	bool interrupt;
};

/**
 * @brief Soft reset: forget what a program has left behind, and keep the configuration.
 *
 * Drops functions and tasks that are queued, closes the caller's critical regions, unlocks the heap, and
 * forgets a pending interrupt and unread exceptions. What an interrupt or another thread queues during the call may
 * stay: stop those first. A function that is running in another thread is waited for. Regions and heap locks of other threads, tasks' memory, the character that interrupts, the
 * emergency buffer and the callbacks stay.
 *
 * @param flags  0, or @ref MICRORT_RESET_STRINGS, which is for callers who know that nobody uses or looks
 *               up such a string any more: its number and its text are gone.
 * @param report Where to store what was dropped, or NULL.
 *
 * @retval 0            Done.
 * @retval -EINVAL      @a flags has another bit. Nothing was changed.
 * @retval -EWOULDBLOCK Called from an interrupt. Nothing was changed.
 * @retval -EDEADLK     Called inside a scheduled function: see micrort_function_abandon(). Nothing was
 *                      changed.
 */
int micrort_reset(uint32_t flags, struct micrort_reset_report *report);

/** @} */

#ifdef __cplusplus
}
#endif

#endif /* MICRORT_RUNTIME_H_ */
