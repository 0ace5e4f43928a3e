// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! The C API's Rust side: pointers in, errno out. No decisions.

mod commands;
mod constants;
mod exception;
mod glue;
mod heap_lock;
mod kbd_intr;
mod mem_info;
mod opt_level;
mod print;
mod qstr;
mod runtime;
mod schedule;
mod stack_use;

use zephyr_sys as sys;

/// An errno of Zephyr's, as the C API returns it.
const fn errno(value: u32) -> i32 {
    -(value as i32)
}
