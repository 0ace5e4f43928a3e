// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! What Kconfig decides, as constants. On the host, Kconfig's defaults and what costs nothing there.

#![forbid(unsafe_code)]

#[cfg(feature = "zephyr")]
mod values {
    use zephyr_sys as sys;

    pub const SCHEDULE_DEPTH: usize = sys::MICRORT_SCHEDULE_DEPTH as usize;
    pub const SECOND_ARGUMENT: bool = sys::MICRORT_SCHEDULE_SECOND_ARGUMENT;
    pub const EXECUTOR_POLL: bool = sys::MICRORT_EXECUTOR_POLL;
    pub const SCHEDULE_TIMING: bool = sys::MICRORT_SCHEDULE_TIMING;
    pub const HEAP_LOCK_PER_THREAD: bool = !sys::MICRORT_HEAP_LOCK_SYSTEM;
    pub const HEAP_LOCK_ISR: bool = sys::MICRORT_HEAP_LOCK_ISR;
    pub const HEAP_ARENA_SIZE: Option<usize> = match sys::MICRORT_HEAP_ARENA_SIZE {
        Some(size) => Some(size as usize),
        None => None,
    };
    pub const PASSES_MAX: Option<u32> = sys::MICRORT_EXECUTOR_PASSES_MAX;
    pub const EXCEPTION: bool = sys::MICRORT_EXCEPTION;
    pub const EXCEPTION_HEAP_REFUSED: bool = sys::MICRORT_EXCEPTION_HEAP_REFUSED;
    pub const EXCEPTION_QUEUE_FULL: bool = sys::MICRORT_EXCEPTION_QUEUE_FULL;
    pub const QSTR: bool = sys::MICRORT_QSTR;
    pub const CONST: bool = sys::MICRORT_CONST;
    pub const OPT_LEVEL: u8 = sys::MICRORT_OPT_LEVEL as u8;
    pub const MEM_INFO: bool = sys::MICRORT_MEM_INFO;
    pub const STACK_USE: bool = sys::MICRORT_STACK_USE;
    pub const KBD_INTR_CHAR: i16 = sys::MICRORT_KBD_INTR_CHAR as i16;
}

#[cfg(not(feature = "zephyr"))]
mod values {
    pub const SCHEDULE_DEPTH: usize = 8;
    pub const SECOND_ARGUMENT: bool = true;
    pub const EXECUTOR_POLL: bool = cfg!(feature = "host-executor-poll");
    pub const SCHEDULE_TIMING: bool = true;
    pub const HEAP_LOCK_PER_THREAD: bool = true;
    pub const HEAP_LOCK_ISR: bool = false;
    pub const HEAP_ARENA_SIZE: Option<usize> = Some(16 * 1024 * 1024);
    pub const PASSES_MAX: Option<u32> = None;
    pub const EXCEPTION: bool = true;
    pub const EXCEPTION_HEAP_REFUSED: bool = false;
    pub const EXCEPTION_QUEUE_FULL: bool = false;
    pub const QSTR: bool = true;
    pub const CONST: bool = true;
    pub const OPT_LEVEL: u8 = 0;
    pub const MEM_INFO: bool = true;
    pub const STACK_USE: bool = true;
    pub const KBD_INTR_CHAR: i16 = 3;
}

pub use values::*;

/// Whether more than one thread runs passes, as on the host in every configuration.
pub const POLLERS: bool = EXECUTOR_POLL || cfg!(not(feature = "zephyr"));
