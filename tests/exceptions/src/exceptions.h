/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief What the tests of exceptions share.
 */

#ifndef MICRORT_TESTS_EXCEPTIONS_H_
#define MICRORT_TESTS_EXCEPTIONS_H_

#include <string.h>

#include <zephyr/ztest.h>

#include <micrort/micrort.h>

/** Bytes of a record without what varies; the table of exception.h. */
#define RECORD (IS_ENABLED(CONFIG_64BIT) ? 40 : 24)
#define WORD   ((int)sizeof(void *))

/** No line is known at level 3 of the build. */
#define LINE(_line) (CONFIG_MICRORT_OPT_LEVEL >= 3 ? 0 : (_line))

#define LOST_ADDRESSES MICRORT_EXCEPTION_LOST_ADDRESSES
#define LOST_THREAD    MICRORT_EXCEPTION_LOST_THREAD
#define LOST_TEXT      MICRORT_EXCEPTION_LOST_TEXT
#define LOST_PLACE     MICRORT_EXCEPTION_LOST_PLACE
#define LOST_ALL       (LOST_ADDRESSES | LOST_THREAD | LOST_TEXT | LOST_PLACE)

/** A type of the application. */
MICRORT_EXCEPTION_TYPE_DECLARE(sensor_error);

/** The `before` of the suites: the thread's name is "tester", nothing is unread, no buffer. */
void exceptions_before(void *fixture);

/** The `after`: undoes what a test left, and checks the heap. */
void exceptions_after(void *fixture);

/** Take one, and fail the test unless there is one. Its text is taken_text. */
struct micrort_exception take_one(void);
extern char taken_text[160];

/** Fail the test unless nothing is unread. */
void check_none(void);

/** Take one, and fail the test unless it is of @a type with @a text. */
void check_taken(const struct micrort_exception_type *type, const char *text, int line);
#define CHECK_TAKEN(_type, _text) check_taken(_type, _text, __LINE__)

/** Allocate until nothing is left for a record, and free that again. */
void fill_heap(void);
void empty_heap(void);

/** Run a function in an interrupt of a k_timer that interrupts the caller. */
void in_timer(void (*fn)(void *arg), void *arg);

#endif /* MICRORT_TESTS_EXCEPTIONS_H_ */
