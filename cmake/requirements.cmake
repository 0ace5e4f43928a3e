# Copyright (c) 2026 The micrort authors
# SPDX-License-Identifier: Apache-2.0

if(KERNEL_VERSION_MAJOR LESS 3
   OR (KERNEL_VERSION_MAJOR EQUAL 3 AND KERNEL_VERSION_MINOR LESS 7))
  message(FATAL_ERROR
    "micrort needs Zephyr 3.7 or later; this is Zephyr "
    "${KERNEL_VERSION_MAJOR}.${KERNEL_VERSION_MINOR}.${KERNEL_PATCHLEVEL}.")
endif()

# What a thread holds lives in its own storage (docs/architecture.md, "What a thread holds").
if(NOT CONFIG_THREAD_LOCAL_STORAGE AND NOT CONFIG_ARCH_POSIX)
  message(FATAL_ERROR
    "micrort needs thread-local storage, which Zephyr does not have for ${ARCH} with the toolchain "
    "variant ${ZEPHYR_TOOLCHAIN_VARIANT}.")
endif()
