// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! What `zephyr_sys` has of include/micrort, for the host port, which has no build step that reads
//! headers. A build for Zephyr makes sure that both are the same.

#![allow(
    non_camel_case_types,
    non_upper_case_globals,
    reason = "bindgen's names"
)]
#![cfg_attr(feature = "zephyr", allow(dead_code, reason = "only compared there"))]

use core::ffi::{c_char, c_int, c_uint, c_void};

#[cfg(not(feature = "zephyr"))]
pub use crate::port::errno::*;

/// On the host it only names a thread.
pub type k_tid_t = *mut c_void;

macro_rules! constants {
    ($($name:ident: $type:ty = $value:expr;)*) => {
        $(pub const $name: $type = $value;)*

        #[cfg(feature = "zephyr")]
        const _: () = {
            $(assert!($name as i64 == super::sys::$name as i64);)*
        };
    };
}

constants! {
    MICRORT_TASK_JOINED: u32 = 1;
    MICRORT_TASK_RUNNING: u32 = 1;
    MICRORT_RESET_STRINGS: u32 = 1;
    MICRORT_KBD_INTR_OFF: i32 = -1;
    MICRORT_EXCEPTION_ADDRESSES_MAX: u32 = 8;
    MICRORT_EXCEPTION_THREAD_MAX: u32 = 32;
    MICRORT_EXCEPTION_LOST_ADDRESSES: u32 = 1;
    MICRORT_EXCEPTION_LOST_THREAD: u32 = 2;
    MICRORT_EXCEPTION_LOST_TEXT: u32 = 4;
    MICRORT_EXCEPTION_LOST_PLACE: u32 = 8;
    micrort_const_kind_MICRORT_CONST_KIND_INT: u32 = 0;
    micrort_const_kind_MICRORT_CONST_KIND_UINT: u32 = 1;
    micrort_const_kind_MICRORT_CONST_KIND_BOOL: u32 = 2;
    micrort_const_kind_MICRORT_CONST_KIND_STR: u32 = 3;
}

macro_rules! structs {
    ($($name:ident { $($field:ident: $type:ty,)* })*) => {
        $(
            #[repr(C)]
            pub struct $name {
                $(pub $field: $type,)*
            }

            #[cfg(feature = "zephyr")]
            same_layout!($name, super::sys::$name, $($field),*);
        )*
    };
}

structs! {
    micrort_task {
        next: *mut micrort_task,
        prev: *mut micrort_task,
        fn_: Option<unsafe extern "C" fn(*mut micrort_task)>,
    }
    micrort_scheduled {
        __bindgen_anon_1: Option<unsafe extern "C" fn(*mut c_void)>,
        arg: *mut c_void,
        arg2: *mut c_void,
    }
    micrort_console {
        shell: *const c_void,
        next: *mut micrort_console,
        attached: usize,
        borrower: usize,
        is_listed: bool,
        pending: bool,
    }
    micrort_schedule_stats {
        accepted: u32,
        run: u32,
        refused: u32,
        coalesced: u32,
        high_water: u32,
        longest_cycles: u32,
        cancelled: u32,
        longest_function: *const c_void,
    }
    micrort_reset_report {
        functions: u32,
        regions: u32,
        heap_depth: u32,
        exceptions: u32,
        strings: u32,
        interrupt: bool,
    }
    micrort_heap_refusals {
        count: u32,
        size: usize,
        caller: *mut c_void,
        thread: k_tid_t,
        in_isr: bool,
    }
    micrort_printer {
        print: Option<unsafe extern "C" fn(*const c_char, usize, *mut c_void) -> c_int>,
        arg: *mut c_void,
    }
    micrort_heap_info {
        total: usize,
        used: usize,
        free: usize,
        block_size: usize,
        one_blocks: usize,
        two_blocks: usize,
        max_block: usize,
        max_free: usize,
        allocated: usize,
        peak: usize,
    }
    micrort_stack_usage {
        size: usize,
        used: usize,
        high_water: usize,
    }
    micrort_qstr_stats {
        pools: u32,
        strings: u32,
        data_bytes: usize,
        total_bytes: usize,
    }
    micrort_const_value {
        kind: u8,
        __bindgen_anon_1: micrort_const_value__bindgen_ty_1,
    }
    micrort_const {
        name: *const c_char,
        kind: u8,
        __bindgen_anon_1: micrort_const_value__bindgen_ty_1,
    }
    micrort_exception_type {
        name: *const c_char,
    }
    micrort_exception {
        text: *mut c_char,
        text_size: usize,
        type_: *const micrort_exception_type,
        file: *const c_char,
        line: c_uint,
        interrupt: c_uint,
        lost: c_uint,
        thread: [c_char; 33],
        in_isr: bool,
        address_count: c_uint,
        addresses: [*mut c_void; 8],
    }
    micrort_port_place {
        file: *const c_char,
        line: c_uint,
        interrupt: c_uint,
        address_count: usize,
        addresses: [usize; 8],
    }
}

/// The values of a constant.
#[repr(C)]
#[derive(Clone, Copy)]
pub union micrort_const_value__bindgen_ty_1 {
    pub int_value: i64,
    pub uint_value: u64,
    pub bool_value: bool,
    pub str_value: *const c_char,
}

#[cfg(not(feature = "zephyr"))]
extern "C" {
    pub fn micrort_port_number_argument(arguments: *mut c_void, wide: bool) -> u64;
    pub fn micrort_port_text_argument(
        arguments: *mut c_void,
        limit: usize,
        length: *mut usize,
    ) -> *const c_char;
}
