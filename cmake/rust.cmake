# Copyright (c) 2026 The micrort authors
# SPDX-License-Identifier: Apache-2.0

# Builds the bindings, and with them the Rust static library, as the target micrort_rust.
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

include(${CMAKE_CURRENT_LIST_DIR}/hash_files.cmake)

# A folder that `cargo vendor --versioned-dirs` has made of Cargo.lock, for a machine without a network.
if(NOT DEFINED MICRORT_VENDOR_DIR)
  set(MICRORT_VENDOR_DIR "$ENV{MICRORT_VENDOR_DIR}")
endif()
if(NOT MICRORT_VENDOR_DIR STREQUAL "")
  get_filename_component(MICRORT_VENDOR_DIR ${MICRORT_VENDOR_DIR} ABSOLUTE BASE_DIR ${APPLICATION_SOURCE_DIR})
  if(NOT IS_DIRECTORY ${MICRORT_VENDOR_DIR})
    message(FATAL_ERROR "micrort: MICRORT_VENDOR_DIR: there is no folder ${MICRORT_VENDOR_DIR}. "
      "'cargo vendor --versioned-dirs FOLDER' in ${MICRORT_ROOT} makes one.")
  endif()
endif()
include(${CMAKE_CURRENT_LIST_DIR}/vendored.cmake)

include(${CMAKE_CURRENT_LIST_DIR}/bindings.cmake)

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

include(${CMAKE_CURRENT_LIST_DIR}/rustc.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/rust_core.cmake)

if(NOT DEFINED MICRORT_ARCHIVE_DIR)
  set(MICRORT_ARCHIVE_DIR ${MICRORT_CACHE_DIR}/archives)
endif()
# Where the build is at it, so that it and this look at the same folder.
get_filename_component(MICRORT_ARCHIVE_DIR ${MICRORT_ARCHIVE_DIR} ABSOLUTE BASE_DIR ${CMAKE_CURRENT_BINARY_DIR})
execute_process(COMMAND ${CMAKE_COMMAND} -E make_directory ${MICRORT_ARCHIVE_DIR} ERROR_QUIET)
execute_process(COMMAND ${CMAKE_COMMAND} -E touch ${MICRORT_ARCHIVE_DIR}/writable
  RESULT_VARIABLE failed OUTPUT_QUIET ERROR_QUIET)
if(failed)
  message(FATAL_ERROR "micrort: MICRORT_ARCHIVE_DIR: cannot write in the folder ${MICRORT_ARCHIVE_DIR}.")
endif()
# Where the library and its manifest are left, as a module's lib has them (cmake/prebuilt.cmake).
set(folder ${CMAKE_CURRENT_BINARY_DIR}/lib/${MICRORT_LIBRARY})
# So that another compiler leads to another library.
if(EXISTS ${rustc_sysroot}/lib/rustlib/multirust-channel-manifest.toml)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS
    ${rustc_sysroot}/lib/rustlib/multirust-channel-manifest.toml)
endif()
add_custom_command(OUTPUT ${folder}/libmicrort.a
  COMMAND ${CMAKE_COMMAND} -DLIBRARY=${MICRORT_LIBRARY} -DFAST=${CONFIG_SPEED_OPTIMIZATIONS}
          -DBINDINGS=${bindings} -DCARGO=${CARGO} -DRUSTC=${RUSTC} -DRUST=${rustc_id}
          -DDEBUG=y -DMICRORT_VENDOR_DIR=${MICRORT_VENDOR_DIR}
          -DSYSROOT=${micrort_core_sysroot} -DFOLDER=${folder} -DWORK=${CMAKE_CURRENT_BINARY_DIR}/cargo
          -DCACHE=${MICRORT_ARCHIVE_DIR} -DDEPFILE=${folder}/libmicrort.d
          -P ${CMAKE_CURRENT_LIST_DIR}/build_library.cmake
  DEPENDS ${bindings} ${CMAKE_CURRENT_LIST_DIR}/build_library.cmake ${micrort_core_deps}
  DEPFILE ${folder}/libmicrort.d
  COMMENT "Building libmicrort.a for ${MICRORT_LIBRARY}"
  VERBATIM)
add_custom_target(micrort_archive DEPENDS ${folder}/libmicrort.a)

add_library(micrort_rust STATIC IMPORTED GLOBAL)
set_target_properties(micrort_rust PROPERTIES IMPORTED_LOCATION ${folder}/libmicrort.a)
add_dependencies(micrort_rust micrort_archive)
