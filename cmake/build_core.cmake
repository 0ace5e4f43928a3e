# Copyright (c) 2026 The micrort authors
# SPDX-License-Identifier: Apache-2.0

# Script: builds core, alloc and compiler_builtins for TARGET and lays them out as a sysroot in
# SYSROOT. DIR holds the intermediate files; STAMP is written last.

file(MAKE_DIRECTORY ${DIR})
file(LOCK ${DIR}/lock)
if(EXISTS ${STAMP})
  file(TOUCH ${STAMP})
  return()
endif()

file(WRITE ${DIR}/empty/Cargo.toml
  "[package]\nname = \"empty\"\nversion = \"0.0.0\"\nedition = \"2021\"\n[workspace]\n"
  "[profile.release]\npanic = \"abort\"\n")
file(WRITE ${DIR}/empty/src/lib.rs "#![no_std]\n")
include(${CMAKE_CURRENT_LIST_DIR}/rustc.cmake)
string(ASCII 31 separator)
# Link-time optimization wants the bitcode.
set(flags ${rustc_remap}${separator}-Cembed-bitcode=yes)
execute_process(
  COMMAND ${CMAKE_COMMAND} -E env --unset=RUSTFLAGS CARGO_ENCODED_RUSTFLAGS=${flags} RUSTC=${RUSTC}
          RUSTC_WRAPPER= RUSTC_WORKSPACE_WRAPPER= CARGO_INCREMENTAL=0 RUSTC_BOOTSTRAP=1
          ${CARGO} build --quiet --release -Zbuild-std=core,alloc --target ${TARGET}
          --manifest-path ${DIR}/empty/Cargo.toml --target-dir ${DIR}/target
  WORKING_DIRECTORY ${CMAKE_CURRENT_LIST_DIR}/.. COMMAND_ERROR_IS_FATAL ANY)

set(lib ${SYSROOT}/lib/rustlib/${TARGET}/lib)
file(GLOB libraries ${DIR}/target/${TARGET}/release/deps/*.rlib)
list(FILTER libraries EXCLUDE REGEX "/libempty-")
file(COPY ${libraries} DESTINATION ${lib})
file(TOUCH ${STAMP})
