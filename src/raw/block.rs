// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! A block of a heap, which can only be freed the way it came.

use core::alloc::Layout;
use core::marker::PhantomData;
use core::mem::{align_of, ManuallyDrop};
use core::ptr::NonNull;

/// A heap. There is one of each type, so that a block's type says where the block belongs.
///
/// # Safety
///
/// A block from [`Heap::allocate`] has the size and alignment of the layout, and nobody else touches
/// it until [`Heap::free`].
pub unsafe trait Heap {
    /// Allocates.
    fn allocate(layout: Layout) -> Option<NonNull<u8>>;

    /// Frees.
    ///
    /// # Safety
    ///
    /// [`Heap::allocate`] of this heap returned `block` for the same `layout`, and nobody uses it any
    /// more.
    unsafe fn free(block: NonNull<u8>, layout: Layout);
}

/// A block of the heap `H`, aligned as [`BLOCK_ALIGN`] says. Dropping it frees it.
pub struct Block<H: Heap> {
    memory: NonNull<u8>,
    size: usize,
    heap: PhantomData<H>,
}

/// Alignment of every [`Block`].
pub const BLOCK_ALIGN: usize = align_of::<usize>();

impl<H: Heap> Block<H> {
    /// Allocates a block of `size` bytes.
    pub fn allocate(size: usize) -> Option<Self> {
        let layout = Layout::from_size_align(size, BLOCK_ALIGN).ok()?;
        Some(Block {
            memory: H::allocate(layout)?,
            size,
            heap: PhantomData,
        })
    }

    /// Its size.
    pub fn size(&self) -> usize {
        self.size
    }

    /// Its memory.
    pub fn as_ptr(&self) -> NonNull<u8> {
        self.memory
    }

    /// Its memory, which [`Block::from_raw`] makes a block again.
    pub fn into_raw(self) -> NonNull<u8> {
        ManuallyDrop::new(self).memory
    }

    /// Undoes [`Block::into_raw`].
    ///
    /// # Safety
    ///
    /// `memory` is from [`Block::into_raw`] of a block of `size` bytes of this heap; this is called once
    /// for it, and nobody else uses it any more.
    pub unsafe fn from_raw(memory: NonNull<u8>, size: usize) -> Self {
        Block {
            memory,
            size,
            heap: PhantomData,
        }
    }
}

impl<H: Heap> Drop for Block<H> {
    fn drop(&mut self) {
        // SAFETY: `allocate` made a layout of this size and got the block for it; whoever turned the
        // block into a pointer meanwhile has given it back.
        unsafe {
            let layout = Layout::from_size_align_unchecked(self.size, BLOCK_ALIGN);
            H::free(self.memory, layout);
        }
    }
}
