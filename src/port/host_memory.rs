// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! Heaps and stacks of the host port, for reports.

use core::cell::Cell;
use core::hint::black_box;

use super::Thread;
use crate::heap_walk::{Blocks, Shape, Step};
use crate::mem_info::HeapId;
use crate::raw::arena;
use crate::stack_use::{Stack, StackError};

struct ArenaHeap;

impl Blocks for ArenaHeap {
    fn shape(&self) -> Shape {
        // SAFETY: not an interrupt; another thread waits, as for `Allocator`.
        unsafe { arena::shape() }
    }

    fn step(&self, from: u32, step: &mut Step) {
        // SAFETY: as above.
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

std::thread_local! {
    /// Highest address that the thread's stack pointer was seen at.
    static BASE: Cell<usize> = const { Cell::new(0) };
}

/// The caller's own stack. Its bounds are not to be had here, so its base is the shallowest place
/// that this was called from.
#[inline(never)]
pub fn stack(thread: Option<Thread>) -> Result<Stack, StackError> {
    if thread.is_some_and(|thread| thread != super::current()) {
        return Err(StackError::NotSupported);
    }
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

/// Stacks are not filled before their use.
pub fn stack_unused(_: &Stack) -> Option<usize> {
    None
}

/// Interrupts run on the stack of the thread that they interrupt.
pub fn interrupt_stack(_: u32) -> Result<Stack, StackError> {
    Err(StackError::NotSupported)
}

pub fn main_thread() -> Option<Thread> {
    super::locked(super::default_foreground)
}

pub fn executor_thread() -> Option<Thread> {
    None
}
