/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief Constants that can be looked up by name.
 */

#ifndef MICRORT_CONST_H_
#define MICRORT_CONST_H_

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <zephyr/toolchain.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @defgroup micrort_const Constants that can be looked up by name
 * @ingroup micrort
 *
 * MICRORT_CONST() and its like make a compile-time constant and register it in a table in read-only
 * memory, which the linker sorts by name. Where @kconfig{CONFIG_MICRORT_CONST} is off they make the
 * constant only.
 *
 * A name that begins with an underscore is hidden: it has no entry, no symbol and no byte of the
 * image, and is private to its file. Two others of one name in one image are an error of the link
 * that names `micrort_const_NAME`.
 *
 * The lookup is not for user threads.
 *
 * @since 0.1
 * @{
 */

/** @brief What a constant is. */
enum micrort_const_kind {
	/** An integer that fits int64_t. */
	MICRORT_CONST_KIND_INT = 0,
	/** An integer above INT64_MAX. */
	MICRORT_CONST_KIND_UINT = 1,
	/** A boolean. */
	MICRORT_CONST_KIND_BOOL = 2,
	/** A string. */
	MICRORT_CONST_KIND_STR = 3,
};

/** @brief Value of a constant. */
struct micrort_const_value {
	/** An enum micrort_const_kind, which tells the member of the union. */
	uint8_t kind;
	union {
		/** @ref MICRORT_CONST_KIND_INT */
		int64_t int_value;
		/** @ref MICRORT_CONST_KIND_UINT */
		uint64_t uint_value;
		/** @ref MICRORT_CONST_KIND_BOOL */
		bool bool_value;
		/** @ref MICRORT_CONST_KIND_STR, with a NUL at the end */
		const char *str_value;
	};
};

/** @brief An entry of the table. Shared with src/port/constant.rs. */
struct micrort_const {
	/** Name. */
	const char *name;
	/** An enum micrort_const_kind, which tells the member of the union. */
	uint8_t kind;
	union {
		/** @ref MICRORT_CONST_KIND_INT */
		int64_t int_value;
		/** @ref MICRORT_CONST_KIND_UINT */
		uint64_t uint_value;
		/** @ref MICRORT_CONST_KIND_BOOL */
		bool bool_value;
		/** @ref MICRORT_CONST_KIND_STR, with a NUL at the end */
		const char *str_value;
	};
};

/** @cond INTERNAL_HIDDEN */
#ifdef LL_EXTENSION_BUILD

#define Z_MICRORT_CONST_ENTRY(_name, _kind, ...)                                                   \
	BUILD_ASSERT(false, "constants of an extension cannot be looked up: use an enum")

#elif defined(CONFIG_MICRORT_CONST)

#ifndef Z_MICRORT_CONST_SECTION
#define Z_MICRORT_CONST_SECTION(_name) "._micrort_const.static." _name
#endif

/*
 * The entry's section is named after the constant, for the linker to sort by (glue/rom_sections.ld).
 * So is the name's: it goes with the entry.
 *
 * Two entries of one name must not link, but a hidden one is its file's own business. So the entry
 * is static, and the assembler, which can look at the first character, makes a global symbol for a
 * public name. It lies in a section that nothing refers to and the linker drops.
 *
 * C++20 wants all initializers of a list designated or none: none here, because the union has no
 * name.
 */
#define Z_MICRORT_CONST_ENTRY(_name, _kind, ...)                                                   \
	__asm__(".set .Lmicrort_first, 1\n"                                                        \
		".irpc micrort_character," #_name "\n"                                             \
		".if .Lmicrort_first\n"                                                            \
		".ifnc \\micrort_character,_\n"                                                    \
		".pushsection .rodata.micrort_const_unique,\"a\"\n"                                \
		".globl micrort_const_" #_name "\n"                                                \
		"micrort_const_" #_name ":\n"                                                      \
		".popsection\n"                                                                    \
		".endif\n"                                                                         \
		".endif\n"                                                                         \
		".set .Lmicrort_first, 0\n"                                                        \
		".endr\n");                                                                        \
	static const char micrort_const_name_##_name[]                                             \
		__attribute__((section(".rodata.micrort_const_name." #_name))) = #_name;           \
	static const struct micrort_const micrort_const_entry_##_name                              \
		__attribute__((section(Z_MICRORT_CONST_SECTION(#_name)), used,                     \
			       aligned(__alignof__(struct micrort_const)))) = {                    \
			micrort_const_name_##_name, (_kind), {__VA_ARGS__}}

#else

#define Z_MICRORT_CONST_ENTRY(_name, _kind, ...)                                                   \
	extern const struct micrort_const micrort_const_entry_##_name

#endif
/** @endcond */

/**
 * @brief Define an integer constant, and register it.
 *
 * For file scope. @a _name is usable in constant expressions afterwards.
 *
 * @param _name Name.
 * @param _expr Constant expression of an integer type with at most 64 bits.
 */
#define MICRORT_CONST(_name, _expr)                                                                \
	enum { _name = (_expr) };                                                                  \
	Z_MICRORT_CONST_ENTRY(_name,                                                               \
			      (_name) > 0 && (uint64_t)(_name) > (uint64_t)INT64_MAX               \
				      ? MICRORT_CONST_KIND_UINT                                    \
				      : MICRORT_CONST_KIND_INT,                                    \
			      .uint_value = (uint64_t)(_name))

/**
 * @brief Define a boolean constant, 0 or 1, and register it.
 *
 * For file scope. @a _name is usable in constant expressions afterwards.
 *
 * @param _name Name.
 * @param _expr Constant expression; true unless it is 0.
 */
#define MICRORT_CONST_BOOL(_name, _expr)                                                           \
	enum { _name = (_expr) ? 1 : 0 };                                                          \
	Z_MICRORT_CONST_ENTRY(_name, MICRORT_CONST_KIND_BOOL, .uint_value = (_name))

/**
 * @brief Define a string constant, and register it.
 *
 * For file scope. @a _name is a `static const char[]` afterwards.
 *
 * @param _name Name.
 * @param _text String literal.
 */
#define MICRORT_CONST_STR(_name, _text)                                                            \
	static const char _name[] __attribute__((unused)) = "" _text;                              \
	Z_MICRORT_CONST_ENTRY(_name, MICRORT_CONST_KIND_STR, .str_value = (_name))

#if defined(CONFIG_MICRORT_CONST) || defined(__DOXYGEN__)

/**
 * @brief Look a constant up by its name.
 *
 * Takes as many comparisons as the logarithm of the number of constants.
 *
 * @funcprops \isr_ok, \pre_kernel_ok
 *
 * @param name  Name.
 * @param value Where to store the value.
 *
 * @retval 0       @a value was stored.
 * @retval -EINVAL @a name or @a value is NULL.
 * @retval -ENOENT No constant has that name, or it is hidden. @a value was not touched.
 */
int micrort_const_get(const char *name, struct micrort_const_value *value);

/**
 * @brief Count the constants.
 *
 * @funcprops \isr_ok, \pre_kernel_ok
 *
 * @return how many have an entry.
 */
size_t micrort_const_count(void);

/**
 * @brief Get an entry by its place in the order of names (by bytes, as strcmp() has it).
 *
 * @funcprops \isr_ok, \pre_kernel_ok
 *
 * @param index Place, from 0.
 *
 * @return the entry; NULL if there are not that many.
 */
const struct micrort_const *micrort_const_at(size_t index);

#endif /* CONFIG_MICRORT_CONST */

/** @} */

#ifdef __cplusplus
}
#endif

#endif /* MICRORT_CONST_H_ */
