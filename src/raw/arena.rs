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
#[cfg(target_has_atomic = "8")]
use spin::Mutex;

use super::arena_map::{words, Map, GRANULE};
use super::{Guarded, Locked};
use crate::config;
use crate::heap_walk::{Shape, Step};

/// Bytes of the arena; none where the arena is not configured.
const SIZE: usize = match config::HEAP_ARENA_SIZE {
    Some(size) => size / GRANULE * GRANULE,
    None => 0,
};

const UNITS: u32 = (SIZE / GRANULE) as u32;

#[repr(C, align(16))]
struct Memory(UnsafeCell<[u8; SIZE]>);

// SAFETY: only the heap in `ARENA` touches it, which a mutex guards.
unsafe impl Sync for Memory {}

static MEMORY: Memory = Memory(UnsafeCell::new([0; SIZE]));
static ARENA: Mutex<Arena> = Mutex::new(Arena {
    heap: Heap::empty(),
    map: Map::new(),
});
static FREED_IN_INTERRUPT: Guarded<Option<Freed>> = Guarded::new(None);

struct Arena {
    heap: Heap,
    map: Map<{ words(SIZE) }>,
}

/// On a CPU without compare-and-swap: it is alone, so the contract of [`allocate`] is enough.
#[cfg(not(target_has_atomic = "8"))]
struct Mutex<T>(UnsafeCell<T>);

// SAFETY: the contract of `allocate` lets one thread in.
#[cfg(not(target_has_atomic = "8"))]
unsafe impl<T> Sync for Mutex<T> {}

#[cfg(not(target_has_atomic = "8"))]
impl<T> Mutex<T> {
    const fn new(value: T) -> Self {
        Mutex(UnsafeCell::new(value))
    }

    #[allow(clippy::mut_from_ref, reason = "one thread, one call")]
    fn lock(&self) -> &mut T {
        // SAFETY: `with_arena` calls this once, and the contract of `allocate` lets one thread in.
        unsafe { &mut *self.0.get() }
    }
}

/// A block that an interrupt has freed; its first words are a [`Link`].
#[derive(Clone, Copy)]
struct Freed(NonNull<Link>);

// SAFETY: the block belongs to the list alone.
unsafe impl Send for Freed {}

struct Link {
    next: Option<Freed>,
    layout: Layout,
}

/// Every block can hold a [`Link`], so that an interrupt can free it, and is made of whole granules,
/// so that the map can show it.
fn with_room_for_link(layout: Layout) -> Option<Layout> {
    let size = layout.size().max(size_of::<Link>());
    let size = size.checked_next_multiple_of(GRANULE)?;
    let align = layout.align().max(align_of::<Link>());
    Layout::from_size_align(size, align).ok()
}

/// Allocates; null if nothing large enough is free.
///
/// # Safety
///
/// Only one thread of a CPU at a time, and no interrupt.
// A function of its own, as `free` is: what interrupts run is seen not to call it
// (scripts/proofs.py).
#[inline(never)]
pub unsafe fn allocate(layout: Layout) -> *mut u8 {
    let Some(layout) = with_room_for_link(layout) else {
        return ptr::null_mut();
    };
    with_arena(|arena| {
        let Ok(block) = arena.heap.allocate_first_fit(layout) else {
            return ptr::null_mut();
        };
        arena.map.allocated(offset(block), layout.size());
        arena.map.note_peak(arena.heap.used());
        block.as_ptr()
    })
}

/// Frees.
///
/// # Safety
///
/// As for [`allocate`], which gave `block` for the same `layout`.
#[inline(never)]
pub unsafe fn free(block: NonNull<u8>, layout: Layout) {
    if let Some(layout) = with_room_for_link(layout) {
        // SAFETY: promised by the caller.
        with_arena(|arena| unsafe { arena.free(block, layout) });
    }
}

/// Frees later, when a thread comes by. From any context.
///
/// # Safety
///
/// [`allocate`] gave `block` for the same `layout`.
pub unsafe fn free_later(l: &Locked, block: NonNull<u8>, layout: Layout) {
    let link = block.cast::<Link>();
    let next = FREED_IN_INTERRUPT.get(l);
    // SAFETY: the block is free, aligned and large enough, by `with_room_for_link`.
    unsafe { link.write(Link { next, layout }) };
    FREED_IN_INTERRUPT.set(l, Some(Freed(link)));
}

/// Tells what the arena is like.
///
/// # Safety
///
/// As for [`allocate`].
pub unsafe fn shape() -> Shape {
    with_arena(|arena| Shape {
        base: MEMORY.0.get() as usize,
        unit: GRANULE,
        units: UNITS,
        allocated: Some(arena.heap.used()),
        peak: Some(arena.map.peak()),
    })
}

/// Fills a step, for `heap_walk::Blocks::step`.
///
/// # Safety
///
/// As for [`allocate`].
pub unsafe fn step(from: u32, step: &mut Step) {
    with_arena(|arena| arena.map.step(from, UNITS, step));
}

impl Arena {
    /// # Safety
    ///
    /// [`allocate`] gave `block` for what became `layout`.
    unsafe fn free(&mut self, block: NonNull<u8>, layout: Layout) {
        self.map.freed(offset(block), layout.size());
        // SAFETY: promised by the caller.
        unsafe { self.heap.deallocate(block, layout) };
    }
}

fn offset(block: NonNull<u8>) -> usize {
    (block.as_ptr() as usize).wrapping_sub(MEMORY.0.get() as usize)
}

fn with_arena<R>(f: impl FnOnce(&mut Arena) -> R) -> R {
    let arena = &mut *ARENA.lock();
    if SIZE != 0 && arena.heap.bottom().is_null() {
        // SAFETY: the memory is static and handed over once.
        unsafe { arena.heap.init(MEMORY.0.get().cast(), SIZE) };
    }
    let mut freed = crate::port::locked(|l| {
        let first = FREED_IN_INTERRUPT.get(l);
        FREED_IN_INTERRUPT.set(l, None);
        first
    });
    while let Some(Freed(link)) = freed {
        // SAFETY: `free_later` wrote the link, and the block is on no list any more.
        let Link { next, layout } = unsafe { link.read() };
        if let Some(layout) = with_room_for_link(layout) {
            // SAFETY: promised to `free_later`.
            unsafe { arena.free(link.cast(), layout) };
        }
        freed = next;
    }
    f(arena)
}
