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

/**
 * @defgroup micrort micrort
 * @brief Runtime controls for firmware.
 *
 * Each control has a header of its own. Errors are negative errno.
 */

#include <micrort/const.h>
#include <micrort/exception.h>
#include <micrort/heap_lock.h>
#include <micrort/kbd_intr.h>
#include <micrort/mem_info.h>
#include <micrort/opt_level.h>
#include <micrort/print.h>
#include <micrort/qstr.h>
#include <micrort/runtime.h>
#include <micrort/schedule.h>
#include <micrort/stack_use.h>

#endif /* MICRORT_MICRORT_H_ */
