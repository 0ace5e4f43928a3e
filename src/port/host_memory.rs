// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! Heaps and stacks of the host port, for reports.

use core::cell::Cell;
use core::hint::black_box;

use super::{arena, HeapId, Measured, Stack, StackError, Thread};
use crate::heap_walk::{Blocks, Shape, Step};
use crate::print::Report;

struct ArenaHeap;

impl Blocks for ArenaHeap {
    fn shape(&self) -> Shape {
        // SAFETY: a host thread has no interrupts, and another one waits for the arena's own lock.
        unsafe { arena::shape() }
    }

    fn step(&self, from: u32, step: &mut Step) {
        // SAFETY: a host thread has no interrupts, and another one waits for the arena's own lock.
        unsafe { arena::step(from, step) };
    }
}

/// A heap that is configured.
pub fn heap(id: HeapId) -> Option<&'static dyn Blocks> {
    match id {
        HeapId::System => None,
        HeapId::Arena => Some(&ArenaHeap),
    }
}

pub fn report_stack(report: &mut Report<'_>) {
    super::host_calls::report_stack(report);
}

std::thread_local! {
    /// Highest address that the thread's stack pointer was seen at.
    static BASE: Cell<usize> = const { Cell::new(0) };
}

/// The stack that the caller runs on. Its bounds are not to be had here, so its base is the
/// shallowest place that this was called from.
#[inline(never)]
pub fn own_stack() -> Result<Stack, StackError> {
    let local = 0_u8;
    let pointer = core::ptr::from_ref(black_box(&local)) as usize;
    let base = BASE.get().max(pointer);
    BASE.set(base);
    Ok(Stack {
        start: base,
        size: None,
        pointer: Some(pointer),
        grows_up: false,
    })
}

/// [`own_stack`]; stacks are not filled before their use.
#[inline]
pub fn own_usage() -> Result<Measured, StackError> {
    Ok((own_stack()?, None))
}

/// Of threads only the caller is known.
pub fn main_usage() -> Result<Measured, StackError> {
    if main_thread() == Some(super::current()) {
        own_usage()
    } else {
        Err(StackError::NotSupported)
    }
}

/// Of threads only the caller is known, and that is another one.
pub fn executor_usage() -> Result<Measured, StackError> {
    Err(StackError::NotSupported)
}

/// Interrupts run on the stack of the thread that they interrupt.
pub fn interrupt_usage(_: u32) -> Result<Measured, StackError> {
    Err(StackError::NotSupported)
}

/// The stack of any thread; of others than the caller nothing is known.
///
/// # Safety
///
/// None is asked for here; other ports do.
#[cfg(feature = "c-api")]
pub unsafe fn thread_usage(thread: Thread) -> Result<Measured, StackError> {
    if thread == super::current() {
        own_usage()
    } else {
        Err(StackError::NotSupported)
    }
}

pub fn main_thread() -> Option<Thread> {
    super::locked(|l| super::default_foreground(l, 0))
}

pub fn executor_thread() -> Option<Thread> {
    None
}
