/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief All controls of micrort.
 */

#ifndef MICRORT_MICRORT_H_
#define MICRORT_MICRORT_H_

#include <micrort/heap_lock.h>
#include <micrort/kbd_intr.h>
#include <micrort/schedule.h>

#endif /* MICRORT_MICRORT_H_ */
