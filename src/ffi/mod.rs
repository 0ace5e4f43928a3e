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

/// Does not compile where a struct of the library's is not that of C, member by member.
macro_rules! same_layout {
    ($ours:ty, $in_c:ty, $($field:ident),*) => {
        const _: () = {
            assert!(size_of::<$ours>() == size_of::<$in_c>());
            assert!(align_of::<$ours>() == align_of::<$in_c>());
            $(assert!(core::mem::offset_of!($ours, $field) == core::mem::offset_of!($in_c, $field));)*
        };
    };
}
use same_layout;

/// An errno of the system's, as the C API returns it.
const fn errno(value: u32) -> i32 {
    -(value as i32)
}
