// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! Which parts of the arena are used: its allocator knows its holes, and shows them to nobody.
//!
//! A bit for the first granule of each block, and one for the last. Setting them is constant work;
//! only a report looks for the next bit, a word at a time.

#![forbid(unsafe_code)]

/// Bytes of a granule where there is a map: blocks are made of whole ones.
const GRANULE: usize = 16;

/// Words of each half of the map of an arena of so many bytes.
#[cfg(any(not(feature = "zephyr"), test))]
pub const fn words(size: usize) -> usize {
    size.div_ceil(GRANULE * u32::BITS as usize)
}

struct Bits(&'static mut [u32]);

impl Bits {
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

/// The map of an arena, without the arena. With no words it shows nothing.
pub struct Map {
    first: Bits,
    last: Bits,
    peak: usize,
}

impl Map {
    /// Nothing is used: all words are 0.
    pub const fn new(first: &'static mut [u32], last: &'static mut [u32]) -> Self {
        Map {
            first: Bits(first),
            last: Bits(last),
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
        let granule = self.granule();
        let end = offset.saturating_add(size) / granule;
        self.first.set(offset / granule, value);
        self.last.set(end.saturating_sub(1), value);
    }

    /// Notes how much is used.
    pub fn note_peak(&mut self, used: usize) {
        if !self.first.0.is_empty() {
            self.peak = self.peak.max(used);
        }
    }

    /// Most that was ever used.
    pub fn peak(&self) -> usize {
        self.peak
    }

    /// Bytes of a granule, of which blocks are made.
    pub fn granule(&self) -> usize {
        if self.first.0.is_empty() {
            1
        } else {
            GRANULE
        }
    }

    /// `at`, if a block or a hole begins there; else 0.
    pub fn boundary(&self, at: u32) -> u32 {
        let place = at as usize;
        let begins = self.first.is_set(place)
            || place
                .checked_sub(1)
                .is_some_and(|end| self.last.is_set(end));
        if begins {
            at
        } else {
            0
        }
    }

    /// Shows blocks and holes from a boundary on, in an arena of so many granules, until `push` is
    /// false: how many granules, and whether they are used.
    pub fn pieces(&self, from: u32, units: u32, mut push: impl FnMut(u32, bool) -> bool) {
        let units = units as usize;
        let mut at = from as usize;
        while at < units {
            let next = self.first.next_set(at).unwrap_or(units);
            let is_used = next == at;
            let end = if is_used {
                self.last.next_set(at).map_or(units, |last| last + 1)
            } else {
                next
            };
            if !push((end - at) as u32, is_used) {
                break;
            }
            at = end;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    extern crate std;
    use std::boxed::Box;
    use std::vec::Vec;

    fn map() -> Map {
        let half = || Box::leak(Box::new([0; words(1024)]));
        Map::new(half(), half())
    }

    fn pieces(arena: &Map) -> Vec<(u32, bool)> {
        let mut pieces = Vec::new();
        arena.pieces(0, 64, |size, used| {
            pieces.push((size, used));
            true
        });
        pieces
    }

    #[test]
    fn neighbours_and_ends() {
        let mut arena = map();
        assert_eq!(pieces(&arena), [(64, false)]);
        arena.allocated(0, 16);
        arena.allocated(16, 48);
        arena.allocated(960, 64);
        let expected = [(1, true), (3, true), (56, false), (4, true)];
        assert_eq!(pieces(&arena), expected);
        arena.freed(16, 48);
        assert_eq!(pieces(&arena), [(1, true), (59, false), (4, true)]);
        arena.freed(0, 16);
        arena.freed(960, 64);
        assert_eq!(pieces(&arena), [(64, false)]);
        arena.allocated(0, 1024);
        assert_eq!(pieces(&arena), [(64, true)]);
    }

    #[test]
    fn no_boundary_begins_again() {
        let mut arena = map();
        arena.allocated(64, 64);
        for (at, begins) in [(0, 0), (4, 4), (8, 8), (3, 0), (5, 0), (7, 0), (64, 0)] {
            assert_eq!(arena.boundary(at), begins, "at {at}");
        }
    }
}
