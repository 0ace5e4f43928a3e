/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief A toy language runtime: byte codes, safe points, objects that a collector frees, a lock.
 *
 * It stands for an interpreter that somebody ports to Zephyr, and uses of micrort what such a one needs.
 */

#ifndef MICRORT_TESTS_TOY_H_
#define MICRORT_TESTS_TOY_H_

#include <stdbool.h>
#include <stdint.h>

#include <zephyr/kernel.h>

#define TOY_OBJECTS 8

struct toy_object {
	int value;
	struct toy_object *link;
	bool in_use;
	bool marked;
};

/** Byte codes; those that push or name a number have it behind them. */
enum toy_code {
	TOY_NEW,   /**< Push a new object with this value. */
	TOY_LINK,  /**< Pop an object, and let the one below name it. */
	TOY_DROP,  /**< Pop an object. */
	TOY_LATER, /**< Pop an object, and call toy_later() with it at a safe point. */
	TOY_AGAIN, /**< Begin again. */
	TOY_WAIT,  /**< Wait until something is pending, or toy_semaphore is given. */
	TOY_END,
};

/** How a program ended. */
enum toy_result {
	TOY_DONE,
	TOY_INTERRUPTED,
	TOY_NO_MEMORY,
	TOY_THROWN,
};

/** The lock of the runtime: who holds it may use objects. Not held at safe points. */
extern struct k_mutex toy_lock;
extern struct k_sem toy_semaphore;
/** Called with each object of TOY_LATER. */
extern void (*toy_later)(struct toy_object *object);

/** Begin with no objects. */
void toy_start(void);

/** Run a program to its end, an interrupt, or toy_throw(). */
enum toy_result toy_run(const uint8_t *program);

/** In a function that the program runs: leave it, and the program. */
FUNC_NORETURN void toy_throw(void);

/** Free the objects that nothing leads to. The caller holds the lock. */
void toy_collect(void);

/** Number of objects. */
int toy_count(void);

/** Byte codes that have run since toy_start(). */
extern uint32_t toy_steps;

#endif /* MICRORT_TESTS_TOY_H_ */
