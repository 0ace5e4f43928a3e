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

struct device;
struct shell;

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
 * shell's thread while that runs a command, or a thread whose shell_execute_cmd() runs one, where
 * the shell's UART is a `micrort,kbd-uart` device (at its prompt there is none, and the character
 * is data); without such a shell, the main thread.
 *
 * @since 0.1
 * @{
 */

/** @brief Argument of micrort_kbd_intr() that switches capture off. */
#define MICRORT_KBD_INTR_OFF (-1)

/**
 * @brief Select the character that interrupts, on all consoles.
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

/**
 * @brief A console, where there are several: each has its own foreground thread and interrupt.
 *
 * The functions above mean the main console: of several `micrort,kbd-uart` devices the one that is
 * chosen as `zephyr,shell-uart`, or else as `zephyr,console`. NULL names it, too. micrort_console_of()
 * gives those of the other devices. A console without such a device is a variable of its owner, which
 * lives for ever; whoever receives its bytes calls micrort_console_feed().
 */
struct micrort_console {
	/** @cond INTERNAL_HIDDEN */
	/* Shared with src/kbd_intr.rs. */
	const struct shell *shell;
	struct micrort_console *next;
	uintptr_t attached;
	uintptr_t borrower;
	bool is_listed;
	bool pending;
	/** @endcond */
};

/**
 * @brief Initializer of a struct micrort_console.
 *
 * @param _shell The shell on it, whose commands are in the foreground; NULL: the main thread is.
 */
#define MICRORT_CONSOLE_INITIALIZER(_shell) {(_shell), NULL, 0, 0, false, false}

/**
 * @brief micrort_kbd_intr_feed() for a console.
 *
 * @funcprops \isr_ok
 *
 * @param console The console.
 * @param byte    The byte.
 *
 * @retval true  It was the interrupt: do not hand it to the reader.
 * @retval false It is data.
 */
bool micrort_console_feed(struct micrort_console *console, uint8_t byte);

/**
 * @brief micrort_kbd_intr_raise() for a console.
 *
 * @funcprops \isr_ok
 *
 * @param console The console.
 *
 * @retval 0      The interrupt is pending.
 * @retval -ESRCH There is no foreground thread: its shell is at the prompt.
 */
int micrort_console_raise(struct micrort_console *console);

/**
 * @brief micrort_kbd_intr_attach() to a console.
 *
 * @param console The console.
 *
 * @retval 0            The caller is its foreground thread.
 * @retval -EWOULDBLOCK Called from an interrupt.
 */
int micrort_console_attach(struct micrort_console *console);

/**
 * @brief Say that the calling thread, a console's, is at its prompt.
 *
 * For shells that are not over a UART, from the read function of their transport: a heap lock that the
 * last command left is undone, with a warning, and an interrupt that it did not take is forgotten. For
 * shells over UARTs micrort sees the prompt itself.
 *
 * @param console The console.
 */
void micrort_console_at_prompt(struct micrort_console *console);

/**
 * @brief Say that the calling thread, a console's, has read a line and goes on to its command.
 *
 * A heap lock that it holds now is not the command's.
 */
void micrort_console_before_command(void);

/**
 * @brief The console of a device.
 *
 * @funcprops \isr_ok
 *
 * @param dev A device.
 *
 * @return the console, or NULL for the main one, and for a device that is no `micrort,kbd-uart`.
 */
#ifdef CONFIG_MICRORT_KBD_UART
struct micrort_console *micrort_console_of(const struct device *dev);
#else
static inline struct micrort_console *micrort_console_of(const struct device *dev)
{
	(void)dev;

	return NULL;
}
#endif

/** @} */

#ifdef __cplusplus
}
#endif

#include <zephyr/syscalls/kbd_intr.h>

#endif /* MICRORT_KBD_INTR_H_ */
