// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! Walks over the blocks of a heap that goes on working meanwhile.
//!
//! A heap lends its lock for one [`Step`] at a time: a few blocks, and interrupts are served again.
//! Between two steps blocks come and go, so a place that was the beginning of a block need not be
//! one any more. The heap then begins again at its first block, and the walk drops what it has
//! seen already: every byte is visited once, in order, whatever happens. It is told to the caller.

#![forbid(unsafe_code)]

/// Blocks in a step at most.
const STEP: usize = 8;

/// Steps without any progress until a walk gives up: the heap is damaged, or changes faster than
/// it can be walked.
const FRUITLESS: u32 = 64;

/// Neighbouring blocks, as they are at one moment. Sizes are in the heap's own unit.
#[repr(C)]
#[derive(Default)]
pub struct Step {
    at: u32,
    count: u32,
    /// Twice the size, plus 1 for a block that is used.
    blocks: [u32; STEP],
}

impl Step {
    /// Begins again, with the block at `at`.
    pub fn begin(&mut self, at: u32) {
        self.at = at;
        self.count = 0;
    }

    /// Where it begins.
    pub fn at(&self) -> u32 {
        self.at
    }

    /// Adds the next block; false if there is no room left for it.
    pub fn push(&mut self, size: u32, used: bool) -> bool {
        let Some(place) = self.blocks.get_mut(self.count as usize) else {
            return false;
        };
        *place = size << 1 | u32::from(used);
        self.count += 1;
        true
    }
}

/// What a heap is like as a whole.
#[derive(Clone, Copy, Default, Debug)]
pub struct Shape {
    /// Address of its first block.
    pub base: usize,
    /// Its unit, in bytes.
    pub unit: usize,
    /// Its size, in units; 0 where there is no such heap.
    pub units: u32,
    /// Bytes that are handed out, by the heap's own count, which leaves headers out.
    pub allocated: Option<usize>,
    /// Largest value of `allocated` since boot.
    pub peak: Option<usize>,
}

/// A heap that can be walked.
pub trait Blocks {
    /// Tells what it is like.
    fn shape(&self) -> Shape;

    /// Fills a step with the block at `from` and some that follow it; if there is no block at
    /// `from`, with the first ones of the heap.
    fn step(&self, from: u32, step: &mut Step);
}

/// A part of a heap. Sizes are in its unit.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Piece {
    /// All the free memory up to the next block that is used.
    Free(u32),
    /// A block that is used.
    Used(u32),
    /// The rest of a block whose beginning was something else when it was visited.
    Rest(u32),
}

/// Visits every piece of the heap, until `visit` answers false. Tells whether the walk has met a
/// change of the heap.
pub fn walk(heap: &dyn Blocks, units: u32, visit: &mut dyn FnMut(Piece) -> bool) -> bool {
    let mut step = Step::default();
    let mut changed = false;
    let mut fruitless = 0;
    let mut free: u32 = 0;
    // Where the next step begins, and what was visited: up to here.
    let mut from = 0;
    let mut visited = 0;

    while visited < units {
        fruitless += 1;
        heap.step(from, &mut step);
        if step.at != from || step.count == 0 {
            changed = true;
            if fruitless > FRUITLESS {
                break;
            }
        }
        from = step.at;
        for block in step.blocks.iter().take(step.count as usize) {
            let begin = from;
            from = begin.saturating_add(block >> 1).min(units);
            let Some(size) = from.checked_sub(visited).filter(|size| *size != 0) else {
                continue;
            };
            let whole = begin == visited;
            changed |= !whole;
            visited = from;
            fruitless = 0;
            if block & 1 == 0 {
                free += size;
                continue;
            }
            let piece = if whole {
                Piece::Used(size)
            } else {
                Piece::Rest(size)
            };
            if free != 0 && !visit(Piece::Free(free)) || !visit(piece) {
                return changed;
            }
            free = 0;
        }
    }
    if free != 0 {
        visit(Piece::Free(free));
    }
    changed
}

/// What a walk has counted. Two that are equal have seen the same blocks.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Survey {
    /// Units that are used.
    pub used: u32,
    /// Units that are free.
    pub free: u32,
    /// Used blocks of one unit.
    pub ones: u32,
    /// Used blocks of two units.
    pub twos: u32,
    /// Units of the largest used block.
    pub max_used: u32,
    /// Units of the largest free piece.
    pub max_free: u32,
    /// Whether the heap changed meanwhile.
    pub changed: bool,
    order: u32,
}

impl Survey {
    /// Counts a piece.
    pub fn add(&mut self, piece: Piece) {
        let (size, kind) = match piece {
            Piece::Free(size) => {
                self.free += size;
                self.max_free = self.max_free.max(size);
                (size, 0)
            }
            Piece::Used(size) => {
                self.used += size;
                self.ones += u32::from(size == 1);
                self.twos += u32::from(size == 2);
                self.max_used = self.max_used.max(size);
                (size, 1)
            }
            Piece::Rest(size) => {
                self.used += size;
                (size, 2)
            }
        };
        // A multiplier that is odd and large enough loses nothing and mixes well.
        self.order = (self.order ^ (size << 2 | kind)).wrapping_mul(0x9e37_79b1);
    }

    /// Walks once.
    fn once(heap: &dyn Blocks, units: u32) -> Self {
        let mut survey = Survey::default();
        survey.changed = walk(heap, units, &mut |piece| {
            survey.add(piece);
            true
        });
        survey
    }

    /// Walks until two walks have seen the same, so that the figures are of one moment; after
    /// three walks that differ, the last one says that the heap has changed.
    pub fn new(heap: &dyn Blocks, units: u32) -> Self {
        let mut last = Self::once(heap, units);
        for _ in 0..2 {
            let next = Self::once(heap, units);
            if next == last {
                return next;
            }
            last = next;
        }
        last.changed = true;
        last
    }
}
