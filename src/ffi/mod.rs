// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! The C API's Rust side: pointers in, errno out. No decisions.

#[cfg(feature = "zephyr")]
mod commands;
mod constants;
mod exception;
#[cfg(feature = "zephyr")]
mod glue;
mod heap_lock;
#[cfg(not(feature = "zephyr"))]
mod host;
// On Zephyr only compared with the bindings.
mod host_sys;
mod kbd_intr;
mod mem_info;
mod opt_level;
mod print;
mod qstr;
mod runtime;
mod schedule;
mod stack_use;

#[cfg(not(feature = "zephyr"))]
use host_sys as sys;
#[cfg(feature = "zephyr")]
use zephyr_sys as sys;

/// An errno of the system's, as the C API returns it.
const fn errno(value: u32) -> i32 {
    -(value as i32)
}
