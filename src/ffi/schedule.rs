// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! include/micrort/schedule.h

use core::ffi::c_void;

use super::{errno, sys};
use crate::executor::{EnterError, Wake, SCHEDULER};
use crate::port::near;
use crate::queue::{NoSlot, Node, Pushed, Stats};
use crate::raw::{Arg, Callback, Func};
use crate::schedule::{self, PollError};

const _: () = {
    assert!(size_of::<Node>() == size_of::<sys::micrort_task>());
    assert!(align_of::<Node>() == align_of::<sys::micrort_task>());
    assert!(size_of::<Stats>() == size_of::<sys::micrort_schedule_stats>());
};

#[no_mangle]
#[inline(never)]
extern "C" fn micrort_schedule(func: Option<Func>, arg: *mut c_void) -> i32 {
    if func.is_none() {
        return errno(sys::EINVAL);
    }
    // SAFETY: the contract of the C API.
    let callback = unsafe { Callback::new(func, Arg::new(arg)) };
    match near::scheduler().try_schedule(callback) {
        Ok(Wake::Look) => look(0),
        Ok(wake) => {
            wake.deliver(&SCHEDULER);
            0
        }
        Err(NoSlot::Full) => errno(sys::ENOBUFS),
        Err(NoSlot::Unlinked) => schedule_first(func, arg),
    }
}

/// A [`micrort_schedule`] that needs a new slot: with the same arguments, so that it is jumped to
/// and the others need no stack.
#[cold]
#[inline(never)]
extern "C" fn schedule_first(func: Option<Func>, arg: *mut c_void) -> i32 {
    SCHEDULER.link_slot();
    micrort_schedule(func, arg)
}

#[no_mangle]
#[inline(never)]
extern "C" fn micrort_task_schedule(task: *mut sys::micrort_task) -> i32 {
    // SAFETY: the contract of the C API; the layouts agree, as asserted above.
    let Some(node) = (unsafe { task.cast::<Node>().as_ref() }) else {
        return errno(sys::EINVAL);
    };
    let pushed = near::scheduler().schedule_task(node, |l| {
        let callback = node.callback(l);
        if callback.is_some() {
            // SAFETY: the contract of the C API: a task's function takes the task.
            Ok(unsafe { callback.with_arg(Arg::new(task.cast())) })
        } else {
            Err(())
        }
    });
    match pushed {
        Ok((Pushed::New, Wake::Look)) => look(0),
        Ok((Pushed::Joined, Wake::Look)) => look(sys::MICRORT_TASK_JOINED as i32),
        Ok((Pushed::New, wake)) => {
            wake.deliver(&SCHEDULER);
            0
        }
        Ok((Pushed::Joined, _)) => sys::MICRORT_TASK_JOINED as i32,
        Err(()) => errno(sys::EINVAL),
    }
}

/// [`Wake::Look`], and the answer to the caller: jumped to, and opaque, so that others need no stack.
#[cold]
#[inline(never)]
extern "C" fn look(answer: i32) -> i32 {
    Wake::Look.deliver(&SCHEDULER);
    core::hint::black_box(answer)
}

#[no_mangle]
#[inline(never)]
extern "C" fn micrort_critical_enter() -> i32 {
    match near::scheduler().enter(near::current()) {
        Ok(()) => 0,
        Err(EnterError::Interrupt) => errno(sys::EWOULDBLOCK),
        Err(EnterError::Overflow) => errno(sys::EOVERFLOW),
        Err(EnterError::TooManyThreads) => errno(sys::ENOSPC),
    }
}

#[no_mangle]
#[inline(never)]
extern "C" fn micrort_critical_exit() -> i32 {
    near::scheduler()
        .exit(near::current())
        .map_or(errno(sys::EPERM), |()| 0)
}

#[no_mangle]
extern "C" fn z_impl_micrort_poll() -> i32 {
    match schedule::poll() {
        Ok(ran) => i32::try_from(ran).unwrap_or(i32::MAX),
        Err(PollError::Interrupted) => errno(sys::EINTR),
        Err(PollError::Interrupt) => errno(sys::EWOULDBLOCK),
    }
}

/// # Safety
///
/// `stats` may be written.
#[no_mangle]
unsafe extern "C" fn micrort_schedule_stats_get(stats: *mut Stats) {
    // SAFETY: promised by the caller.
    unsafe { stats.write(SCHEDULER.stats()) }
}
