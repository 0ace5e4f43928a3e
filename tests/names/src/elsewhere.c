/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

#include <micrort/micrort.h>

#include "elsewhere.h"

MICRORT_QSTR_DEFINE(two_files, "in two files");
MICRORT_QSTR_DEFINE(only_elsewhere, "only elsewhere");

MICRORT_CONST(ELSEWHERE, 3);
MICRORT_CONST(_HIDDEN, 2);

uint16_t id_elsewhere(void)
{
	return MICRORT_QSTR("in two files");
}

int hidden_elsewhere(void)
{
	return _HIDDEN;
}
