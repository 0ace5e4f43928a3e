# Copyright (c) 2026 The micrort authors
# SPDX-License-Identifier: Apache-2.0

# Sets MICRORT_VERSION, and MICRORT_ABI: that of glue/port.h, of which the library and the C beside it must be.

file(STRINGS ${CMAKE_CURRENT_LIST_DIR}/../Cargo.toml MICRORT_VERSION REGEX "^version = ")
string(REGEX MATCH "[0-9][^\"]*" MICRORT_VERSION "${MICRORT_VERSION}")
file(STRINGS ${CMAKE_CURRENT_LIST_DIR}/../glue/port.h MICRORT_ABI REGEX "define MICRORT_PORT_ABI ")
string(REGEX MATCH "[0-9]+$" MICRORT_ABI "${MICRORT_ABI}")
