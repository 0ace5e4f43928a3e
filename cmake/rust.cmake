# Copyright (c) 2026 The micrort authors
# SPDX-License-Identifier: Apache-2.0

# Builds the bindings, and from them the Rust static library, as the target micrort_rust.
#
# What does not depend on the configuration (the bindgen program, core built from source, the library for
# each CPU) lies in MICRORT_CACHE_DIR and is built once.

find_program(CARGO cargo HINTS $ENV{CARGO_HOME}/bin $ENV{HOME}/.cargo/bin)
find_program(RUSTC rustc HINTS $ENV{CARGO_HOME}/bin $ENV{HOME}/.cargo/bin)
if(NOT CARGO OR NOT RUSTC)
  set(or_prebuilt "")
  if(CONFIG_MICRORT_PREBUILT)
    set(or_prebuilt " Or take a library that was built before for ${MICRORT_LIBRARY}, and name its folder by "
      "CONFIG_MICRORT_PREBUILT_PATH.")
  endif()
  message(FATAL_ERROR "micrort needs Rust: install it with rustup (https://rustup.rs), or on Debian "
    "with 'apt-get install rustc-web cargo-web rust-web-src'." ${or_prebuilt})
endif()

if(NOT DEFINED MICRORT_CACHE_DIR)
  if(DEFINED USER_CACHE_DIR)
    set(MICRORT_CACHE_DIR ${USER_CACHE_DIR}/micrort)
  else()
    set(MICRORT_CACHE_DIR $ENV{HOME}/.cache/micrort/build)
  endif()
endif()

set(MICRORT_ROOT ${CMAKE_CURRENT_LIST_DIR}/..)
get_filename_component(MICRORT_ROOT ${MICRORT_ROOT} ABSOLUTE)
set(cargo_build_dir ${CMAKE_CURRENT_BINARY_DIR}/cargo)

include(${CMAKE_CURRENT_LIST_DIR}/hash_files.cmake)

# A name for the compiler, another one for each version.
function(micrort_rust_version result)
  execute_process(COMMAND ${RUSTC} --version --verbose
    OUTPUT_VARIABLE version WORKING_DIRECTORY ${MICRORT_ROOT} COMMAND_ERROR_IS_FATAL ANY)
  string(MD5 version ${version})
  string(SUBSTRING ${version} 0 8 version)
  set(${result} ${version} PARENT_SCOPE)
endfunction()

# Bindings ------------------------------------------------------------------------------------

include(${CMAKE_CURRENT_LIST_DIR}/libclang.cmake)

# Its folder is named after its source: other checkouts may have another.
set(bindgen_source ${MICRORT_ROOT}/zephyr-sys/bindgen/src/main.rs
  ${MICRORT_ROOT}/zephyr-sys/bindgen/Cargo.toml ${MICRORT_ROOT}/Cargo.lock)
micrort_hash_files(bindgen_hash ${bindgen_source})
string(SUBSTRING ${bindgen_hash} 0 8 bindgen_hash)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${bindgen_source})

set(bindgen_dir ${MICRORT_CACHE_DIR}/bindgen-${bindgen_hash})
set(bindgen_program ${bindgen_dir}/release/zephyr-sys-bindgen)
set(bindings ${PROJECT_BINARY_DIR}/micrort-bindings.rs)

add_custom_command(OUTPUT ${bindgen_program}
  COMMAND ${CMAKE_COMMAND} -E env --unset=RUSTFLAGS
          ${CARGO} build --quiet --release --locked --package zephyr-sys-bindgen
          --manifest-path ${MICRORT_ROOT}/Cargo.toml --target-dir ${bindgen_dir}
          --config "profile.release.lto=false"
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
  COMMAND ${bindgen_program} ${bindings} ${MICRORT_ROOT}/glue/port.h
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

if(NOT CONFIG_MICRORT_RUST_STATICLIB)
  # zephyr-lang-rust's calls of cargo come into being after the modules.
  function(micrort_bindings_first)
    foreach(target librustapp clippy rustdoc)
      if(TARGET ${target})
        add_dependencies(${target} micrort_bindings)
      endif()
    endforeach()
  endfunction()
  cmake_language(DEFER DIRECTORY ${APPLICATION_SOURCE_DIR} CALL micrort_bindings_first)
  return()
endif()

# Static library ------------------------------------------------------------------------------

include(${CMAKE_CURRENT_LIST_DIR}/rust_core.cmake)

# All else that Kconfig decides reaches the library when it is linked (glue/config.h). 3 is the fast one.
if(CONFIG_SPEED_OPTIMIZATIONS)
  set(opt_level 3)
else()
  set(opt_level "\"s\"")
  # What must be inlined says so; the rest is smaller without.
  list(APPEND MICRORT_RUST_FLAGS -C llvm-args=-inline-threshold=0)
  if(CONFIG_ARMV7_M_ARMV8_M_MAINLINE)
    # An address is one instruction and a literal instead of two instructions. It changes nothing else,
    # but rustc warns of each feature of LLVM's that it does not list itself.
    list(APPEND MICRORT_RUST_FLAGS -C target-feature=+no-movt -A warnings)
  endif()
endif()

set(archive ${cargo_build_dir}/${MICRORT_RUST_TARGET}/release/libmicrort.a)
set(archive_depfile ${cargo_build_dir}/${MICRORT_RUST_TARGET}/release/libmicrort.d)
micrort_rust_version(rust_version)
if(NOT DEFINED MICRORT_ARCHIVE_DIR)
  set(MICRORT_ARCHIVE_DIR ${MICRORT_CACHE_DIR}/archives)
endif()
set(cached ${CMAKE_COMMAND} -DCACHE=${MICRORT_ARCHIVE_DIR} -DROOT=${MICRORT_ROOT} -DRUST=${rust_version}
  -DBINDINGS=${bindings} -DARCHIVE=${archive} -DDEPFILE=${archive_depfile}
  -DLIBRARY=${MICRORT_LIBRARY} -DVERSION=${MICRORT_VERSION} -DABI=${MICRORT_ABI}
  -P ${CMAKE_CURRENT_LIST_DIR}/cached_archive.cmake --)
add_custom_command(OUTPUT ${archive}
  COMMAND ${cached} ${CMAKE_COMMAND} -E env --unset=RUSTFLAGS --unset=CARGO_ENCODED_RUSTFLAGS
          MICRORT_BINDINGS=${bindings} ${micrort_core_env}
          ${CARGO} rustc --quiet --release --locked --lib --crate-type staticlib
          --manifest-path ${MICRORT_ROOT}/Cargo.toml
          --features zephyr,panic-handler --target ${MICRORT_RUST_TARGET}
          --target-dir ${cargo_build_dir} --config "profile.release.opt-level=${opt_level}"
          ${micrort_core_args} --
          ${MICRORT_RUST_FLAGS}
  DEPENDS ${bindings} ${MICRORT_ROOT}/Cargo.toml ${MICRORT_ROOT}/Cargo.lock ${micrort_core_deps}
  DEPFILE ${archive_depfile}
  WORKING_DIRECTORY ${MICRORT_ROOT}
  COMMENT "Building libmicrort.a for ${MICRORT_RUST_TARGET}"
  VERBATIM)
add_custom_target(micrort_archive DEPENDS ${archive})

add_library(micrort_rust STATIC IMPORTED GLOBAL)
set_target_properties(micrort_rust PROPERTIES IMPORTED_LOCATION ${archive})
add_dependencies(micrort_rust micrort_archive)
