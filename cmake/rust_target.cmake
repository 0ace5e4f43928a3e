# Copyright (c) 2026 The micrort authors
# SPDX-License-Identifier: Apache-2.0

# Sets MICRORT_RUST_TARGET to the Rust target of the board's CPU, and MICRORT_LIBRARY to the name of the library
# for it. rustc has one float ABI for each target, so the ABI decides, not the FPU.

set(hard_float "")
if(CONFIG_FP_HARDABI)
  set(hard_float hf)
endif()

if(CONFIG_CPU_CORTEX_M0 OR CONFIG_CPU_CORTEX_M0PLUS OR CONFIG_CPU_CORTEX_M1)
  set(MICRORT_RUST_TARGET thumbv6m-none-eabi)
elseif(CONFIG_CPU_CORTEX_M3)
  set(MICRORT_RUST_TARGET thumbv7m-none-eabi)
elseif(CONFIG_CPU_CORTEX_M4 OR CONFIG_CPU_CORTEX_M7)
  set(MICRORT_RUST_TARGET thumbv7em-none-eabi${hard_float})
elseif(CONFIG_CPU_CORTEX_M23)
  set(MICRORT_RUST_TARGET thumbv8m.base-none-eabi)
elseif(CONFIG_CPU_CORTEX_M33 OR CONFIG_CPU_CORTEX_M55 OR CONFIG_CPU_CORTEX_M85)
  set(MICRORT_RUST_TARGET thumbv8m.main-none-eabi${hard_float})
elseif(CONFIG_RISCV AND CONFIG_64BIT)
  if(CONFIG_FLOAT_HARD AND CONFIG_CPU_HAS_FPU_DOUBLE_PRECISION)
    set(MICRORT_RUST_TARGET riscv64gc-unknown-none-elf)
  else()
    set(MICRORT_RUST_TARGET riscv64imac-unknown-none-elf)
  endif()
elseif(CONFIG_RISCV AND NOT CONFIG_RISCV_ISA_RV32E AND NOT CONFIG_FLOAT_HARD)
  if(CONFIG_RISCV_ISA_EXT_A AND CONFIG_RISCV_ISA_EXT_C)
    set(MICRORT_RUST_TARGET riscv32imac-unknown-none-elf)
  elseif(CONFIG_RISCV_ISA_EXT_C)
    set(MICRORT_RUST_TARGET riscv32imc-unknown-none-elf)
  else()
    set(MICRORT_RUST_TARGET riscv32im-unknown-none-elf)
  endif()
elseif(CONFIG_ARM64)
  # Not the one with hard float: what interrupts run must not touch the FPU.
  set(MICRORT_RUST_TARGET aarch64-unknown-none-softfloat)
elseif(CONFIG_X86_64)
  set(MICRORT_RUST_TARGET x86_64-unknown-none)
elseif(CONFIG_ARCH_POSIX AND CONFIG_64BIT)
  set(MICRORT_RUST_TARGET ${CMAKE_HOST_SYSTEM_PROCESSOR}-unknown-linux-gnu)
else()
  message(FATAL_ERROR
    "micrort has no Rust target for the CPU of the board '${BOARD}' (ARCH '${ARCH}'). There are targets for "
    "Cortex-M0/M0+/M1/M3/M4/M7/M23/M33/M55/M85, AArch64, RISC-V (with soft float on 32 bit), x86_64 and "
    "native_sim/native/64. A new one is a line in cmake/rust_target.cmake.")
endif()

# Cortex-M7 has Cortex-M4's target and not its instructions for the lock (zephyr-sys/build.rs).
set(MICRORT_LIBRARY ${MICRORT_RUST_TARGET})
if(CONFIG_CPU_CORTEX_M7)
  string(APPEND MICRORT_LIBRARY -m7)
endif()

# For applications that build Rust code of their own.
set(MICRORT_RUST_TARGET ${MICRORT_RUST_TARGET} CACHE INTERNAL "Rust target of the board's CPU")
