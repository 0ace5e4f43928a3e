/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief Keep what is printed, by printk() or through a printer.
 */

#ifndef MICRORT_TESTS_CONSOLE_H_
#define MICRORT_TESTS_CONSOLE_H_

#include <micrort/micrort.h>

/** What was kept, with a NUL; the end of it, if it is more than fits. */
extern char kept_text[1024];

/** A printer that keeps what it is handed. */
extern const struct micrort_printer keeping_printer;

/** Forget what was kept. */
void kept_reset(void);

/** Keep what printk() prints from now on, in place of printing it. */
void console_keep(void);

/** Print again; also after a test that failed. */
void console_restore(void *fixture);

/** How often @a part occurs in what was kept. */
int kept_count(const char *part);

#endif /* MICRORT_TESTS_CONSOLE_H_ */
