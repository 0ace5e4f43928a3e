// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! What Kconfig decides of code that is compiled with an application in Rust: macros and generic functions.
//! All else asks `port::config()`: the library for applications in C is compiled without Kconfig.

#![forbid(unsafe_code)]

#[cfg(feature = "zephyr")]
pub use zephyr_sys::{CONST, EXCEPTION, OPT_LEVEL, QSTR, SECOND_ARGUMENT};

#[cfg(all(feature = "zephyr", feature = "embassy"))]
pub use zephyr_sys::EXECUTOR_POLL;

#[cfg(not(feature = "zephyr"))]
mod host {
    pub const CONST: bool = true;
    pub const EXCEPTION: bool = true;
    #[cfg(feature = "embassy")]
    pub const EXECUTOR_POLL: bool = cfg!(feature = "host-executor-poll");
    pub const OPT_LEVEL: u8 = 0;
    pub const QSTR: bool = true;
    pub const SECOND_ARGUMENT: bool = true;
}

#[cfg(not(feature = "zephyr"))]
pub use host::*;
