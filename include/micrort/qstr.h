/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief Interned strings.
 */

#ifndef MICRORT_QSTR_H_
#define MICRORT_QSTR_H_

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <zephyr/sys/iterable_sections.h>
#include <zephyr/sys/util.h>
#include <zephyr/toolchain.h>

#include <micrort/print.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @defgroup micrort_qstr Interned strings
 * @ingroup micrort
 *
 * Equal strings have the same small number, their id: 1 to 65535, in one numbering for the whole
 * image. A string has at most 255 bytes, of any content. It is never freed, and its text never
 * moves.
 *
 * Strings that are known when the image is built (MICRORT_QSTR_DEFINE(), MICRORT_QSTR()) lie in
 * read-only memory and cost no RAM. Others are copied to micrort's own heap
 * (@kconfig{CONFIG_MICRORT_HEAP_KERNEL} or @kconfig{CONFIG_MICRORT_HEAP_ARENA}) when they are first
 * interned. A lookup takes no lock and no longer with many strings than with few.
 *
 * Needs @kconfig{CONFIG_MICRORT_QSTR}. Not for user threads.
 *
 * @since 0.1
 * @{
 */

/** @brief Longest interned string, in bytes. */
#define MICRORT_QSTR_LENGTH_MAX 255

/** @brief Memory that the strings take that were interned at run time. */
struct micrort_qstr_stats {
	/** Number of pools. */
	uint32_t pools;
	/** Number of strings in them. */
	uint32_t strings;
	/** Bytes of the strings, with a NUL each. */
	size_t data_bytes;
	/** The same and the pools. */
	size_t total_bytes;
};

#if defined(CONFIG_MICRORT_QSTR) || defined(__DOXYGEN__)

/**
 * @brief Intern a string.
 *
 * A string that is there already is found in every context, and whatever the heap is like.
 *
 * @funcprops \isr_ok, for strings that are there already
 *
 * @param str String that a NUL ends.
 *
 * @retval -EINVAL       @a str is NULL.
 * @retval -ENAMETOOLONG It has more than 255 bytes.
 * @retval -ENOMEM       It is new, and the heap is locked or full.
 * @retval -ENOSPC       It is new, and there are 65535 strings already.
 * @retval -EWOULDBLOCK  It is new, and the caller is an interrupt.
 * @return else the id, 1 to 65535.
 */
int micrort_qstr_from_str(const char *str);

/**
 * @brief Intern a string of any bytes.
 *
 * Like micrort_qstr_from_str().
 *
 * @funcprops \isr_ok, for strings that are there already
 *
 * @param str    First byte.
 * @param length Number of bytes.
 *
 * @retval -EINVAL       @a str is NULL.
 * @retval -ENAMETOOLONG @a length is more than 255.
 * @retval -ENOMEM       It is new, and the heap is locked or full.
 * @retval -ENOSPC       It is new, and there are 65535 strings already.
 * @retval -EWOULDBLOCK  It is new, and the caller is an interrupt.
 * @return else the id, 1 to 65535.
 */
int micrort_qstr_from_strn(const char *str, size_t length);

/**
 * @brief Look a string up, without interning it.
 *
 * @funcprops \isr_ok, \pre_kernel_ok
 *
 * @param str    First byte.
 * @param length Number of bytes.
 *
 * @retval -EINVAL       @a str is NULL.
 * @retval -ENAMETOOLONG @a length is more than 255.
 * @retval -ENOENT       Nobody has interned it.
 * @return else the id, 1 to 65535.
 */
int micrort_qstr_find_strn(const char *str, size_t length);

/**
 * @brief Get the text of an interned string.
 *
 * @funcprops \isr_ok, \pre_kernel_ok
 *
 * @param id Id.
 *
 * @return the text, with a NUL behind it, which stays as it is for ever, but for @ref MICRORT_RESET_STRINGS; or
 *         NULL for an id that was never given.
 */
const char *micrort_qstr_str(uint16_t id);

/**
 * @brief Get the length of an interned string.
 *
 * @funcprops \isr_ok, \pre_kernel_ok
 *
 * @param id Id.
 *
 * @retval -ENOENT @a id was never given.
 * @return else the number of bytes, 0 to 255; the NUL behind them does not count.
 */
int micrort_qstr_len(uint16_t id);

/**
 * @brief Count what was interned at run time.
 *
 * Takes as long as there are strings.
 *
 * @funcprops \isr_ok
 *
 * @param stats Where to store it.
 */
void micrort_qstr_stats_get(struct micrort_qstr_stats *stats);

/**
 * @brief Report what was interned at run time.
 *
 * A line `qstr pool: n_pool=1, n_qstr=2, n_str_data_bytes=14, n_total_bytes=250`, and with
 * @a verbose a line `Q(text)` for each string, the newest pool first. A byte that is not printable
 * ASCII is shown as `\xNN`, a backslash as two. Allocates nothing; works with the heap locked.
 *
 * @param printer Printer, or NULL for printk().
 * @param verbose Whether to list the strings.
 *
 * @return 0, or what the printer returned when it ended the report.
 */
int micrort_qstr_info(const struct micrort_printer *printer, bool verbose);

/** @cond INTERNAL_HIDDEN */
/* Shared with src/port/pool.rs and cmake/qstr_index.py. */
struct micrort_qstr {
	const char *text;
	uint8_t length;
};

#ifdef LL_EXTENSION_BUILD
#define Z_MICRORT_QSTR_ENTRY(_symbol, _text)                                                       \
	BUILD_ASSERT(false, "an extension interns strings at run time: micrort_qstr_from_str()")
#define Z_MICRORT_QSTR_ENTRY_INSIDE(_text) Z_MICRORT_QSTR_ENTRY(none, _text)
#else
#define Z_MICRORT_QSTR_ENTRY(_symbol, _text)                                                       \
	static const STRUCT_SECTION_ITERABLE(micrort_qstr, _symbol) = {                            \
		.text = "" _text, .length = sizeof(_text) - 1}

#ifdef __cplusplus
/* In a template GCC does not put a variable into the section that it asks for: the assembler does. */
#define Z_MICRORT_QSTR_ENTRY_INSIDE(_text)                                                         \
	__asm__ volatile(".pushsection ._micrort_qstr.static.inside_,\"a\"\n"                       \
			 ".balign %c2\n"                                                           \
			 Z_MICRORT_QSTR_POINTER " %c0\n"                                           \
			 ".byte %c1\n"                                                             \
			 ".balign %c2\n"                                                           \
			 ".popsection"                                                             \
			 :                                                                         \
			 : "i"("" _text), "i"(sizeof(_text) - 1), "i"(sizeof(const char *)))
#ifdef CONFIG_64BIT
#define Z_MICRORT_QSTR_POINTER ".quad"
#else
#define Z_MICRORT_QSTR_POINTER ".long"
#endif
#else
#define Z_MICRORT_QSTR_ENTRY_INSIDE(_text)                                                         \
	Z_MICRORT_QSTR_ENTRY(_CONCAT(micrort_qstr_, __COUNTER__), _text)
#endif
#endif
/** @endcond */

/**
 * @brief Intern a string at build time.
 *
 * For file scope. micrort_qstr_find_strn() and its like find the string; equal ones, in one file or
 * in several, have one id.
 *
 * @param _symbol Name of the entry, used for nothing else.
 * @param _text   String literal of at most 255 bytes.
 */
#define MICRORT_QSTR_DEFINE(_symbol, _text)                                                        \
	BUILD_ASSERT(sizeof(_text) - 1 <= MICRORT_QSTR_LENGTH_MAX, "string too long: " #_symbol);  \
	Z_MICRORT_QSTR_ENTRY(_CONCAT(micrort_qstr_, _symbol), _text)

/**
 * @brief Intern a string at build time, and give its id.
 *
 * For functions, as an expression. It looks the string up, in every context, and cannot fail.
 *
 * @param _text String literal of at most 255 bytes.
 */
#define MICRORT_QSTR(_text)                                                                        \
	({                                                                                         \
		BUILD_ASSERT(sizeof(_text) - 1 <= MICRORT_QSTR_LENGTH_MAX, "string too long");     \
		Z_MICRORT_QSTR_ENTRY_INSIDE(_text);                                                \
		(uint16_t)micrort_qstr_find_strn("" _text, sizeof(_text) - 1);                     \
	})

#else

#define MICRORT_QSTR_DEFINE(_symbol, _text)                                                        \
	BUILD_ASSERT(sizeof(_text) - 1 <= MICRORT_QSTR_LENGTH_MAX, "string too long: " #_symbol)

#endif /* CONFIG_MICRORT_QSTR */

/** @} */

#ifdef __cplusplus
}
#endif

#endif /* MICRORT_QSTR_H_ */
