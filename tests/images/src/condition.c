/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

#include "condition.h"

bool condition_of_the_check(int speed)
{
	return speed < 100;
}
