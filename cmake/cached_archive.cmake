# Copyright (c) 2026 The micrort authors
# SPDX-License-Identifier: Apache-2.0

# cmake -DCACHE= -DROOT= -DBINDINGS= -DARCHIVE= -DDEPFILE= -DRUST= -DLIBRARY= -DVERSION= -DABI=
#   -P cached_archive.cmake -- COMMAND...
# runs COMMAND, which builds ARCHIVE, unless CACHE has what it would build: from the same source and
# bindings, with the same command, by the Rust of version RUST. No configuration is among these, so the
# library is compiled once for a CPU.

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
set(key "${RUST};${command}")
# What cargo obeys beside its arguments.
foreach(variable CARGO_PROFILE_RELEASE_DEBUG CARGO_BUILD_RUSTFLAGS RUSTC RUSTC_WRAPPER RUSTUP_TOOLCHAIN)
  string(APPEND key ";$ENV{${variable}}")
endforeach()
string(REPLACE ${build} "" key "${key}")
string(REPLACE ${ROOT} "" key "${key}")
micrort_hash_files(hash ${sources})
string(SHA256 key "${key}${hash}")

get_filename_component(folder ${ARCHIVE} DIRECTORY)
file(MAKE_DIRECTORY ${CACHE})
set(cached ${CACHE}/${key}.a)
# Who finds nothing while another one builds the same waits for it.
file(LOCK ${cached}.lock GUARD PROCESS)
if(NOT EXISTS ${cached})
  execute_process(COMMAND ${command} COMMAND_ERROR_IS_FATAL ANY)
  file(COPY_FILE ${ARCHIVE} ${cached}.new)
  file(RENAME ${cached}.new ${cached})
  # What nobody has asked for in a month was made of a source that is gone.
  string(TIMESTAMP now "%s")
  file(GLOB others ${CACHE}/*.a)
  foreach(other ${others})
    file(TIMESTAMP ${other} used "%s")
    math(EXPR age "${now} - ${used}")
    if(age GREATER 2592000)
      file(LOCK ${other}.lock TIMEOUT 0 RESULT_VARIABLE is_used)
      if(is_used EQUAL 0)
        file(REMOVE ${other})
        file(LOCK ${other}.lock RELEASE)
      endif()
    endif()
  endforeach()
else()
  file(TOUCH_NOCREATE ${cached})
  file(MAKE_DIRECTORY ${folder})
  file(COPY_FILE ${cached} ${ARCHIVE})
endif()
# For who links the library elsewhere (cmake/prebuilt.cmake).
file(SHA256 ${ARCHIVE} sha256)
file(WRITE ${folder}/libmicrort.json
  "{\"library\": \"${LIBRARY}\", \"version\": \"${VERSION}\", \"abi\": ${ABI}, \"sha256\": \"${sha256}\"}\n")

list(JOIN sources " " sources)
file(WRITE ${DEPFILE} "${ARCHIVE}: ${sources}\n")
