# Copyright (c) 2026 The micrort authors
# SPDX-License-Identifier: Apache-2.0

# cmake -DCACHE= -DROOT= -DBINDINGS= -DARCHIVE= -DDEPFILE= -DRUST= -P cached_archive.cmake -- COMMAND...
# runs COMMAND, which builds ARCHIVE, unless CACHE has what it would build: from the same source and
# bindings, with the same command, by the Rust of version RUST. So builds whose configurations
# differ for C only, as most of a test suite's do, compile the library once.

include(${CMAKE_CURRENT_LIST_DIR}/hash_files.cmake)

set(command "")
set(after_dashes FALSE)
math(EXPR last "${CMAKE_ARGC} - 1")
foreach(i RANGE ${last})
  if(after_dashes)
    list(APPEND command ${CMAKE_ARGV${i}})
  elseif(CMAKE_ARGV${i} STREQUAL "--")
    set(after_dashes TRUE)
  endif()
endforeach()

file(GLOB_RECURSE sources ${ROOT}/src/*.rs ${ROOT}/zephyr-sys/src/*.rs)
list(APPEND sources ${BINDINGS} ${ROOT}/Cargo.toml ${ROOT}/Cargo.lock ${ROOT}/zephyr-sys/Cargo.toml
  ${ROOT}/zephyr-sys/build.rs)
# Folders do not reach the archive.
get_filename_component(build ${BINDINGS} DIRECTORY)
get_filename_component(build ${build} DIRECTORY)
string(REPLACE ${build} "" key "${RUST};${command}")
string(REPLACE ${ROOT} "" key "${key}")
micrort_hash_files(hash ${sources})
string(SHA256 key "${key}${hash}")

file(MAKE_DIRECTORY ${CACHE})
set(cached ${CACHE}/${key}.a)
# Who finds nothing while another one builds the same waits for it.
file(LOCK ${cached}.lock GUARD PROCESS)
if(NOT EXISTS ${cached})
  execute_process(COMMAND ${command} COMMAND_ERROR_IS_FATAL ANY)
  file(COPY_FILE ${ARCHIVE} ${cached}.new)
  file(RENAME ${cached}.new ${cached})
else()
  get_filename_component(folder ${ARCHIVE} DIRECTORY)
  file(MAKE_DIRECTORY ${folder})
  file(COPY_FILE ${cached} ${ARCHIVE})
endif()
list(JOIN sources " " sources)
file(WRITE ${DEPFILE} "${ARCHIVE}: ${sources}\n")
