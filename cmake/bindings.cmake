# Copyright (c) 2026 The micrort authors
# SPDX-License-Identifier: Apache-2.0

# What Rust knows of the C beside it, as the file `bindings` and the target micrort_bindings. bindgen reads it from the
# headers of this build, where there is libclang. Else it is one of zephyr-sys/bindings, which has the same text,
# as no configuration changes it; scripts/bindings.sh compares.

include(${CMAKE_CURRENT_LIST_DIR}/libclang.cmake)

set(bindings ${PROJECT_BINARY_DIR}/micrort-bindings.rs)

include(${CMAKE_CURRENT_LIST_DIR}/made_before.cmake)
set(target ${MICRORT_RUST_TARGET})
if(CONFIG_ARCH_POSIX AND NOT CONFIG_NATIVE_LIBC)
  # The numbers of an embedded C library, which the machine's own does not have.
  set(target x86_64-unknown-none)
endif()
micrort_bindings_made_before(made_before ${target})
# For scripts/bindings.sh.
set(MICRORT_BINDINGS_MADE_BEFORE ${made_before} CACHE INTERNAL "")

if(NOT MICRORT_LIBCLANG)
  message(STATUS "micrort: no libclang, so the bindings are ${made_before}")
  configure_file(${made_before} ${bindings} COPYONLY)
  add_custom_target(micrort_bindings)
  set(MICRORT_ERRNO_OF_BINDINGS TRUE)
  return()
endif()

# Its folder is named after its source: other checkouts may have another.
set(bindgen_source ${MICRORT_ROOT}/zephyr-sys/bindgen/src/main.rs
  ${MICRORT_ROOT}/zephyr-sys/bindgen/Cargo.toml ${MICRORT_ROOT}/Cargo.lock)
micrort_hash_files(bindgen_hash ${bindgen_source})
string(SUBSTRING ${bindgen_hash} 0 8 bindgen_hash)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${bindgen_source})

set(bindgen_dir ${MICRORT_CACHE_DIR}/bindgen-${bindgen_hash})
set(bindgen_program ${bindgen_dir}/release/zephyr-sys-bindgen)

add_custom_command(OUTPUT ${bindgen_program}
  # Not what an application configures for its own crates.
  COMMAND ${CMAKE_COMMAND} -E env --unset=RUSTFLAGS --unset=CARGO_BUILD_TARGET CARGO_ENCODED_RUSTFLAGS=
          ${CARGO} build --quiet --release --locked ${micrort_vendored} --package zephyr-sys-bindgen
          --manifest-path ${MICRORT_ROOT}/Cargo.toml --target-dir ${bindgen_dir}
          --config "profile.release.lto=false"
  WORKING_DIRECTORY ${MICRORT_ROOT}
  COMMENT "Building zephyr-sys-bindgen"
  USES_TERMINAL
  VERBATIM)

# The compiler's own idea of its ABI and include folders, said to libclang.
set(clang_args "")
if(CONFIG_ARM)
  string(REGEX REPLACE "hf$" "" clang_target ${MICRORT_RUST_TARGET})
  list(APPEND clang_args --target=${clang_target} -fshort-enums)
elseif(CONFIG_RISCV)
  string(REGEX REPLACE "^riscv(32|64)[a-z]*" "riscv\\1" clang_target ${MICRORT_RUST_TARGET})
  list(APPEND clang_args --target=${clang_target})
elseif(CONFIG_ARM64)
  list(APPEND clang_args --target=aarch64-unknown-none-elf)
elseif(CONFIG_X86_64)
  list(APPEND clang_args --target=x86_64-unknown-none-elf)
endif()
if(CONFIG_FP_HARDABI)
  list(APPEND clang_args -mfloat-abi=hard)
elseif(CONFIG_ARM)
  list(APPEND clang_args -mfloat-abi=soft)
endif()
# Where the C library came with the compiler, only the compiler knows its headers.
set(clang_libc "")
if(CONFIG_NEWLIB_LIBC OR (CONFIG_PICOLIBC AND NOT CONFIG_PICOLIBC_USE_MODULE))
  set(specs "")
  if(CONFIG_PICOLIBC)
    set(specs -specs=picolibc.specs)
  endif()
  file(WRITE ${CMAKE_CURRENT_BINARY_DIR}/libc.c "#include <inttypes.h>\n")
  execute_process(COMMAND ${CMAKE_C_COMPILER} ${specs} -M ${CMAKE_CURRENT_BINARY_DIR}/libc.c
    OUTPUT_VARIABLE headers ERROR_QUIET)
  if(headers MATCHES "[^ \n]*/inttypes\\.h")
    get_filename_component(folder ${CMAKE_MATCH_0} DIRECTORY)
    set(clang_libc -isystem ${folder})
  endif()
endif()
set(interface "$<TARGET_PROPERTY:zephyr_interface,INTERFACE_INCLUDE_DIRECTORIES>")
set(interface_system "$<TARGET_PROPERTY:zephyr_interface,INTERFACE_SYSTEM_INCLUDE_DIRECTORIES>")
set(interface_definitions "$<TARGET_PROPERTY:zephyr_interface,INTERFACE_COMPILE_DEFINITIONS>")

add_custom_command(OUTPUT ${bindings}
  # bindgen would take the variable for its target.
  COMMAND ${CMAKE_COMMAND} -E env --unset=TARGET
          ${bindgen_program} ${bindings} ${MICRORT_ROOT}/glue/port.h
          ${clang_args}
          "$<$<BOOL:${interface}>:-I$<JOIN:${interface},;-I>>"
          "$<$<BOOL:${interface_system}>:-isystem$<JOIN:${interface_system},;-isystem>>"
          "$<$<BOOL:${interface_definitions}>:-D$<JOIN:${interface_definitions},;-D>>"
          ${clang_libc} "-imacros" "${AUTOCONF_H}"
          -D__ZEPHYR__=1 -D__ZEPHYR_SUPERVISOR__ -Wno-everything
  DEPENDS ${bindgen_program} ${AUTOCONF_H} zephyr_generated_headers
  DEPFILE ${bindings}.d
  COMMENT "Generating ${bindings}"
  COMMAND_EXPAND_LISTS
  VERBATIM)
add_custom_target(micrort_bindings DEPENDS ${bindings})
