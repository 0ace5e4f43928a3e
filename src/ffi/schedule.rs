// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! include/micrort/schedule.h

use core::ffi::c_void;
use core::ptr::NonNull;

use super::{errno, sys};
use crate::executor::{EnterError, FlushError, NoFunction, SCHEDULER};
use crate::port;
use crate::queue::{Pushed, Stats};
use crate::raw::{Arg, Callback, Entry, Func, Func2, TaskRef};
use crate::schedule::{self, PollError};

same_layout!(Entry, sys::micrort_task);
same_layout!(
    Stats,
    sys::micrort_schedule_stats,
    accepted,
    run,
    refused,
    coalesced,
    high_water,
    longest_cycles,
    cancelled,
    longest_function
);

#[no_mangle]
extern "C" fn micrort_schedule(func: Option<Func>, arg: *mut c_void) -> i32 {
    let Some(func) = func else {
        return errno(sys::EINVAL);
    };
    // SAFETY: the C API asks for a function that can run with `arg` in the executor's thread.
    queue(unsafe { Callback::new(func, Arg::new(arg)) })
}

#[no_mangle]
extern "C" fn micrort_schedule2(func: Option<Func2>, arg: *mut c_void, second: *mut c_void) -> i32 {
    if !port::pool().is_wide() {
        return errno(sys::ENOTSUP);
    }
    let Some(func) = func else {
        return errno(sys::EINVAL);
    };
    // SAFETY: as in `micrort_schedule`, with both arguments, for which there is room.
    queue(unsafe { Callback::with_second(func, Arg::new(arg), Arg::new(second)) })
}

// Both callers are to have it inlined: an image mostly has one of them.
#[inline(always)]
fn queue(callback: Callback) -> i32 {
    SCHEDULER.schedule(callback).map_or_else(
        |_| {
            port::queue_was_full();
            errno(sys::ENOBUFS)
        },
        |()| 0,
    )
}

/// A task of C's, unless it is null.
///
/// # Safety
///
/// `task` is null, or a task that lives until it is not queued any more.
unsafe fn task_ref(task: *mut sys::micrort_task) -> Option<TaskRef> {
    // SAFETY: the layouts agree, as asserted above; the C API asks for a task that nobody else writes
    // while it is queued, and whose function takes the task.
    NonNull::new(task.cast::<Entry>()).map(|entry| unsafe { TaskRef::new(entry) })
}

/// What `call` answers for a task, or -EINVAL for none.
///
/// # Safety
///
/// See [`task_ref`].
#[inline]
unsafe fn with_task(task: *mut sys::micrort_task, call: impl FnOnce(TaskRef) -> i32) -> i32 {
    // SAFETY: the contract is that of `task_ref`.
    unsafe { task_ref(task) }.map_or(errno(sys::EINVAL), call)
}

/// # Safety
///
/// See [`task_ref`].
#[no_mangle]
unsafe extern "C" fn micrort_task_schedule(task: *mut sys::micrort_task) -> i32 {
    let schedule = |task| match SCHEDULER.schedule_task(task) {
        Ok(Pushed::New) => 0,
        Ok(Pushed::Joined) => sys::MICRORT_TASK_JOINED as i32,
        Err(NoFunction) => errno(sys::EINVAL),
    };
    // SAFETY: this function's own contract is that of `task_ref`.
    unsafe { with_task(task, schedule) }
}

/// # Safety
///
/// See [`task_ref`].
#[no_mangle]
unsafe extern "C" fn micrort_task_is_queued(task: *mut sys::micrort_task) -> bool {
    // SAFETY: this function's own contract is that of `task_ref`.
    unsafe { task_ref(task) }.is_some_and(|task| SCHEDULER.is_queued(task))
}

/// # Safety
///
/// See [`task_ref`].
#[no_mangle]
unsafe extern "C" fn micrort_task_cancel(task: *mut sys::micrort_task) -> i32 {
    let cancel = |task| match SCHEDULER.cancel(task).is_running {
        true => sys::MICRORT_TASK_RUNNING as i32,
        false => 0,
    };
    // SAFETY: this function's own contract is that of `task_ref`.
    unsafe { with_task(task, cancel) }
}

/// # Safety
///
/// See [`task_ref`].
#[no_mangle]
unsafe extern "C" fn micrort_task_cancel_sync(task: *mut sys::micrort_task) -> i32 {
    let cancel = |task| {
        SCHEDULER
            .cancel_sync(task)
            .map_or_else(enter_error, i32::from)
    };
    // SAFETY: this function's own contract is that of `task_ref`.
    unsafe { with_task(task, cancel) }
}

/// # Safety
///
/// See [`task_ref`].
#[no_mangle]
unsafe extern "C" fn micrort_task_flush(task: *mut sys::micrort_task) -> i32 {
    let flush = |task| {
        SCHEDULER
            .flush_task(task)
            .map_or_else(flush_error, i32::from)
    };
    // SAFETY: this function's own contract is that of `task_ref`.
    unsafe { with_task(task, flush) }
}

#[no_mangle]
extern "C" fn micrort_flush() -> i32 {
    SCHEDULER.flush().map_or_else(flush_error, |()| 0)
}

fn flush_error(error: FlushError) -> i32 {
    match error {
        FlushError::Interrupt => errno(sys::EWOULDBLOCK),
        FlushError::Deadlock => errno(sys::EDEADLK),
    }
}

pub(super) fn enter_error(error: EnterError) -> i32 {
    match error {
        EnterError::Interrupt => errno(sys::EWOULDBLOCK),
        EnterError::Overflow => errno(sys::EOVERFLOW),
    }
}

#[no_mangle]
extern "C" fn micrort_critical_enter() -> i32 {
    SCHEDULER.enter().map_or_else(enter_error, |()| 0)
}

#[no_mangle]
extern "C" fn micrort_critical_enter_no_wait() -> i32 {
    SCHEDULER
        .enter_no_wait()
        .map_or_else(enter_error, i32::from)
}

#[no_mangle]
extern "C" fn micrort_critical_exit() -> i32 {
    SCHEDULER.exit().map_or(errno(sys::EPERM), |()| 0)
}

#[no_mangle]
extern "C" fn z_impl_micrort_poll() -> i32 {
    poll_result(schedule::poll())
}

pub(super) fn poll_result(result: Result<usize, PollError>) -> i32 {
    match result {
        Ok(ran) => count(ran),
        Err(PollError::Interrupted) => errno(sys::EINTR),
        Err(PollError::InInterrupt) => errno(sys::EWOULDBLOCK),
    }
}

pub(super) fn count(functions: usize) -> i32 {
    i32::try_from(functions).unwrap_or(i32::MAX)
}

/// # Safety
///
/// `stats` may be written.
#[no_mangle]
unsafe extern "C" fn micrort_schedule_stats_get(stats: *mut Stats) {
    // SAFETY: this function's own contract; the layouts agree, as asserted above.
    unsafe { stats.write(SCHEDULER.stats()) }
}
