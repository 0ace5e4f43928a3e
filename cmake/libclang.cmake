# Copyright (c) 2026 The micrort authors
# SPDX-License-Identifier: Apache-2.0

# Sets MICRORT_LIBCLANG to whether bindgen will find libclang. It looks in LIBCLANG_PATH alone (a folder or a
# file) if that is set, or else in these folders (clang-sys, build/common.rs). Other systems than Linux have others.

set(MICRORT_LIBCLANG TRUE)
if(NOT CMAKE_HOST_SYSTEM_NAME STREQUAL "Linux")
  return()
endif()

if(DEFINED ENV{LIBCLANG_PATH})
  set(folders $ENV{LIBCLANG_PATH})
  if(NOT IS_DIRECTORY ${folders})
    get_filename_component(folders ${folders} DIRECTORY)
  endif()
else()
  execute_process(COMMAND llvm-config --prefix
    OUTPUT_VARIABLE llvm_prefix OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET RESULT_VARIABLE failed)
  if(NOT failed)
    list(APPEND folders ${llvm_prefix}/bin ${llvm_prefix}/lib ${llvm_prefix}/lib64)
  endif()
  string(REPLACE ":" ";" search_path "$ENV{LD_LIBRARY_PATH}:$ENV{LIBRARY_PATH}")
  list(APPEND folders ${search_path} /usr/local/llvm*/lib* /usr/local/lib*/*/* /usr/local/lib*/*
    /usr/local/lib* /usr/lib*/*/* /usr/lib*/* /usr/lib*)
endif()

set(libclang "")
foreach(folder ${folders})
  file(GLOB found ${folder}/libclang.so* ${folder}/libclang-*.so*)
  list(APPEND libclang ${found})
endforeach()
# Another library, whose name begins the same.
list(FILTER libclang EXCLUDE REGEX "-cpp\\.")

if(NOT libclang)
  set(MICRORT_LIBCLANG FALSE)
endif()
