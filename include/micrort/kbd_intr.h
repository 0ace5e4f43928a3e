/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief Turn a character on the console into an interrupt of the running program.
 */

#ifndef MICRORT_KBD_INTR_H_
#define MICRORT_KBD_INTR_H_

#include <stdbool.h>
#include <stdint.h>

#include <zephyr/kernel.h>
#include <zephyr/toolchain.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @defgroup micrort_kbd_intr Keyboard interrupt
 * @ingroup micrort
 *
 * A character that matches makes one interrupt pending for the foreground thread, which takes it
 * at its next micrort_check(), micrort_poll() or micrort_sleep(): the call returns -EINTR, once.
 * Several matches before that are one. Nothing is unwound, and nothing is taken inside a
 * scheduled function.
 *
 * The foreground thread is the one that called micrort_kbd_intr_attach(). If none has, it is the
 * shell's thread while that runs a command, where the shell's UART is a `micrort,kbd-uart`
 * device (at its prompt there is none, and the character is data); without such a shell, the
 * main thread.
 *
 * @since 0.1
 * @{
 */

/** @brief Argument of micrort_kbd_intr() that switches capture off. */
#define MICRORT_KBD_INTR_OFF (-1)

/**
 * @brief Select the character that interrupts.
 *
 * At boot it is @kconfig{CONFIG_MICRORT_KBD_INTR_CHAR}.
 *
 * @funcprops \isr_ok, \pre_kernel_ok
 *
 * @param chr Character, 0 to 255, or @ref MICRORT_KBD_INTR_OFF, which also clears an interrupt
 *            that is pending.
 *
 * @retval 0       Selected.
 * @retval -EINVAL @a chr is neither. Nothing was changed.
 */
int micrort_kbd_intr(int chr);

/**
 * @brief Read the character that interrupts.
 *
 * @funcprops \isr_ok, \pre_kernel_ok
 *
 * @return 0 to 255, or @ref MICRORT_KBD_INTR_OFF.
 */
int micrort_kbd_intr_get(void);

/**
 * @brief Show a received byte to the matcher, for consoles without a `micrort,kbd-uart`.
 *
 * Call it where the byte is received, before any buffer.
 *
 * @funcprops \isr_ok
 *
 * @param byte The byte.
 *
 * @retval true  It was the interrupt: do not hand it to the reader.
 * @retval false It is data.
 */
bool micrort_kbd_intr_feed(uint8_t byte);

/**
 * @brief Do by program what the character does. Works with capture off, too.
 *
 * @funcprops \isr_ok
 *
 * @retval 0      The interrupt is pending.
 * @retval -ESRCH There is no foreground thread: the shell is at its prompt.
 */
__syscall int micrort_kbd_intr_raise(void);

/**
 * @brief Make the calling thread the foreground thread.
 *
 * The last call wins. The end of the thread detaches it.
 *
 * @retval 0            The caller is the foreground thread.
 * @retval -EWOULDBLOCK Called from an interrupt.
 */
int micrort_kbd_intr_attach(void);

/**
 * @brief Give up being the foreground thread.
 *
 * An interrupt that is pending stays pending, for the next foreground thread.
 *
 * @retval 0      No thread is attached any more.
 * @retval -EPERM The calling thread is not attached. Nothing was changed.
 */
int micrort_kbd_intr_detach(void);

/**
 * @brief Take a pending interrupt.
 *
 * Cheap enough for the inside of a loop.
 *
 * @retval 0      None is pending for the calling thread, or the caller is a scheduled function
 *                or an interrupt.
 * @retval -EINTR One was pending and is taken.
 */
__syscall int micrort_check(void);

/**
 * @brief micrort_check() that takes an interrupt inside a scheduled function, too.
 *
 * There it is whoever's the interrupt is: it stops a function that does not end. Not for user threads.
 *
 * @retval 0      None is pending, or the caller is an interrupt.
 * @retval -EINTR One was pending and is taken.
 */
int micrort_check_here(void);

/** @} */

#ifdef __cplusplus
}
#endif

#include <zephyr/syscalls/kbd_intr.h>

#endif /* MICRORT_KBD_INTR_H_ */
