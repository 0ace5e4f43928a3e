// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! What every system tells of its heaps and stacks.

use core::alloc::Layout;
use core::ptr::NonNull;

use crate::raw::block;

/// micrort's heap, with no look at the heap lock.
pub struct OwnHeap;

// SAFETY: `allocate` gives a block of the layout that nobody else has until `free`.
unsafe impl block::Heap for OwnHeap {
    fn allocate(layout: Layout) -> Option<NonNull<u8>> {
        NonNull::new(super::allocate(layout))
    }

    unsafe fn free(block: NonNull<u8>, layout: Layout) {
        // SAFETY: the contract is the same.
        unsafe { super::free(block, layout) };
    }
}

/// A heap.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum HeapId {
    /// Zephyr's system heap.
    System,
    /// micrort's private arena.
    Arena,
}

/// A stack as the system describes it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Stack {
    /// Lowest address.
    pub start: usize,
    /// Bytes, where they are known.
    pub size: Option<usize>,
    /// Stack pointer, where it is known.
    pub pointer: Option<usize>,
    /// Whether the stack grows to higher addresses.
    pub grows_up: bool,
}

/// A stack, and how many bytes of it were never written, where that is known.
pub type Measured = (Stack, Option<usize>);

/// Why nothing can be told of a stack.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum StackError {
    /// The system keeps nothing that would tell.
    NotSupported,
    /// No such thread, or it has ended.
    NoThread,
    /// No such CPU.
    NoCpu,
}
