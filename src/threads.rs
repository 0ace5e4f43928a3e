// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! What each thread holds: the depths of its heap lock and of its critical regions.
//!
//! An entry stands for a thread while one of its depths is not 0. The port says when a thread
//! ends, so no entry outlives its thread and a new thread starts at 0.

#![forbid(unsafe_code)]

use core::sync::atomic::{AtomicU32, Ordering};

pub use crate::port::THREADS;
use crate::port::{Guarded, Locked, Thread};

/// What can be held; the value is one level of it among the depths of an entry.
#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub enum Held {
    /// The heap lock.
    Heap = 1,
    /// Critical regions.
    Regions = 1 << 16,
}

impl Held {
    /// This depth among others.
    #[inline(always)]
    fn of(self, depths: u32) -> u16 {
        (depths / self as u32) as u16
    }
}

/// Why a depth did not grow.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DeepenError {
    /// The depth is `u16::MAX`.
    Overflow,
    /// The table has no free entry.
    TooManyThreads,
}

struct Entry {
    thread: Guarded<Option<Thread>>,
    /// Both depths, in units of [`Held`].
    depths: Guarded<u32>,
}

/// Table of `MAX` threads.
///
/// Mostly one thread holds something at a time. It gets the first entry, which is looked at before
/// the others are searched.
#[repr(C)]
pub struct Threads<const MAX: usize> {
    /// Number of entries that stand for a thread. Changed with the lock held, and read without it
    /// by allocation functions (glue/heap_refuse.h): a thread sees its own changes.
    used: AtomicU32,
    entries: [Entry; MAX],
}

impl<const MAX: usize> Threads<MAX> {
    /// An empty table.
    pub const fn new() -> Self {
        Threads {
            used: AtomicU32::new(0),
            entries: [const {
                Entry {
                    thread: Guarded::new(None),
                    depths: Guarded::new(0),
                }
            }; MAX],
        }
    }

    /// Whether any thread holds something. The caller finds its own changes here without the lock.
    #[inline(always)]
    pub fn any(&self) -> bool {
        self.used.load(Ordering::Relaxed) != 0
    }

    /// Makes a depth 1 where nobody holds anything; false if somebody does.
    #[inline(always)]
    pub fn deepen_first(&self, l: &Locked, thread: Thread, what: Held) -> bool {
        match self.entries.first() {
            Some(entry) if !self.any() => {
                entry.thread.set(l, Some(thread));
                entry.depths.set(l, what as u32);
                self.used.store(1, Ordering::Relaxed);
                true
            }
            _ => false,
        }
    }

    /// Makes a depth one larger and returns it.
    pub fn deepen(&self, l: &Locked, thread: Thread, what: Held) -> Result<u16, DeepenError> {
        let entry = match self.search(l, Some(thread)) {
            Some(entry) => entry,
            None => {
                let entry = self.search(l, None).ok_or(DeepenError::TooManyThreads)?;
                entry.thread.set(l, Some(thread));
                self.add_used(l, 1);
                entry
            }
        };
        let depths = entry.depths.get(l);
        let depth = what
            .of(depths)
            .checked_add(1)
            .ok_or(DeepenError::Overflow)?;
        entry.depths.set(l, depths.wrapping_add(what as u32));
        Ok(depth)
    }

    /// Makes a depth 0 that is 1 and the only one of its thread, which has the first entry; false
    /// if that is not so.
    #[inline(always)]
    pub fn lessen_last(&self, l: &Locked, thread: Thread, what: Held) -> bool {
        match self.entries.first() {
            Some(entry)
                if entry.thread.get(l) == Some(thread) && entry.depths.get(l) == what as u32 =>
            {
                self.release(l, entry);
                true
            }
            _ => false,
        }
    }

    /// Makes a depth one smaller and returns it; `None` if it is 0.
    pub fn lessen(&self, l: &Locked, thread: Thread, what: Held) -> Option<u16> {
        let entry = self.search(l, Some(thread))?;
        let depths = entry.depths.get(l);
        let depth = what.of(depths).checked_sub(1)?;
        self.set_depths(l, entry, depths.wrapping_sub(what as u32));
        Some(depth)
    }

    /// Reads a depth.
    pub fn depth(&self, l: &Locked, thread: Thread, what: Held) -> u16 {
        self.search(l, Some(thread))
            .map_or(0, |entry| what.of(entry.depths.get(l)))
    }

    /// Sets a depth to 0 and returns what it was.
    pub fn clear(&self, l: &Locked, thread: Thread, what: Held) -> u16 {
        let Some(entry) = self.search(l, Some(thread)) else {
            return 0;
        };
        let depths = entry.depths.get(l);
        let depth = what.of(depths);
        let all = u32::from(depth).wrapping_mul(what as u32);
        self.set_depths(l, entry, depths.wrapping_sub(all));
        depth
    }

    fn search(&self, l: &Locked, thread: Option<Thread>) -> Option<&Entry> {
        self.entries
            .iter()
            .find(|entry| entry.thread.get(l) == thread)
    }

    fn set_depths(&self, l: &Locked, entry: &Entry, depths: u32) {
        entry.depths.set(l, depths);
        if depths == 0 {
            self.release(l, entry);
        }
    }

    #[inline(always)]
    fn release(&self, l: &Locked, entry: &Entry) {
        entry.thread.set(l, None);
        entry.depths.set(l, 0);
        self.add_used(l, u32::MAX);
    }

    #[inline(always)]
    fn add_used(&self, _: &Locked, number: u32) {
        let used = self.used.load(Ordering::Relaxed).wrapping_add(number);
        self.used.store(used, Ordering::Relaxed);
    }
}

impl<const MAX: usize> Default for Threads<MAX> {
    fn default() -> Self {
        Self::new()
    }
}
