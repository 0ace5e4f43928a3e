# Copyright (c) 2026 The micrort authors
# SPDX-License-Identifier: Apache-2.0

if(KERNEL_VERSION_MAJOR LESS 3
   OR (KERNEL_VERSION_MAJOR EQUAL 3 AND KERNEL_VERSION_MINOR LESS 7))
  message(FATAL_ERROR
    "micrort needs Zephyr 3.7 or later; this is Zephyr "
    "${KERNEL_VERSION_MAJOR}.${KERNEL_VERSION_MINOR}.${KERNEL_PATCHLEVEL}.")
endif()
