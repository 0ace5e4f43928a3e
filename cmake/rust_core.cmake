# Copyright (c) 2026 The micrort authors
# SPDX-License-Identifier: Apache-2.0

# Finds Rust's core and alloc for MICRORT_RUST_TARGET: those that came with the target (rustup
# target add), or else built once from the library's source (rust-src) into MICRORT_CACHE_DIR.
#
# Sets micrort_core_sysroot, empty where none was built, and micrort_core_deps.

set(micrort_core_sysroot "")
set(micrort_core_deps "")

file(GLOB installed_core ${rustc_sysroot}/lib/rustlib/${MICRORT_RUST_TARGET}/lib/libcore-*.rlib)
if(installed_core AND NOT MICRORT_BUILD_CORE)
  return()
endif()

if(NOT EXISTS ${rustc_sysroot}/lib/rustlib/src/rust/library/core/Cargo.toml)
  message(FATAL_ERROR
    "micrort: this Rust has no core library for ${MICRORT_RUST_TARGET}. Run\n"
    "  rustup target add ${MICRORT_RUST_TARGET}\n"
    "or give it the source to build it from:\n"
    "  rustup component add rust-src\n"
    "or, with Debian's Rust,\n"
    "  apt-get install rust-web-src")
endif()

micrort_hash_files(core_hash ${CMAKE_CURRENT_LIST_DIR}/build_core.cmake ${CMAKE_CURRENT_LIST_DIR}/rustc.cmake)
string(SUBSTRING ${core_hash} 0 8 core_hash)
set(core_dir ${MICRORT_CACHE_DIR}/core-${rustc_id}-${core_hash})
set(micrort_core_sysroot ${core_dir}/sysroot)
set(core_stamp ${micrort_core_sysroot}/lib/rustlib/${MICRORT_RUST_TARGET}/stamp)

add_custom_command(OUTPUT ${core_stamp}
  COMMAND ${CMAKE_COMMAND} -DCARGO=${CARGO} -DRUSTC=${RUSTC} -DTARGET=${MICRORT_RUST_TARGET} -DDIR=${core_dir}
          -DSYSROOT=${micrort_core_sysroot} -DSTAMP=${core_stamp}
          -P ${CMAKE_CURRENT_LIST_DIR}/build_core.cmake
  DEPENDS ${CMAKE_CURRENT_LIST_DIR}/build_core.cmake
  COMMENT "Building Rust's core for ${MICRORT_RUST_TARGET} from source (once)"
  VERBATIM)

set(micrort_core_deps ${core_stamp})
