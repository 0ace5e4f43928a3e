// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! micrort's heap, behind the heap lock.

use core::alloc::{GlobalAlloc, Layout};
use core::ptr::{self, NonNull};

use crate::heap_lock::is_refused;
use crate::port::{self, OwnHeap};
use crate::raw::block::Block;

/// Whether the caller may allocate `size` bytes; if not, the refusal is recorded. For heaps that micrort
/// does not know.
///
/// *Callable from* threads, interrupts, and before the kernel has started.
pub fn may_allocate(size: usize) -> bool {
    !is_refused(size)
}

/// A block, unless the caller is refused or there is none. From threads.
pub(crate) fn allocate(size: usize) -> Option<Block<OwnHeap>> {
    if is_refused(size) {
        return None;
    }
    Block::allocate(size)
}

/// micrort's heap, for `#[global_allocator]` or by hand: the heap that Kconfig chooses; on the host, an
/// arena of 16 MiB.
pub struct Allocator;

// SAFETY: the port gives blocks of the layout, and frees what it gave.
unsafe impl GlobalAlloc for Allocator {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if is_refused(layout.size()) {
            return ptr::null_mut();
        }
        port::allocate(layout)
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        if let Some(block) = NonNull::new(block) {
            // SAFETY: promised by the caller.
            unsafe { port::free(block, layout) };
        }
    }
}
