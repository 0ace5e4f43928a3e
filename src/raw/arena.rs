// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! The private arena: a heap of fixed size that cannot starve the system's.
//!
//! Threads reach it one at a time, without masking interrupts, because a search takes as long as
//! there are holes. So an interrupt cannot allocate; what it frees waits in a list for the next
//! thread that comes by.

use core::alloc::Layout;
use core::cell::UnsafeCell;
use core::mem::{align_of, size_of};
use core::ptr::{self, NonNull};

use linked_list_allocator::Heap;

pub use super::arena_map::words;
use super::arena_map::Map;
use super::{Guarded, Locked};

/// An arena of `SIZE` bytes, with a map of so many [`words`]: none for no map.
pub struct Arena<const SIZE: usize, const WORDS: usize> {
    memory: Memory<SIZE>,
    blocks: Exclusive<Blocks<WORDS>>,
    freed_later: Guarded<Option<Link>>,
}

#[repr(C, align(16))]
struct Memory<const SIZE: usize>(UnsafeCell<[u8; SIZE]>);

// SAFETY: a byte of it belongs to the heap in `blocks` or to the holder of a block.
unsafe impl<const SIZE: usize> Sync for Memory<SIZE> {}

/// What is free and what is used.
pub struct Blocks<const WORDS: usize> {
    heap: Heap,
    map: Map<WORDS>,
}

/// A block that is to be freed, with a [`Waiting`] in it.
#[derive(Clone, Copy)]
struct Link(NonNull<Waiting>);

// SAFETY: the block belongs to the list alone.
unsafe impl Send for Link {}

struct Waiting {
    next: Option<Link>,
    layout: Layout,
}

/// Every block can hold a [`Waiting`], so that an interrupt can free it, and is made of whole
/// `granules`, so that the map can show it.
fn rounded(layout: Layout, granule: usize) -> Option<Layout> {
    let size = layout.size().max(size_of::<Waiting>());
    let size = size.checked_next_multiple_of(granule)?;
    let align = layout.align().max(align_of::<Waiting>());
    Layout::from_size_align(size, align).ok()
}

impl<const SIZE: usize, const WORDS: usize> Arena<SIZE, WORDS> {
    /// An arena in which all is free.
    pub const fn new() -> Self {
        Arena {
            memory: Memory(UnsafeCell::new([0; SIZE])),
            blocks: Exclusive::new(Blocks {
                heap: Heap::empty(),
                map: Map::new(),
            }),
            freed_later: Guarded::new(None),
        }
    }

    /// Address of its first byte.
    pub fn base(&self) -> usize {
        self.memory.0.get() as usize
    }

    /// Its size in granules.
    pub fn units(&self) -> u32 {
        (SIZE / Map::<WORDS>::GRANULE) as u32
    }

    /// Frees later, when a thread comes by. From any context.
    ///
    /// # Safety
    ///
    /// [`Blocks::allocate`] of this arena gave `block` for the same `layout`, and nobody uses it any
    /// more.
    pub unsafe fn free_later(&'static self, l: &Locked, block: NonNull<u8>, layout: Layout) {
        let link = block.cast::<Waiting>();
        let next = self.freed_later.get(l);
        // SAFETY: the block is this caller's, aligned and large enough, by `rounded`.
        unsafe { link.write(Waiting { next, layout }) };
        self.freed_later.set(l, Some(Link(link)));
    }

    /// Takes what waits to be freed, and is the way to the blocks.
    pub fn access(&'static self, l: &Locked) -> Access<SIZE, WORDS> {
        let freed = self.freed_later.get(l);
        self.freed_later.set(l, None);
        Access { arena: self, freed }
    }
}

/// The way to the blocks of an arena.
#[must_use = "the blocks that wait to be freed are lost if it is dropped"]
pub struct Access<const SIZE: usize, const WORDS: usize> {
    arena: &'static Arena<SIZE, WORDS>,
    freed: Option<Link>,
}

impl<const SIZE: usize, const WORDS: usize> Access<SIZE, WORDS> {
    /// Frees what waits, and runs `f`, which must not come here again: none then.
    ///
    /// # Safety
    ///
    /// Only one thread of a CPU at a time, and no interrupt.
    pub unsafe fn run<R>(self, f: impl FnOnce(&mut Blocks<WORDS>) -> R) -> Option<R> {
        let run = |blocks: &mut Blocks<WORDS>| {
            if SIZE != 0 && blocks.heap.bottom().is_null() {
                let size = SIZE / Map::<WORDS>::GRANULE * Map::<WORDS>::GRANULE;
                let memory = self.arena.memory.0.get().cast();
                // SAFETY: the memory lives as long as the heap beside it, and is handed over once.
                unsafe { blocks.heap.init(memory, size) };
            }
            let mut freed = self.freed;
            while let Some(Link(link)) = freed {
                // SAFETY: `free_later` wrote it, and `access` took the block off the list.
                let Waiting { next, layout } = unsafe { link.read() };
                // SAFETY: a block of this arena with this layout, by the contract of `free_later`.
                unsafe { blocks.free(link.cast(), layout) };
                freed = next;
            }
            f(blocks)
        };
        // SAFETY: the contract is the same.
        unsafe { self.arena.blocks.with(run) }
    }
}

impl<const WORDS: usize> Blocks<WORDS> {
    /// Allocates; null if nothing large enough is free.
    pub fn allocate(&mut self, layout: Layout) -> *mut u8 {
        let Some(layout) = rounded(layout, Map::<WORDS>::GRANULE) else {
            return ptr::null_mut();
        };
        let Ok(block) = self.heap.allocate_first_fit(layout) else {
            return ptr::null_mut();
        };
        self.map.allocated(self.offset(block), layout.size());
        self.map.note_peak(self.heap.used());
        block.as_ptr()
    }

    /// Frees.
    ///
    /// # Safety
    ///
    /// [`Blocks::allocate`] of the same arena gave `block` for the same `layout`, and nobody uses it
    /// any more.
    pub unsafe fn free(&mut self, block: NonNull<u8>, layout: Layout) {
        if let Some(layout) = rounded(layout, Map::<WORDS>::GRANULE) {
            self.map.freed(self.offset(block), layout.size());
            // SAFETY: `allocate` got the block for the same rounded layout.
            unsafe { self.heap.deallocate(block, layout) };
        }
    }

    /// Bytes that are handed out, without what the heap adds.
    pub fn used(&self) -> usize {
        self.heap.used()
    }

    /// What is used, as a map.
    pub fn map(&self) -> &Map<WORDS> {
        &self.map
    }

    fn offset(&self, block: NonNull<u8>) -> usize {
        block.addr().get().wrapping_sub(self.heap.bottom().addr())
    }
}

/// A value that one thread at a time gets at.
#[cfg(target_has_atomic = "8")]
struct Exclusive<T>(spin::Mutex<T>);

#[cfg(target_has_atomic = "8")]
impl<T> Exclusive<T> {
    const fn new(value: T) -> Self {
        Exclusive(spin::Mutex::new(value))
    }

    /// # Safety
    ///
    /// As of the other one, though this lock makes sure of it.
    unsafe fn with<R>(&self, f: impl FnOnce(&mut T) -> R) -> Option<R> {
        Some(f(&mut self.0.lock()))
    }
}

/// A CPU without compare-and-swap is alone: all that is left is a call inside a call.
#[cfg(not(target_has_atomic = "8"))]
struct Exclusive<T> {
    taken: core::cell::Cell<bool>,
    value: UnsafeCell<T>,
}

// SAFETY: `with` is the only way to the fields, and its contract lets one thread in.
#[cfg(not(target_has_atomic = "8"))]
unsafe impl<T: Send> Sync for Exclusive<T> {}

#[cfg(not(target_has_atomic = "8"))]
impl<T> Exclusive<T> {
    const fn new(value: T) -> Self {
        Exclusive {
            taken: core::cell::Cell::new(false),
            value: UnsafeCell::new(value),
        }
    }

    /// # Safety
    ///
    /// No other thread and no interrupt calls this until it has returned.
    unsafe fn with<R>(&self, f: impl FnOnce(&mut T) -> R) -> Option<R> {
        if self.taken.replace(true) {
            return None;
        }
        // SAFETY: `taken` was false, so no `f` runs that has a reference; and no other thread is here.
        let result = f(unsafe { &mut *self.value.get() });
        self.taken.set(false);
        Some(result)
    }
}
