// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! Indexes of interned strings: open addressing over numbers that are one more than an entry's.
//! cmake/qstr_index.py makes the same for an image.

#![forbid(unsafe_code)]

use core::sync::atomic::{AtomicU16, Ordering};

/// FNV-1a.
pub fn hash(text: &[u8]) -> u32 {
    text.iter().fold(0x811c_9dc5, |hash, byte| {
        (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193)
    })
}

/// What an entry keeps of the hash.
pub fn tag(hash: u32) -> u8 {
    (hash >> 24) as u8
}

/// Looks through an index: the number for which `is_it` holds, or the empty slot where the search
/// ended. There is always one, except in an index without slots.
pub fn probe(
    slots: &[AtomicU16],
    hash: u32,
    is_it: impl Fn(u16) -> bool,
) -> Result<u16, Option<&AtomicU16>> {
    // The high bits of the product are the better ones.
    let mut place = (hash ^ hash >> 16) as usize;
    let mask = slots.len().wrapping_sub(1);
    while let Some(slot) = slots.get(place & mask) {
        match slot.load(Ordering::Acquire).checked_sub(1) {
            None => return Err(Some(slot)),
            Some(number) if is_it(number) => return Ok(number),
            Some(_) => place = place.wrapping_add(1),
        }
    }
    Err(None)
}

/// Makes the index of an image's strings, where no step of the build does. Equal strings get the
/// number of the first one.
#[cfg(not(feature = "zephyr"))]
pub fn fill(index: &[AtomicU16], strings: &[crate::raw::pool::Entry]) {
    for (number, entry) in (0..u16::MAX).zip(strings) {
        let is_it = |other: u16| {
            let other = strings.get(usize::from(other));
            other.is_some_and(|other| other.bytes() == entry.bytes())
        };
        if let Err(Some(slot)) = probe(index, hash(entry.bytes()), is_it) {
            slot.store(number + 1, Ordering::Relaxed);
        }
    }
}
