# Copyright (c) 2026 The micrort authors
# SPDX-License-Identifier: Apache-2.0

# What the tests share. Include it after find_package(Zephyr).
target_include_directories(app PRIVATE ${CMAKE_CURRENT_LIST_DIR})
target_sources(app PRIVATE
  ${CMAKE_CURRENT_LIST_DIR}/executor.c
  ${CMAKE_CURRENT_LIST_DIR}/helpers.c
  ${CMAKE_CURRENT_LIST_DIR}/interrupts.c
  ${CMAKE_CURRENT_LIST_DIR}/trace.c
)
