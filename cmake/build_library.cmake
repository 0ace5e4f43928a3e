# Copyright (c) 2026 The micrort authors
# SPDX-License-Identifier: Apache-2.0

# cmake -DLIBRARY= -DCARGO= -DRUSTC= -DFOLDER= -DWORK= [-DBINDINGS=] [-DFAST=] [-DMICRORT_VENDOR_DIR=]
#   [-DSYSROOT=] [-DSTRIP=] [-DDEBUG=] [-DCACHE=] [-DDEPFILE=] -P build_library.cmake
# compiles the library LIBRARY (a name of cmake/rust_target.cmake) and leaves in FOLDER what cmake/prebuilt.cmake
# takes: libmicrort.a and libmicrort.json. WORK is for cargo. BINDINGS are those of a build; without it they are
# those of zephyr-sys/bindings. FAST asks for speed instead of size. MICRORT_VENDOR_DIR is a folder of
# `cargo vendor --versioned-dirs`, SYSROOT has a core that was built from source. STRIP removes what debuggers
# read, DEBUG has them find lines and functions. CACHE keeps what was compiled from the same source by the same
# compiler; no configuration is a part of that.
#
# No name of a folder reaches the archive: the same bytes come out wherever it is made.

cmake_minimum_required(VERSION 3.20.0)
include(${CMAKE_CURRENT_LIST_DIR}/hash_files.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/made_before.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/version.cmake)
get_filename_component(ROOT ${CMAKE_CURRENT_LIST_DIR}/.. ABSOLUTE)
if(MICRORT_VENDOR_DIR)
  get_filename_component(MICRORT_VENDOR_DIR ${MICRORT_VENDOR_DIR} ABSOLUTE)
endif()
include(${CMAKE_CURRENT_LIST_DIR}/vendored.cmake)

# Cortex-M7 has Cortex-M4's target (zephyr-sys/build.rs).
string(REGEX REPLACE "-m7$" "" target ${LIBRARY})
if(NOT BINDINGS)
  micrort_bindings_made_before(BINDINGS ${target})
endif()

set(flags "")
if(target MATCHES "^(aarch64|x86_64)-unknown-none")
  # Zephyr's image is linked at a fixed address.
  list(APPEND flags -C relocation-model=static)
endif()
if(FAST)
  set(opt_level 3)
  set(opt_level_of_cargo 3)
else()
  set(opt_level s)
  # A string of TOML.
  set(opt_level_of_cargo "\"s\"")
  # What must be inlined says so; the rest is smaller without.
  list(APPEND flags -C llvm-args=-inline-threshold=0)
  if(target MATCHES "^thumb(v7|v8m\\.main)")
    # An address is one instruction and a literal instead of two instructions. It changes nothing else,
    # but rustc warns of each feature of LLVM's that it does not list itself.
    list(APPEND flags -C target-feature=+no-movt -A warnings)
  endif()
endif()

set(debug 0)
if(DEBUG)
  set(debug 1)
endif()

# All that decides about the bytes.
file(GLOB_RECURSE sources ${ROOT}/src/*.rs ${ROOT}/zephyr-sys/src/*.rs)
list(APPEND sources ${BINDINGS} ${ROOT}/Cargo.toml ${ROOT}/Cargo.lock ${ROOT}/zephyr-sys/Cargo.toml
  ${ROOT}/zephyr-sys/build.rs ${CMAKE_CURRENT_LIST_FILE} ${CMAKE_CURRENT_LIST_DIR}/rustc.cmake)
micrort_hash_files(hash ${sources})
include(${CMAKE_CURRENT_LIST_DIR}/rustc.cmake)
set(key "${hash};${rustc_version};${LIBRARY};${opt_level};${debug}")
string(SHA256 key "${key}")

set(archive ${FOLDER}/libmicrort.a)
file(MAKE_DIRECTORY ${FOLDER})

function(copy from to)
  execute_process(COMMAND ${CMAKE_COMMAND} -E copy ${from} ${to} COMMAND_ERROR_IS_FATAL ANY)
endfunction()

function(compile)
  # What all crates are compiled with. cargo names a registry's folder as it likes; of these one holds them all.
  if(NOT MICRORT_VENDOR_DIR)
    execute_process(
      COMMAND ${CMAKE_COMMAND} -E env RUSTC=${RUSTC} ${CARGO} fetch --quiet --locked --target ${target}
      WORKING_DIRECTORY ${ROOT} ERROR_QUIET RESULT_VARIABLE is_told_below)
  endif()
  set(cargo_home "$ENV{CARGO_HOME}")
  if(NOT cargo_home)
    set(cargo_home $ENV{HOME}/.cargo)
  endif()
  file(GLOB crates ${cargo_home}/registry/src/*)
  set(all_flags ${rustc_remap} --remap-path-prefix=${ROOT}=/micrort)
  foreach(folder ${crates} ${MICRORT_VENDOR_DIR})
    list(APPEND all_flags --remap-path-prefix=${folder}=/crates)
  endforeach()
  if(SYSROOT)
    list(APPEND all_flags --sysroot ${SYSROOT})
  endif()
  string(ASCII 31 separator)
  list(JOIN all_flags ${separator} all_flags)

  # Said here, so that no variable and no configuration file of cargo's says something else.
  execute_process(
    COMMAND ${CMAKE_COMMAND} -E env --unset=RUSTFLAGS --unset=DOTCONFIG CARGO_ENCODED_RUSTFLAGS=${all_flags}
            RUSTC=${RUSTC} RUSTC_WRAPPER= RUSTC_WORKSPACE_WRAPPER= CARGO_INCREMENTAL=0
            MICRORT_BINDINGS=${BINDINGS} MICRORT_LIBRARY=${LIBRARY}
            ${CARGO} rustc --quiet --release --locked ${micrort_vendored} --lib --crate-type staticlib
            --features zephyr,panic-handler --target ${target} --target-dir ${WORK}
            --config "profile.release.opt-level=${opt_level_of_cargo}" --config profile.release.debug=${debug}
            --config "profile.release.lto=\"fat\"" --config profile.release.codegen-units=1
            --config "profile.release.panic=\"abort\"" --config profile.release.overflow-checks=false
            --config profile.release.debug-assertions=false -- ${flags}
    WORKING_DIRECTORY ${ROOT} COMMAND_ERROR_IS_FATAL ANY)
  copy(${WORK}/${target}/release/libmicrort.a ${archive})
endfunction()

if(CACHE)
  file(MAKE_DIRECTORY ${CACHE})
  set(cached ${CACHE}/${key}.a)
  # Who finds nothing while another one builds the same waits for it.
  file(LOCK ${cached}.lock GUARD PROCESS)
endif()
if(CACHE AND EXISTS "${cached}")
  file(TOUCH_NOCREATE ${cached})
  copy(${cached} ${archive})
else()
  compile()
  # A source that has changed meanwhile is not what the key is of.
  micrort_hash_files(hash_after ${sources})
endif()
if(CACHE AND NOT EXISTS "${cached}" AND hash_after STREQUAL hash)
  copy(${archive} ${cached}.new)
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
endif()

if(STRIP)
  # Rust's own knows all CPUs, and is the same wherever the compiler is.
  file(GLOB objcopy ${rustc_sysroot}/lib/rustlib/*/bin/rust-objcopy)
  if(NOT objcopy)
    message(FATAL_ERROR "micrort: this Rust has no rust-objcopy (rustup's has).")
  endif()
  execute_process(COMMAND ${CMAKE_COMMAND} -E env LD_LIBRARY_PATH=${rustc_sysroot}/lib ${objcopy} --strip-debug
    --remove-section=.llvmbc --remove-section=.llvmcmd ${archive} COMMAND_ERROR_IS_FATAL ANY)
endif()
file(SHA256 ${archive} sha256)
set(core "of rustc")
if(SYSROOT)
  set(core "built from source")
endif()
string(REGEX MATCH "^[^\n]+" rustc "${rustc_version}")
list(JOIN flags " " flags)
file(WRITE ${FOLDER}/libmicrort.json "{
  \"library\": \"${LIBRARY}\",
  \"version\": \"${MICRORT_VERSION}\",
  \"abi\": ${MICRORT_ABI},
  \"sha256\": \"${sha256}\",
  \"target\": \"${target}\",
  \"rustc\": \"${rustc}\",
  \"core\": \"${core}\",
  \"flags\": \"-C opt-level=${opt_level} ${flags}\"
}
")
if(DEPFILE)
  string(REPLACE " " "\\ " sources "${sources}")
  list(JOIN sources " " sources)
  string(REPLACE " " "\\ " archive "${archive}")
  file(WRITE ${DEPFILE} "${archive}: ${sources}\n")
endif()
