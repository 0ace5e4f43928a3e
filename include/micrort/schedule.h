/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief Run functions very soon, outside the interrupt that asks for it.
 */

#ifndef MICRORT_SCHEDULE_H_
#define MICRORT_SCHEDULE_H_

#include <stdbool.h>
#include <stdint.h>

#include <zephyr/kernel.h>
#include <zephyr/toolchain.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @defgroup micrort_schedule Deferred functions
 * @ingroup micrort
 *
 * Functions and tasks share one first-in first-out queue. One executor runs each accepted entry
 * exactly once, to its end, never one inside another. It is a work item on a work queue of
 * micrort's own (@kconfig{CONFIG_MICRORT_EXECUTOR_WORK_QUEUE}), on the system work queue
 * (@kconfig{CONFIG_MICRORT_EXECUTOR_SYSTEM}) or on one of the application's
 * (@kconfig{CONFIG_MICRORT_EXECUTOR_APPLICATION}); or a thread
 * (@kconfig{CONFIG_MICRORT_EXECUTOR_THREAD}); or whichever thread polls
 * (@kconfig{CONFIG_MICRORT_EXECUTOR_POLL}); or an interrupt
 * (@kconfig{CONFIG_MICRORT_EXECUTOR_INTERRUPT}): then everything here that is said of calls from an
 * interrupt is so inside a scheduled function, too, and not what is said of a scheduled function.
 *
 * One pass runs what was queued when it began; what is queued meanwhile waits for the next pass.
 * After @kconfig{CONFIG_MICRORT_EXECUTOR_PASSES_MAX} passes in a row the executor pauses for a
 * tick, so that functions which schedule themselves again starve no thread.
 *
 * Nothing here may be called from a zero-latency interrupt, nor by a user thread but for
 * micrort_poll() and micrort_sleep().
 *
 * @since 0.1
 * @{
 */

/** @brief A function that runs later, with the argument that was given for it. */
typedef void (*micrort_fn_t)(void *arg);

/**
 * @brief Queue a function.
 *
 * Constant time: never blocks, never allocates. Before the kernel has started the executor the
 * call is accepted as well, and the function runs once the executor has started.
 *
 * @funcprops \isr_ok, \pre_kernel_ok
 *
 * @param fn  Function to run.
 * @param arg Argument for @a fn; whatever it points to must outlive the call of @a fn.
 *
 * @retval 0        @a fn is queued and will run exactly once.
 * @retval -EINVAL  @a fn is NULL.
 * @retval -ENOBUFS All @kconfig{CONFIG_MICRORT_SCHEDULE_DEPTH} slots are taken. Nothing was
 *                  queued and the refusal was counted.
 */
int micrort_schedule(micrort_fn_t fn, void *arg);

/** @brief A function that takes two arguments. */
typedef void (*micrort_fn2_t)(void *arg, void *arg2);

#if defined(CONFIG_MICRORT_SCHEDULE_SECOND_ARGUMENT) || defined(__DOXYGEN__)

/**
 * @brief micrort_schedule() for a function that takes two arguments.
 *
 * With @kconfig{CONFIG_MICRORT_SCHEDULE_SECOND_ARGUMENT}.
 *
 * @funcprops \isr_ok, \pre_kernel_ok
 *
 * @param fn   Function.
 * @param arg  Its first argument.
 * @param arg2 Its second argument.
 *
 * @return As micrort_schedule().
 */
int micrort_schedule2(micrort_fn2_t fn, void *arg, void *arg2);
#endif

struct micrort_task;

/** @brief A task's function; it receives the task, so CONTAINER_OF() gives the owner's data. */
typedef void (*micrort_task_fn_t)(struct micrort_task *task);

/**
 * @brief A queue entry that its owner provides, so that the queue can never be full for it.
 *
 * It must exist and keep its place while it is queued. The fields are private.
 */
struct micrort_task {
	/** @cond INTERNAL_HIDDEN */
	struct micrort_task *next;
	struct micrort_task *prev;
	micrort_task_fn_t fn;
	/** @endcond */
};

/**
 * @brief Initial value of a task that is part of another struct.
 *
 * @param _fn Function of type @ref micrort_task_fn_t.
 */
#define MICRORT_TASK_INITIALIZER(_fn) {.next = NULL, .prev = NULL, .fn = (_fn)}

/**
 * @brief Define a task.
 *
 * @param _name Name of the variable; write `static` before the macro to keep it in its file.
 * @param _fn   Function of type @ref micrort_task_fn_t.
 */
#define MICRORT_TASK_DEFINE(_name, _fn) struct micrort_task _name = MICRORT_TASK_INITIALIZER(_fn)

/** @brief Answer of micrort_task_schedule() for a task that was already queued. */
#define MICRORT_TASK_JOINED 1

/**
 * @brief Queue a task.
 *
 * Like micrort_schedule(), but the queue is never full. While the task is queued, further calls
 * join the run that waits. The task leaves the queue before its function runs, so the function
 * may schedule its own task again.
 *
 * @funcprops \isr_ok, \pre_kernel_ok
 *
 * @param task Task to run.
 *
 * @retval 0       The task is queued.
 * @retval MICRORT_TASK_JOINED The task was already queued; it will run once for both calls.
 * @retval -EINVAL @a task or its function is NULL.
 */
int micrort_task_schedule(struct micrort_task *task);

/** @brief Answer of micrort_task_cancel() for a task whose function is running. */
#define MICRORT_TASK_RUNNING 1

/**
 * @brief Tell whether a task is queued.
 *
 * @funcprops \isr_ok, \pre_kernel_ok
 *
 * @param task The task; NULL is not queued.
 *
 * @return whether it is queued at this moment. A task whose function runs is queued only if it was
 *         scheduled again.
 */
bool micrort_task_is_queued(struct micrort_task *task);

/**
 * @brief Take a task out of the queue.
 *
 * Afterwards it does not run unless it is scheduled again, but its function may be running still:
 * micrort_task_cancel_sync() waits for that. Those behind it keep their order.
 *
 * @funcprops \isr_ok, \pre_kernel_ok
 *
 * @param task The task.
 *
 * @retval 0       It is not queued, and its function is not running.
 * @retval MICRORT_TASK_RUNNING It is not queued, and its function is running.
 * @retval -EINVAL @a task is NULL.
 */
int micrort_task_cancel(struct micrort_task *task);

/**
 * @brief Take a task out of the queue, and wait until its function does not run.
 *
 * Afterwards the memory of the task can be used for something else. Inside the task's own function it
 * does not wait. A function that is running is waited for, and gets the caller's priority if that is
 * higher.
 *
 * @param task The task.
 *
 * @retval 0            It was not queued.
 * @retval 1            It was queued.
 * @retval -EINVAL      @a task is NULL.
 * @retval -EWOULDBLOCK Called from an interrupt while the function runs; it is not queued any more.
 * @retval -EOVERFLOW   The caller has 65534 critical regions open; it is not queued any more.
 */
int micrort_task_cancel_sync(struct micrort_task *task);

/**
 * @brief Wait until a task has run that is queued, and its function returned that is running.
 *
 * @param task The task.
 *
 * @retval 0            It was neither queued nor running.
 * @retval 1            It was, and is over.
 * @retval -EINVAL      @a task is NULL.
 * @retval -EWOULDBLOCK Called from an interrupt.
 * @retval -EDEADLK     Called inside a scheduled function or in a critical region of the caller.
 */
int micrort_task_flush(struct micrort_task *task);

/**
 * @brief Wait until all functions and tasks have run that were accepted before this call.
 *
 * With @kconfig{CONFIG_MICRORT_EXECUTOR_POLL} the caller runs them. Critical regions of other threads
 * are waited for.
 *
 * @retval 0            They have run, or were cancelled.
 * @retval -EWOULDBLOCK Called from an interrupt.
 * @retval -EDEADLK     Called inside a scheduled function or in a critical region of the caller.
 */
int micrort_flush(void);

/**
 * @brief Open a critical region: keep functions from running, not from being queued.
 *
 * Once the call has returned, no scheduled function is running, and none will run before the
 * matching micrort_critical_exit(). Regions nest, and regions of different threads may overlap.
 * A function that is running is waited for, and gets the caller's priority if that is higher.
 * Inside a scheduled function the call returns at once; a region that the function leaves open
 * is closed when it returns, with a warning. So is the region of a thread that ends.
 *
 * @retval 0            The region is open.
 * @retval -EWOULDBLOCK Called from an interrupt.
 * @retval -EOVERFLOW   The caller has 65534 regions open.
 */
int micrort_critical_enter(void);

/**
 * @brief Open a critical region without waiting for a function that is running.
 *
 * For a caller that holds a lock which functions take: waiting for one would be a deadlock. No further
 * function starts before the matching micrort_critical_exit().
 *
 * @retval 0            The region is open, and no function is running, or the caller is inside it.
 * @retval 1            The region is open, and a function is running in another thread.
 * @retval -EWOULDBLOCK Called from an interrupt.
 * @retval -EOVERFLOW   The caller has 65534 regions open.
 */
int micrort_critical_enter_no_wait(void);

/**
 * @brief Close the caller's innermost critical region.
 *
 * @retval 0      The region is closed.
 * @retval -EPERM The caller has no open region, as in every interrupt. Nothing was changed.
 */
int micrort_critical_exit(void);

/**
 * @brief Take a pending interrupt, or else give the executor its turn.
 *
 * The safe point of a long computation. With @kconfig{CONFIG_MICRORT_EXECUTOR_POLL}, one pass
 * over the queue runs in the calling thread. With the other executors it only looks for the
 * interrupt. Inside a scheduled function it does nothing. A user thread runs no functions.
 *
 * @retval -EINTR       An interrupt (micrort_kbd_intr()) was pending for the caller and is taken.
 * @retval -EWOULDBLOCK Called from an interrupt.
 * @return else the number of functions that ran.
 */
__syscall int micrort_poll(void);

/**
 * @brief Sleep, with micrort_poll() whenever there is something for it to do.
 *
 * A sleep of zero length is one micrort_poll() and a k_yield(). Inside a scheduled function it
 * is k_sleep(). For a delay that runs nothing, use k_sleep().
 *
 * @param timeout How long to sleep.
 *
 * @retval 0            The time has passed.
 * @retval -EINTR       An interrupt (micrort_kbd_intr()) was pending for the caller and is taken.
 * @retval -EWOULDBLOCK Called from an interrupt.
 */
__syscall int micrort_sleep(k_timeout_t timeout);

#if defined(CONFIG_MICRORT_EXECUTOR_APPLICATION) || defined(__DOXYGEN__)
/**
 * @brief Name the work queue that functions run on.
 *
 * What was scheduled before waits for this call, and runs after it in the order in which it was
 * accepted. While the queue is not started, or is drained or plugged, it goes on waiting. Only
 * with @kconfig{CONFIG_MICRORT_EXECUTOR_APPLICATION}.
 *
 * Callable from threads, and while the kernel starts from the level POST_KERNEL on.
 *
 * The queue must exist for ever. Its thread should be essential
 * (struct k_work_queue_config); if it ends inside a scheduled function the kernel panics.
 *
 * @param queue Work queue.
 *
 * @retval 0         Functions run on @a queue from now on.
 * @retval -EINVAL   @a queue is NULL.
 * @retval -EALREADY A queue was named before. Nothing was changed.
 */
int micrort_executor_start_on(struct k_work_q *queue);
#endif

/** @brief Counters of the queue since boot; each wraps at 2^32. */
struct micrort_schedule_stats {
	/** Functions and tasks that were queued. */
	uint32_t accepted;
	/** Functions and tasks that have been started. */
	uint32_t run;
	/** Calls of micrort_schedule() that found the queue full. */
	uint32_t refused;
	/** Calls of micrort_task_schedule() that joined a queued task. */
	uint32_t coalesced;
	/** Largest number of entries, functions and tasks, that were queued at once. */
	uint32_t high_water;
	/**
	 * Longest run of one function, in k_cycle_get_32() cycles; 0 without
	 * @kconfig{CONFIG_MICRORT_SCHEDULE_TIMING}.
	 */
	uint32_t longest_cycles;
	/**
	 * Tasks that were taken back, and what micrort_reset() dropped: accepted less run less this is what
	 * is queued.
	 */
	uint32_t cancelled;
	/** Address of the function that had the longest run; NULL without the same option. */
	const void *longest_function;
};

/**
 * @brief Read the counters, all at one moment.
 *
 * @funcprops \isr_ok, \pre_kernel_ok
 *
 * @param stats Where to store them.
 */
void micrort_schedule_stats_get(struct micrort_schedule_stats *stats);

/** @} */

#ifdef __cplusplus
}
#endif

#include <zephyr/syscalls/schedule.h>

#endif /* MICRORT_SCHEDULE_H_ */
