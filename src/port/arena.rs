// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! The private arena.

use core::alloc::Layout;
use core::ptr::{self, NonNull};

use crate::heap_walk::{Shape, Step};
use crate::raw::arena::{Arena, Blocks};
use crate::raw::Locked;

static ARENA: Arena = Arena::new(super::arena_memory());

/// # Safety
///
/// Only one thread of a CPU at a time, and no interrupt.
unsafe fn with<R>(f: impl FnOnce(&mut Blocks) -> R) -> Option<R> {
    let access = super::locked(|l| ARENA.access(l));
    // SAFETY: the contract is the same.
    unsafe { access.run(f) }
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
    // SAFETY: the contract is the same.
    unsafe { with(|blocks| blocks.allocate(layout)) }.unwrap_or(ptr::null_mut())
}

/// Frees.
///
/// # Safety
///
/// As for [`allocate`], which gave `block` for the same `layout`; and nobody uses it any more.
#[inline(never)]
pub unsafe fn free(block: NonNull<u8>, layout: Layout) {
    // SAFETY: `block` is from `ARENA`, which is the only arena here; the rest of the contract is the
    // same.
    unsafe {
        with(|blocks| blocks.free(block, layout));
    }
}

/// Frees later, when a thread comes by. From any context.
///
/// # Safety
///
/// [`allocate`] gave `block` for the same `layout`, and nobody uses it any more.
pub unsafe fn free_later(l: &Locked, block: NonNull<u8>, layout: Layout) {
    // SAFETY: `block` is from `ARENA`, which is the only arena here.
    unsafe { ARENA.free_later(l, block, layout) };
}

/// Tells what the arena is like.
///
/// # Safety
///
/// As for [`allocate`].
pub unsafe fn shape() -> Shape {
    let shape = |blocks: &mut Blocks| Shape {
        base: ARENA.base(),
        unit: blocks.map().granule(),
        units: ARENA.units(blocks.map().granule()),
        allocated: Some(blocks.used()),
        peak: Some(blocks.map().peak()),
    };
    // SAFETY: the contract is the same.
    unsafe { with(shape) }.unwrap_or_default()
}

/// Fills a step, for `heap_walk::Blocks::step`.
///
/// # Safety
///
/// As for [`allocate`].
pub unsafe fn step(from: u32, step: &mut Step) {
    let fill = |blocks: &mut Blocks| {
        let begin = blocks.map().boundary(from);
        let units = ARENA.units(blocks.map().granule());
        step.begin(begin);
        blocks
            .map()
            .pieces(begin, units, |size, used| step.push(size, used));
    };
    // SAFETY: the contract is the same.
    unsafe { with(fill) };
}
