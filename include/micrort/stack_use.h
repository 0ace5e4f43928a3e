/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief How much of a stack is used.
 */

#ifndef MICRORT_STACK_USE_H_
#define MICRORT_STACK_USE_H_

#include <stddef.h>
#include <stdint.h>

#include <zephyr/kernel.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @defgroup micrort_stack_use How much of a stack is used
 * @ingroup micrort
 *
 * On native_sim a thread runs on a stack of the host's, and what interrupts it on the same one:
 * only the caller's own is known there, and no high-water mark.
 *
 * Needs @kconfig{CONFIG_MICRORT_STACK_USE}. Not for user threads.
 *
 * @since 0.1
 * @{
 */

/** @brief What is not known. */
#define MICRORT_STACK_UNKNOWN SIZE_MAX

/** @brief How a stack is used, in bytes. */
struct micrort_stack_usage {
	/** The whole stack. */
	size_t size;
	/**
	 * In use. @ref MICRORT_STACK_UNKNOWN for a thread that runs on another CPU, that the caller
	 * has interrupted (but on Cortex-M it is known), that is on another stack (in a system
	 * call), or whose stack pointer is kept where micrort does not look (all but Cortex-M,
	 * RISC-V and x86 of 64 bits).
	 */
	size_t used;
	/**
	 * Most that was ever in use; @ref MICRORT_STACK_UNKNOWN without
	 * @kconfig{CONFIG_INIT_STACKS}.
	 */
	size_t high_water;
};

/**
 * @brief Tell how many bytes are in use on the stack that the caller runs on.
 *
 * That is its thread's, or in an interrupt the interrupt's. Only differences have a meaning to the
 * byte.
 *
 * @funcprops \isr_ok
 *
 * @retval -ENOTSUP Not known here.
 * @return else the bytes.
 */
int micrort_stack_use(void);

/**
 * @brief Tell how a thread's stack is used.
 *
 * The high-water mark takes time in proportion to what was never used.
 *
 * @funcprops \isr_ok
 *
 * @param thread The thread, which must not end meanwhile; NULL for the stack that the caller runs
 *               on. With @kconfig{CONFIG_THREAD_MONITOR} anything else is recognized, and not
 *               looked at, which masks interrupts while the kernel goes through its
 *               threads; without it, memory that holds no thread may be taken for one.
 * @param usage  Where to store it; left alone if the call fails.
 *
 * @retval 0        Stored.
 * @retval -EINVAL  @a usage is NULL.
 * @retval -ESRCH   No thread, or one that has ended.
 * @retval -ENOTSUP Not known here.
 */
int micrort_stack_usage_get(k_tid_t thread, struct micrort_stack_usage *usage);

/**
 * @brief Tell how a CPU's interrupt stack is used.
 *
 * @funcprops \isr_ok
 *
 * @param cpu   Number of the CPU.
 * @param usage Where to store it; left alone if the call fails. What another CPU uses at the
 *              moment is not known.
 *
 * @retval 0        Stored.
 * @retval -EINVAL  No such CPU, or @a usage is NULL.
 * @retval -ENOTSUP Not known here.
 */
int micrort_stack_usage_get_isr(unsigned int cpu, struct micrort_stack_usage *usage);

/**
 * @brief The main thread, for micrort_stack_usage_get().
 *
 * @funcprops \isr_ok
 */
k_tid_t micrort_main_thread(void);

/**
 * @brief The thread that scheduled functions run in, for micrort_stack_usage_get().
 *
 * @funcprops \isr_ok
 *
 * @return the thread; or NULL with @kconfig{CONFIG_MICRORT_EXECUTOR_POLL}, where it is whichever
 *         thread polls, with @kconfig{CONFIG_MICRORT_EXECUTOR_INTERRUPT}, where it is none, and with
 *         @kconfig{CONFIG_MICRORT_EXECUTOR_APPLICATION} as long as no work queue is named.
 */
k_tid_t micrort_executor_thread(void);

/** @} */

#ifdef __cplusplus
}
#endif

#endif /* MICRORT_STACK_USE_H_ */
