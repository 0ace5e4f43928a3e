/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief Where reports are printed.
 */

#ifndef MICRORT_PRINT_H_
#define MICRORT_PRINT_H_

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @defgroup micrort_print Printers
 * @ingroup micrort
 *
 * A report (micrort_mem_info() and its like) is handed to a printer piece by piece, with no lock
 * held. A piece ends at the end of a line, or where a line is longer than micrort's line buffer.
 *
 * @since 0.1
 * @{
 */

/**
 * @brief Take a piece of a report.
 *
 * Called in the context of whoever asked for the report.
 *
 * @param text   Not terminated by NUL; lines end in a newline.
 * @param length Bytes of @a text, not 0.
 * @param arg    The printer's argument.
 *
 * @return 0, or a negative errno, which ends the report and is what the report's function returns.
 */
typedef int (*micrort_print_fn)(const char *text, size_t length, void *arg);

/** @brief A printer. Where a function takes one, NULL stands for printk(). */
struct micrort_printer {
	/** Takes each piece. */
	micrort_print_fn print;
	/** Handed to it. */
	void *arg;
};

/** @} */

#ifdef __cplusplus
}
#endif

#endif /* MICRORT_PRINT_H_ */
