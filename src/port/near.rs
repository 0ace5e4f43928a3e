// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! What short functions of the C API begin with, by addresses that lie behind the function
//! ([`zephyr_sys::address_of`]).

use zephyr_sys as sys;

use super::{HeapDepths, Thread, HEAP_DEPTHS};
use crate::executor::{Scheduler, SCHEDULER};

/// [`super::current`].
#[inline(always)]
pub fn current() -> Thread {
    Thread::at(sys::current_near().addr())
}

/// [`SCHEDULER`].
#[inline(always)]
pub fn scheduler() -> &'static Scheduler {
    // SAFETY: the address of a static, which is only shared.
    unsafe { &*sys::address_of!(SCHEDULER) }
}

/// [`HEAP_DEPTHS`].
#[inline(always)]
pub fn heap_depths() -> &'static HeapDepths {
    // SAFETY: the address of a static, which is only shared.
    unsafe { &*sys::address_of!(HEAP_DEPTHS) }
}
