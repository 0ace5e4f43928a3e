/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief How much checking and reporting is done.
 */

#ifndef MICRORT_OPT_LEVEL_H_
#define MICRORT_OPT_LEVEL_H_

#include <stdbool.h>

#include <zephyr/sys/printk.h>

#include <micrort/exception.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @defgroup micrort_opt_level Level of optimization
 * @ingroup micrort
 *
 * 0: MICRORT_ASSERT() checks, and micrort_debug() is true. 1 and 2: neither. 3: reports of
 * exceptions carry no line numbers either.
 *
 * @kconfig{CONFIG_MICRORT_OPT_LEVEL} is the level of the build: what it removes is not in the
 * image. It is also the level at boot. The level at run time acts on what is left: setting a
 * lower one than the build's is no error, and brings nothing back. Not for user threads.
 *
 * @since 0.1
 * @{
 */

/**
 * @brief Read the level.
 *
 * @funcprops \isr_ok, \pre_kernel_ok
 *
 * @return 0 to 3.
 */
int micrort_opt_level(void);

/**
 * @brief Set the level.
 *
 * @funcprops \isr_ok, \pre_kernel_ok
 *
 * @param level 0 to 3.
 *
 * @retval 0       Set.
 * @retval -EINVAL It is not in that range. Nothing was changed.
 */
int micrort_opt_level_set(int level);

/**
 * @brief Whether checks are made.
 *
 * At level 1 of the build and above, a constant.
 *
 * @funcprops \isr_ok, \pre_kernel_ok
 *
 * @return true at level 0, of the build and now.
 */
static inline bool micrort_debug(void)
{
#if defined(CONFIG_MICRORT_OPT_LEVEL) && CONFIG_MICRORT_OPT_LEVEL >= 1
	return false;
#else
	return micrort_opt_level() == 0;
#endif
}

/** @cond INTERNAL_HIDDEN */
#ifdef CONFIG_MICRORT_EXCEPTION
#define Z_MICRORT_ASSERTION_FAILED(...)                                                            \
	((void)micrort_raise(&micrort_exc_assertion_error, __VA_ARGS__), false)
#else
#define Z_MICRORT_ASSERTION_FAILED(...)                                                            \
	(printk("  File \"%s\", line %d\nAssertionError: ", __FILE__, Z_MICRORT_LINE),             \
	 printk("" __VA_ARGS__), printk("\n"), false)
#endif
/** @endcond */

/**
 * @brief Check a condition.
 *
 * If it does not hold, AssertionError is raised; without @kconfig{CONFIG_MICRORT_EXCEPTION} that is
 * printed with printk(). The flow of the program does not change: the caller looks at the value.
 *
 * The condition is evaluated only at level 0. At level 1 of the build and above nothing of the
 * check is in the image.
 *
 * @code{.c}
 * if (!MICRORT_ASSERT(speed < 100, "speed %u", speed)) {
 *         return -EINVAL;
 * }
 * @endcode
 *
 * @funcprops \isr_ok, \pre_kernel_ok
 *
 * @param _condition What must hold.
 * @param ...        Optional: a format, a string literal, and its arguments, as for micrort_raise().
 *
 * @return true if the condition holds, or is not checked.
 */
#define MICRORT_ASSERT(_condition, ...)                                                            \
	(!micrort_debug() || (_condition) || Z_MICRORT_ASSERTION_FAILED(__VA_ARGS__))

/** @} */

#ifdef __cplusplus
}
#endif

#endif /* MICRORT_OPT_LEVEL_H_ */
