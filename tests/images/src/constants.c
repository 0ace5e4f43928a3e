/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief const.h: "A name that begins with an underscore is hidden: it has no entry, no symbol and
 * no byte of the image": PUBLIC_NAMES, HIDDEN_NAMES, or numbers in the same places.
 */

#include <zephyr/init.h>

#include <micrort/micrort.h>

#if defined(PUBLIC_NAMES)
#define NAME(_name) _name
#elif defined(HIDDEN_NAMES)
#define NAME(_name) _##_name
#endif

#ifdef NAME
MICRORT_CONST(NAME(SAMPLES), 4000);
MICRORT_CONST(NAME(CORRECTION), INT64_MIN);
MICRORT_CONST(NAME(BIT_PATTERN), UINT64_MAX);
MICRORT_CONST_BOOL(NAME(IS_FAST), 1);
MICRORT_CONST_STR(NAME(VENDOR), "text of a constant");
#define COUNT NAME(SAMPLES)
#else
#define COUNT 4000
#endif

static int use(void)
{
	struct micrort_const_value value;

	return micrort_const_get("SAMPLE", &value) + COUNT;
}

SYS_INIT(use, APPLICATION, 0);
