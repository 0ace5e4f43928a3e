// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! include/micrort/stack_use.h

use super::{errno, sys};
use crate::port::{self, Thread};
use crate::stack_use::{self, usage_of, StackError, Usage};

fn code(error: StackError) -> i32 {
    match error {
        StackError::NotSupported => errno(sys::ENOTSUP),
        StackError::NoThread => errno(sys::ESRCH),
        StackError::NoCpu => errno(sys::EINVAL),
    }
}

/// # Safety
///
/// `out` may be written.
unsafe fn store(out: *mut sys::micrort_stack_usage, usage: Result<Usage, StackError>) -> i32 {
    let usage = match usage {
        Ok(usage) => usage,
        Err(error) => return code(error),
    };
    // SIZE_MAX stands for what is not known.
    let value = |known: Option<usize>| known.unwrap_or(usize::MAX) as _;
    // SAFETY: `out` may be written, by the contract.
    unsafe {
        out.write(sys::micrort_stack_usage {
            size: value(usage.size),
            used: value(usage.used),
            high_water: value(usage.high_water),
        });
    }
    0
}

#[no_mangle]
extern "C" fn micrort_stack_use() -> i32 {
    match stack_use::current() {
        Ok(used) => i32::try_from(used).unwrap_or(i32::MAX),
        Err(error) => code(error),
    }
}

/// # Safety
///
/// `thread` is null, or a thread's, whose struct and stack exist until this has returned; `out` is
/// null or may be written.
#[no_mangle]
unsafe extern "C" fn micrort_stack_usage_get(
    thread: sys::k_tid_t,
    out: *mut sys::micrort_stack_usage,
) -> i32 {
    if out.is_null() {
        return errno(sys::EINVAL);
    }
    // No thread is there, and a `Thread` would stand for its neighbour.
    if thread.addr() % 2 != 0 {
        return errno(sys::ESRCH);
    }
    let usage = match Thread::from_pointer(thread) {
        None => stack_use::usage(),
        Some(_) if !port::config().stack_use => Err(StackError::NotSupported),
        // SAFETY: the thread's struct and stack exist, by the contract.
        Some(thread) => unsafe { port::thread_usage(thread) }.map(usage_of),
    };
    // SAFETY: `out` is not null, so it may be written.
    unsafe { store(out, usage) }
}

/// # Safety
///
/// `out` is null or may be written.
#[no_mangle]
unsafe extern "C" fn micrort_stack_usage_get_isr(
    cpu: u32,
    out: *mut sys::micrort_stack_usage,
) -> i32 {
    if out.is_null() {
        return errno(sys::EINVAL);
    }
    // SAFETY: `out` is not null, so it may be written.
    unsafe { store(out, stack_use::interrupt_usage(cpu)) }
}
