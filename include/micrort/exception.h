/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief Exceptions, and the emergency buffer that keeps them where the heap cannot.
 */

#ifndef MICRORT_EXCEPTION_H_
#define MICRORT_EXCEPTION_H_

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <zephyr/toolchain.h>

#include <micrort/print.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @defgroup micrort_exception Exceptions
 * @ingroup micrort
 *
 * Raising an exception keeps a record of what went wrong and where, and changes nothing in the
 * flow of the program. It works in every context, because the record has the arguments of the
 * text; the text is made when the record is read.
 *
 * A record lies on micrort's heap; in an interrupt, and where the heap is locked or full, in the
 * emergency buffer. If that has no room, the type alone is kept, for which there is one place. If
 * that is taken as well, the exception is only counted. A record never replaces another one that
 * is unread.
 *
 * What does not fit is lost in this order: the return addresses; the name of the thread; the end
 * of the text, which then ends in "..."; everything but the type. A name is kept whole or not at
 * all, and leaves its room to the addresses. A record takes in the buffer:
 *
 * | what                                     | 32-bit CPU | 64-bit CPU |
 * |------------------------------------------|-----------:|-----------:|
 * | type, file, line, text without arguments |         24 |         40 |
 * | each number in the text                  |     1 to 9 |     1 to 9 |
 * | each string in the text                  | 2 + length | 2 + length |
 * | name of the thread                       |     length |     length |
 * | each return address                      |          4 |          8 |
 *
 * All arguments together are cut to 128 bytes. The buffer is filled from its beginning, and begins
 * anew when nothing unread lies in it.
 *
 * What a scheduled function has raised, and not taken itself, is printed on the console when it
 * returns, and no longer unread then.
 *
 * On a 32-bit CPU raising takes some 600 bytes of stack, taking 900 and printing 1100: docs/stack.md
 * has the bounds.
 *
 * Without @kconfig{CONFIG_MICRORT_EXCEPTION} raising does nothing. None of this is for user threads.
 *
 * @since 0.1
 * @{
 */

/** @brief A type of exception, known by its address. */
struct micrort_exception_type {
	/** Printed in front of the text. */
	const char *name;
};

/**
 * @brief Declare a type of exception that another file defines.
 *
 * @param _symbol Name of the variable.
 */
#define MICRORT_EXCEPTION_TYPE_DECLARE(_symbol) extern const struct micrort_exception_type _symbol

/**
 * @brief Define a type of exception.
 *
 * @param _symbol Name of the variable.
 * @param _name   String literal: what is printed.
 */
#define MICRORT_EXCEPTION_TYPE_DEFINE(_symbol, _name)                                              \
	MICRORT_EXCEPTION_TYPE_DECLARE(_symbol);                                                   \
	const struct micrort_exception_type _symbol = {"" _name}

/** @brief MemoryError: an allocation failed. */
MICRORT_EXCEPTION_TYPE_DECLARE(micrort_exc_memory_error);
/** @brief RuntimeError: something else went wrong at run time. */
MICRORT_EXCEPTION_TYPE_DECLARE(micrort_exc_runtime_error);
/** @brief ValueError: an argument's value does not do. */
MICRORT_EXCEPTION_TYPE_DECLARE(micrort_exc_value_error);
/** @brief TypeError: an argument is of the wrong kind. */
MICRORT_EXCEPTION_TYPE_DECLARE(micrort_exc_type_error);
/** @brief OSError: the system answered with an error. */
MICRORT_EXCEPTION_TYPE_DECLARE(micrort_exc_os_error);
/** @brief AssertionError: a check failed. */
MICRORT_EXCEPTION_TYPE_DECLARE(micrort_exc_assertion_error);
/** @brief OverflowError: a result does not fit. */
MICRORT_EXCEPTION_TYPE_DECLARE(micrort_exc_overflow_error);
/** @brief IndexError: an index is out of range. */
MICRORT_EXCEPTION_TYPE_DECLARE(micrort_exc_index_error);

/** @brief Most return addresses that are kept. */
#define MICRORT_EXCEPTION_ADDRESSES_MAX 8
/** @brief Most bytes of a thread's name that are kept. */
#define MICRORT_EXCEPTION_THREAD_MAX    32

/** @brief Some return addresses are lost. */
#define MICRORT_EXCEPTION_LOST_ADDRESSES 1
/** @brief The name of the thread is lost. */
#define MICRORT_EXCEPTION_LOST_THREAD    2
/** @brief The end of the text is lost. */
#define MICRORT_EXCEPTION_LOST_TEXT      4
/** @brief Everything but the type is lost. */
#define MICRORT_EXCEPTION_LOST_PLACE     8

/** @cond INTERNAL_HIDDEN */
#if defined(CONFIG_MICRORT_OPT_LEVEL) && CONFIG_MICRORT_OPT_LEVEL >= 3
#define Z_MICRORT_LINE 0
#else
#define Z_MICRORT_LINE __LINE__
#endif
/** @endcond */

/**
 * @brief Raise an exception: micrort_raise() for those who name the place themselves.
 *
 * @funcprops \isr_ok, \pre_kernel_ok
 *
 * @param type As for micrort_raise().
 * @param file File, a string that is never freed or changed, or NULL.
 * @param line Line, to 1048575; 0 if it is not known.
 * @param fmt  As for micrort_raise(); a string that is never freed or changed.
 *
 * @return As micrort_raise().
 */
#if defined(CONFIG_MICRORT_EXCEPTION) || defined(__DOXYGEN__)
__printf_like(4, 5) int micrort_raise_at(const struct micrort_exception_type *type,
					 const char *file, unsigned int line, const char *fmt,
					 ...);
#else
__printf_like(4, 5) static inline int micrort_raise_at(const struct micrort_exception_type *type,
						       const char *file, unsigned int line,
						       const char *fmt, ...)
{
	ARG_UNUSED(type);
	ARG_UNUSED(file);
	ARG_UNUSED(line);
	ARG_UNUSED(fmt);

	return -ENOTSUP;
}
#endif

/**
 * @brief Raise an exception.
 *
 * In an interrupt it takes no memory from the heap.
 *
 * The conversions are %d %i %u %x %X %o %c %s %p %%, with the flags - and 0, a width to 255, one
 * of hh h l ll j z t, and for %s a precision. From anything else on @a fmt is shown as it stands.
 * A string is copied; NULL is shown as "(null)".
 *
 * @funcprops \isr_ok, \pre_kernel_ok
 *
 * @param _type Address of the type, which is never freed or changed.
 * @param ...   Format, a string literal, and its arguments.
 *
 * @retval 0        All of it was kept.
 * @retval -EINVAL  The type is NULL. Nothing was raised.
 * @retval -ENOBUFS There was no place left; the exception was counted.
 * @retval -ENOTSUP @kconfig{CONFIG_MICRORT_EXCEPTION} is off.
 * @return else what is lost: a combination of the bits MICRORT_EXCEPTION_LOST_.
 */
#if defined(CONFIG_MICRORT_EXCEPTION) || defined(__DOXYGEN__)
#define micrort_raise(_type, ...) micrort_raise_at((_type), __FILE__, Z_MICRORT_LINE, "" __VA_ARGS__)
#else
#define micrort_raise(_type, ...)                                                                  \
	(false ? micrort_raise_at((_type), NULL, 0, "" __VA_ARGS__) : -ENOTSUP)
#endif

/** @brief An exception that was taken. */
struct micrort_exception {
	/** To be set by the caller: where to write the text, with a NUL; or NULL. */
	char *text;
	/** To be set by the caller: bytes at @a text. What is longer is cut and ends in "...". */
	size_t text_size;
	/** Its type. */
	const struct micrort_exception_type *type;
	/** File in which it was raised; NULL if that is lost. */
	const char *file;
	/** Line; 0 if it is not known, or at level 3. */
	unsigned int line;
	/** Number of the interrupt; 0 if there is none, or the CPU does not tell. Cortex-M: IPSR. */
	unsigned int interrupt;
	/** Bits MICRORT_EXCEPTION_LOST_. */
	unsigned int lost;
	/** Name of the thread, or its address if it has none; empty if that is lost. */
	char thread[MICRORT_EXCEPTION_THREAD_MAX + 1];
	/** Whether it was raised in an interrupt of that thread. */
	bool in_isr;
	/** Number of return addresses. */
	unsigned int address_count;
	/** Return addresses, innermost first. */
	void *addresses[MICRORT_EXCEPTION_ADDRESSES_MAX];
};

/**
 * @brief Take the oldest unread exception.
 *
 * Inside a scheduled function, one that this function has raised comes first.
 *
 * @param exception Where to store it; set its first two fields before.
 *
 * @retval 0            It is read, and its memory is free again.
 * @retval -ENODATA     None is unread.
 * @retval -EINVAL      @a exception is NULL.
 * @retval -EWOULDBLOCK Called from an interrupt.
 */
int micrort_exception_take(struct micrort_exception *exception);

/**
 * @brief Print all unread exceptions, oldest first, and how many were only counted.
 *
 * They stay unread. No lock is held while the printer runs: it, another thread and an interrupt
 * may take and raise exceptions meanwhile. What is raised after the beginning is not printed.
 *
 * @param printer Printer, or NULL for printk().
 *
 * @retval 0            Printed.
 * @retval -EWOULDBLOCK Called from an interrupt.
 * @return else the printer's error.
 */
int micrort_exception_print(const struct micrort_printer *printer);

/**
 * @brief Drop all unread exceptions, and forget those that were only counted.
 *
 * @retval -EWOULDBLOCK Called from an interrupt.
 * @return else how many there were of both.
 */
int micrort_exception_clear(void);

/**
 * @brief Read how many exceptions were only counted since the last micrort_exception_clear().
 *
 * @funcprops \isr_ok, \pre_kernel_ok
 *
 * @return the number, which wraps at 2^32.
 */
uint32_t micrort_exception_counted(void);

/**
 * @brief Replace the emergency buffer.
 *
 * The new one comes from micrort's heap, and is allocated before the old one is freed. Interrupts
 * that raise meanwhile find the one or the other.
 *
 * @param size Bytes; 0 releases the buffer.
 *
 * @retval 0            Replaced.
 * @retval -EINVAL      The size is negative.
 * @retval -ENOMEM      The heap is locked or has no such block.
 * @retval -EBUSY       Unread exceptions lie in the old buffer.
 * @retval -EWOULDBLOCK Called from an interrupt.
 *
 * After an error the old buffer is in use as before.
 */
int micrort_alloc_emergency_exception_buf(int size);

/**
 * @brief Replace the emergency buffer by memory of the caller's.
 *
 * It is the caller's again once another buffer has replaced it.
 *
 * @param memory Memory; what in front of it is not aligned for a pointer is not used.
 * @param size   Bytes; 0 releases the old buffer.
 *
 * @retval 0            Replaced.
 * @retval -EINVAL      @a memory is NULL and @a size is not 0.
 * @retval -EBUSY       Unread exceptions lie in the old buffer, which is in use as before.
 * @retval -EWOULDBLOCK Called from an interrupt.
 */
int micrort_emergency_exception_buf_set(void *memory, size_t size);

/**
 * @brief Be called where else the exception of a scheduled function is printed.
 *
 * In the executor's thread, when a function that raised something has returned. There micrort_exception_take()
 * gives its exceptions first, and then what others have left unread; what @a reporter does not take of the
 * function's is printed.
 *
 * @funcprops \isr_ok, \pre_kernel_ok
 *
 * @param reporter Function, or NULL for none.
 * @param arg      Argument for @a reporter.
 */
void micrort_exception_report_with(void (*reporter)(void *arg), void *arg);

/** @} */

#ifdef __cplusplus
}
#endif

#endif /* MICRORT_EXCEPTION_H_ */
