// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! include/micrort/runtime.h

use core::ffi::c_void;
use core::ptr::{self, NonNull};

use super::schedule::{count, enter_error, poll_result};
use super::{errno, sys};
use crate::executor::SCHEDULER;
use crate::pending::Listener;
use crate::raw::{Arg, Func, Given, Hook};
use crate::runtime::{self, Dropped, ResetError};
use crate::{port, qstr};

same_layout!(
    Dropped,
    sys::micrort_reset_report,
    functions,
    regions,
    heap_depth,
    exceptions,
    strings,
    interrupt
);

#[no_mangle]
extern "C" fn micrort_pending_slow() -> bool {
    runtime::is_pending()
}

/// # Safety
///
/// `func` may be called with `arg` at any time, from any context.
#[no_mangle]
unsafe extern "C" fn micrort_pending_callback_set(func: Option<Func>, arg: *mut c_void) {
    // SAFETY: this function's own contract.
    runtime::listen(
        Listener::Callback,
        func.map(|func| unsafe { Hook::new(func, Arg::new(arg)) }),
    );
}

/// For the glue.
///
/// # Safety
///
/// As for [`micrort_pending_callback_set`].
#[cfg(feature = "zephyr")]
#[no_mangle]
unsafe extern "C" fn micrort_pending_signal_hook(func: Option<Func>, arg: *mut c_void) {
    // SAFETY: this function's own contract.
    runtime::listen(
        Listener::Signal,
        func.map(|func| unsafe { Hook::new(func, Arg::new(arg)) }),
    );
}

#[no_mangle]
extern "C" fn micrort_poll_max(max: u32) -> i32 {
    poll_result(runtime::poll_max(max as usize))
}

#[no_mangle]
extern "C" fn micrort_poll_functions(max: u32) -> i32 {
    count(runtime::poll_functions(max as usize))
}

type Visitor = unsafe extern "C" fn(*const Scheduled, *mut c_void);

/// `struct micrort_scheduled` in C.
#[repr(C)]
struct Scheduled {
    func: Func,
    arg: Arg,
    second: Arg,
}

const _: () = assert!(size_of::<Scheduled>() == size_of::<sys::micrort_scheduled>());

/// # Safety
///
/// `visit` may be called with any function and argument that was queued, and with `context`.
#[no_mangle]
unsafe extern "C" fn micrort_schedule_foreach(visit: Option<Visitor>, context: *mut c_void) -> i32 {
    let Some(visit) = visit else {
        return errno(sys::EINVAL);
    };
    let show = |Given { func, arg, second }| {
        let scheduled = Scheduled {
            func,
            arg,
            second: second.unwrap_or(Arg::new(ptr::null_mut())),
        };
        // SAFETY: this function's own contract.
        unsafe { visit(&raw const scheduled, context) }
    };
    SCHEDULER.for_each(show).map_or_else(enter_error, |()| 0)
}

#[no_mangle]
extern "C" fn micrort_function_abandon() -> i32 {
    if SCHEDULER.abandon() {
        0
    } else {
        errno(sys::EPERM)
    }
}

/// # Safety
///
/// `report` is null or may be written. With MICRORT_RESET_STRINGS nobody uses a string that was interned
/// at run time any more, or looks one up meanwhile.
#[no_mangle]
unsafe extern "C" fn micrort_reset(flags: u32, report: *mut Dropped) -> i32 {
    if flags & !sys::MICRORT_RESET_STRINGS != 0 {
        return errno(sys::EINVAL);
    }
    let mut dropped = match runtime::reset() {
        Ok(dropped) => dropped,
        Err(ResetError::Interrupt) => return errno(sys::EWOULDBLOCK),
        Err(ResetError::Inside) => return errno(sys::EDEADLK),
    };
    if flags & sys::MICRORT_RESET_STRINGS != 0 {
        // SAFETY: this function's own contract.
        let pools = port::locked(|l| unsafe { qstr::pools().take(l) });
        dropped.strings = pools.count().into();
    }
    if let Some(report) = NonNull::new(report) {
        // SAFETY: not null, so it may be written; the layouts agree, as asserted above.
        unsafe { report.write(dropped) };
    }
    0
}
