// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! Which parts of the arena are used: its allocator knows its holes, and shows them to nobody.
//!
//! A bit for the first granule of each block, and one for the last. Setting them is constant work;
//! only a report looks for the next bit, a word at a time.

#![forbid(unsafe_code)]

use crate::config;
use crate::heap_walk::Step;

/// Blocks are made of granules of so many bytes.
pub const GRANULE: usize = if config::MEM_INFO { 16 } else { 1 };

/// Words that a bit map of an arena of so many bytes takes.
pub const fn words(size: usize) -> usize {
    if config::MEM_INFO {
        size.div_ceil(GRANULE * u32::BITS as usize)
    } else {
        0
    }
}

struct Bits<const WORDS: usize>([u32; WORDS]);

impl<const WORDS: usize> Bits<WORDS> {
    fn set(&mut self, bit: usize, value: bool) {
        if let Some(word) = self.0.get_mut(bit / 32) {
            let mask = 1 << (bit % 32);
            *word = if value { *word | mask } else { *word & !mask };
        }
    }

    fn is_set(&self, bit: usize) -> bool {
        self.0
            .get(bit / 32)
            .is_some_and(|word| word >> (bit % 32) & 1 != 0)
    }

    /// The first bit that is set, at `bit` or later.
    fn next_set(&self, bit: usize) -> Option<usize> {
        let mut mask = u32::MAX << (bit % 32);
        for (index, word) in self.0.iter().enumerate().skip(bit / 32) {
            let word = word & mask;
            if word != 0 {
                return Some(index * 32 + word.trailing_zeros() as usize);
            }
            mask = u32::MAX;
        }
        None
    }
}

/// The map of an arena, without the arena.
pub struct Map<const WORDS: usize> {
    first: Bits<WORDS>,
    last: Bits<WORDS>,
    peak: usize,
}

impl<const WORDS: usize> Map<WORDS> {
    /// Nothing is used.
    pub const fn new() -> Self {
        Map {
            first: Bits([0; WORDS]),
            last: Bits([0; WORDS]),
            peak: 0,
        }
    }

    /// Notes a block: its place, and its size, which is not 0, in bytes.
    pub fn allocated(&mut self, offset: usize, size: usize) {
        self.note(offset, size, true);
    }

    /// Notes that a block is free again.
    pub fn freed(&mut self, offset: usize, size: usize) {
        self.note(offset, size, false);
    }

    fn note(&mut self, offset: usize, size: usize, value: bool) {
        let end = offset.saturating_add(size) / GRANULE;
        self.first.set(offset / GRANULE, value);
        self.last.set(end.saturating_sub(1), value);
    }

    /// Notes how much is used.
    pub fn note_peak(&mut self, used: usize) {
        if config::MEM_INFO {
            self.peak = self.peak.max(used);
        }
    }

    /// Most that was ever used.
    pub fn peak(&self) -> usize {
        self.peak
    }

    /// `heap_walk::Blocks::step` for an arena of so many granules.
    pub fn step(&self, from: u32, units: u32, step: &mut Step) {
        let units = units as usize;
        let mut at = from as usize;
        let is_boundary = at < units
            && (self.first.is_set(at)
                || at.checked_sub(1).is_some_and(|end| self.last.is_set(end)));
        if !is_boundary {
            at = 0;
        }
        step.begin(at as u32);
        while at < units {
            let next = self.first.next_set(at).unwrap_or(units);
            let is_used = next == at;
            let end = if is_used {
                self.last.next_set(at).map_or(units, |last| last + 1)
            } else {
                next
            };
            if !step.push((end - at) as u32, is_used) {
                break;
            }
            at = end;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::heap_walk::{walk, Blocks, Piece, Shape};

    extern crate std;
    use std::vec::Vec;

    struct Arena(Map<{ words(1024) }>);

    impl Blocks for Arena {
        fn shape(&self) -> Shape {
            Shape::default()
        }

        fn step(&self, from: u32, step: &mut Step) {
            self.0.step(from, 64, step);
        }
    }

    fn pieces(arena: &Arena) -> Vec<Piece> {
        let mut pieces = Vec::new();
        let changed = walk(arena, 64, &mut |piece| {
            pieces.push(piece);
            true
        });
        assert!(!changed);
        pieces
    }

    #[test]
    fn neighbours_and_ends() {
        let mut arena = Arena(Map::new());
        assert_eq!(pieces(&arena), [Piece::Free(64)]);
        arena.0.allocated(0, 16);
        arena.0.allocated(16, 48);
        arena.0.allocated(960, 64);
        let expected = [
            Piece::Used(1),
            Piece::Used(3),
            Piece::Free(56),
            Piece::Used(4),
        ];
        assert_eq!(pieces(&arena), expected);
        arena.0.freed(16, 48);
        assert_eq!(
            pieces(&arena),
            [Piece::Used(1), Piece::Free(59), Piece::Used(4)]
        );
        arena.0.freed(0, 16);
        arena.0.freed(960, 64);
        assert_eq!(pieces(&arena), [Piece::Free(64)]);
        arena.0.allocated(0, 1024);
        assert_eq!(pieces(&arena), [Piece::Used(64)]);
    }

    #[test]
    fn no_boundary_begins_again() {
        let mut arena = Arena(Map::new());
        arena.0.allocated(64, 64);
        for (from, begins) in [(0, 0), (4, 4), (8, 8), (3, 0), (5, 0), (7, 0), (64, 0)] {
            let mut step = Step::default();
            arena.0.step(from, 64, &mut step);
            assert_eq!(step.at(), begins, "from {from}");
        }
    }
}
