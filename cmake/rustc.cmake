# Copyright (c) 2026 The micrort authors
# SPDX-License-Identifier: Apache-2.0

# Of the compiler RUSTC, as it is in the module's folder (rustup may have another one elsewhere): rustc_version, what it
# says of itself; rustc_id, a short name for that; rustc_sysroot; and rustc_remap, the flag by which Rust's own
# source, where it is, is called what it is called where it is not.

execute_process(COMMAND ${RUSTC} --version --verbose OUTPUT_VARIABLE rustc_version
  WORKING_DIRECTORY ${CMAKE_CURRENT_LIST_DIR}/.. COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND ${RUSTC} --print sysroot OUTPUT_VARIABLE rustc_sysroot OUTPUT_STRIP_TRAILING_WHITESPACE
  WORKING_DIRECTORY ${CMAKE_CURRENT_LIST_DIR}/.. COMMAND_ERROR_IS_FATAL ANY)
string(MD5 rustc_id "${rustc_version}")
string(SUBSTRING ${rustc_id} 0 8 rustc_id)
string(REGEX MATCH "commit-hash: ([0-9a-f]+)" rustc_commit "${rustc_version}")
set(rustc_remap --remap-path-prefix=${rustc_sysroot}/lib/rustlib/src/rust=/rustc/${CMAKE_MATCH_1})
