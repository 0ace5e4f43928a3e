/*
 * Copyright (c) 2026 The micrort authors
 *
 * SPDX-License-Identifier: Apache-2.0
 */

/**
 * @file
 * @brief The whole API, for the list of its functions (cmake/functions.cmake).
 */

#include <micrort/micrort.h>
