/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

#define warnings_heap warnings_heap_cxx
#define WARNINGS_INT  WARNINGS_INT_CXX
#define WARNINGS_BOOL WARNINGS_BOOL_CXX
#define WARNINGS_STR  WARNINGS_STR_CXX

#include "warnings.c"
