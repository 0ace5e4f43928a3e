# Copyright (c) 2026 The micrort authors
# SPDX-License-Identifier: Apache-2.0

# micrort_bindings_made_before(RESULT TARGET): the file of zephyr-sys/bindings for a Rust target. They differ by the
# width of pointers and enums, and by the C library's error numbers.
function(micrort_bindings_made_before result target)
  if(target MATCHES "^thumb")
    set(name arm)
  elseif(target MATCHES "^riscv32")
    set(name riscv32)
  elseif(target MATCHES "-linux-gnu$")
    set(name linux)
  else()
    set(name 64)
  endif()
  get_filename_component(file ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/../zephyr-sys/bindings/${name}.rs ABSOLUTE)
  set(${result} ${file} PARENT_SCOPE)
endfunction()
