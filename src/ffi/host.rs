// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! host/: what of the C API is not Rust's on Zephyr, and the host's own.

use core::ffi::{c_char, c_void};
use core::ptr;
use core::time::Duration;

use super::schedule::poll_result;
use super::sys;
use crate::port::{self, Thread};
use crate::print::Print;
use crate::{host, schedule};

#[no_mangle]
extern "C" fn micrort_host_start() {
    host::start();
}

/// # Safety
///
/// `handler` may be called with `arg`.
#[no_mangle]
unsafe extern "C" fn micrort_host_interrupt(
    handler: Option<unsafe extern "C" fn(*mut c_void)>,
    arg: *mut c_void,
) {
    if let Some(handler) = handler {
        // SAFETY: promised by the caller.
        host::interrupt(|| unsafe { handler(arg) });
    }
}

#[no_mangle]
extern "C" fn micrort_host_in_interrupt() -> bool {
    port::in_interrupt()
}

#[no_mangle]
extern "C" fn micrort_host_current() -> sys::k_tid_t {
    port::current().to_pointer()
}

/// # Safety
///
/// So many bytes of `text` may be read.
#[no_mangle]
unsafe extern "C" fn micrort_host_print(text: *const c_char, length: usize) {
    // SAFETY: promised by the caller.
    let text = unsafe { core::slice::from_raw_parts(text.cast(), length) };
    // Nobody is left to tell.
    let _ = port::Console.print(text);
}

/// A negative time is for ever, as in Zephyr.
#[no_mangle]
extern "C" fn micrort_host_sleep_us(microseconds: i64) -> i32 {
    let duration = u64::try_from(microseconds).map_or(Duration::MAX, Duration::from_micros);
    poll_result(schedule::sleep(duration).map(|()| 0))
}

#[no_mangle]
extern "C" fn micrort_main_thread() -> sys::k_tid_t {
    port::main_thread().map_or(ptr::null_mut(), Thread::to_pointer)
}

#[no_mangle]
extern "C" fn micrort_executor_thread() -> sys::k_tid_t {
    port::executor_thread().map_or(ptr::null_mut(), Thread::to_pointer)
}
