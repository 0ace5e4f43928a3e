// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! The private arena: a heap of fixed size that cannot starve the system's.
//!
//! Threads reach it one at a time, without masking interrupts, because a search takes as long as
//! there are holes. So an interrupt cannot allocate; what it frees waits in a list for the next
//! thread that comes by.

use core::alloc::Layout;
#[cfg(not(all(feature = "zephyr", target_has_atomic = "8")))]
use core::cell::UnsafeCell;
use core::mem::{align_of, size_of};
use core::ptr::{self, NonNull};
use core::slice;

use linked_list_allocator::Heap;

#[cfg(not(feature = "zephyr"))]
pub use super::arena_map::words;
use super::arena_map::Map;
use super::{Guarded, Locked};

/// An arena.
pub struct Arena {
    memory: &'static Memory,
    blocks: Exclusive<Blocks>,
    freed_later: Guarded<Option<Link>>,
}

/// Memory for one arena. `struct micrort_port_arena` in C.
#[repr(C)]
pub struct Memory {
    /// Aligned to 16 bytes.
    bytes: *mut u8,
    size: usize,
    /// Both halves of the map, in words of 0.
    map: *mut u32,
    /// Of one half; 0 for no map.
    words: usize,
}

// SAFETY: constant; what it points to is the arena's.
unsafe impl Sync for Memory {}

/// Room for [`Memory`].
#[cfg(not(feature = "zephyr"))]
#[repr(C, align(16))]
pub struct Room<const SIZE: usize, const WORDS: usize> {
    bytes: UnsafeCell<[u8; SIZE]>,
    map: UnsafeCell<[[u32; WORDS]; 2]>,
}

// SAFETY: only the arena of this memory looks at it.
#[cfg(not(feature = "zephyr"))]
unsafe impl<const SIZE: usize, const WORDS: usize> Sync for Room<SIZE, WORDS> {}

#[cfg(not(feature = "zephyr"))]
impl<const SIZE: usize, const WORDS: usize> Room<SIZE, WORDS> {
    /// Room for so many bytes, with a map of so many [`words`].
    pub const fn new() -> Self {
        Room {
            bytes: UnsafeCell::new([0; SIZE]),
            map: UnsafeCell::new([[0; WORDS]; 2]),
        }
    }
}

#[cfg(not(feature = "zephyr"))]
impl Memory {
    /// The memory of this room, which nobody else uses.
    pub const fn of<const SIZE: usize, const WORDS: usize>(
        room: &'static Room<SIZE, WORDS>,
    ) -> Self {
        Memory {
            bytes: room.bytes.get().cast(),
            size: SIZE,
            map: room.map.get().cast(),
            words: WORDS,
        }
    }
}

/// What is free and what is used.
pub struct Blocks {
    heap: Heap,
    map: Map,
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

impl Arena {
    /// An arena in which all is free. The memory is no other arena's.
    pub const fn new(memory: &'static Memory) -> Self {
        Arena {
            memory,
            blocks: Exclusive::new(Blocks {
                heap: Heap::empty(),
                map: Map::new(&mut [], &mut []),
            }),
            freed_later: Guarded::new(None),
        }
    }

    /// Address of its first byte.
    pub fn base(&self) -> usize {
        self.memory.bytes.addr()
    }

    /// Its size in granules of so many bytes.
    pub fn units(&self, granule: usize) -> u32 {
        (self.memory.size / granule) as u32
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
    pub fn access(&'static self, l: &Locked) -> Access {
        let freed = self.freed_later.get(l);
        self.freed_later.set(l, None);
        Access { arena: self, freed }
    }
}

/// The way to the blocks of an arena.
#[must_use = "the blocks that wait to be freed are lost if it is dropped"]
pub struct Access {
    arena: &'static Arena,
    freed: Option<Link>,
}

impl Access {
    /// Frees what waits, and runs `f`, which must not come here again: none then.
    ///
    /// # Safety
    ///
    /// Only one thread of a CPU at a time, and no interrupt.
    pub unsafe fn run<R>(self, f: impl FnOnce(&mut Blocks) -> R) -> Option<R> {
        let run = |blocks: &mut Blocks| {
            if blocks.heap.bottom().is_null() {
                // SAFETY: the memory is this arena's for ever, and is handed over once.
                unsafe { blocks.begin(self.arena.memory) };
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

impl Blocks {
    /// # Safety
    ///
    /// Nobody else uses the memory, now or later.
    unsafe fn begin(&mut self, memory: &Memory) {
        if memory.words != 0 {
            // SAFETY: promised; there are two halves of so many words.
            let (first, last) = unsafe {
                (
                    slice::from_raw_parts_mut(memory.map, memory.words),
                    slice::from_raw_parts_mut(memory.map.add(memory.words), memory.words),
                )
            };
            self.map = Map::new(first, last);
        }
        let granule = self.map.granule();
        let size = memory.size / granule * granule;
        if size != 0 {
            // SAFETY: promised.
            unsafe { self.heap.init(memory.bytes, size) };
        }
    }

    /// Allocates; null if nothing large enough is free.
    pub fn allocate(&mut self, layout: Layout) -> *mut u8 {
        let Some(layout) = rounded(layout, self.map.granule()) else {
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
        if let Some(layout) = rounded(layout, self.map.granule()) {
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
    pub fn map(&self) -> &Map {
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
