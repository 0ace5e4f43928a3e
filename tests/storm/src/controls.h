/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief The module's other controls, used wherever the storm passes; without
 * CONFIG_STORM_CONTROLS nothing.
 */

#ifndef MICRORT_TESTS_STORM_CONTROLS_H_
#define MICRORT_TESTS_STORM_CONTROLS_H_

#include <stdint.h>

#ifdef CONFIG_STORM_CONTROLS

/** Start the threads that are in the foreground, read and sleep; stop them and check. */
void controls_begin(void);
void controls_end(void);

void controls_in_thread(uint32_t round);
void controls_in_interrupt(void);
void controls_in_function(void);

#else

static inline void controls_begin(void)
{
}

static inline void controls_end(void)
{
}

static inline void controls_in_thread(uint32_t round)
{
	(void)round;
}

static inline void controls_in_interrupt(void)
{
}

static inline void controls_in_function(void)
{
}

#endif

#endif /* MICRORT_TESTS_STORM_CONTROLS_H_ */
