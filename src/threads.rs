// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! What each thread holds: the depths of its heap lock and of its critical regions.
//!
//! An entry stands for a thread while one of its depths is not 0. The port says when a thread
//! ends, so no entry outlives its thread and a new thread starts at 0.

#![forbid(unsafe_code)]

use crate::config;
use crate::port::{Guarded, Locked, Thread};

/// What can be held.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Held {
    /// The heap lock.
    Heap,
    /// Critical regions.
    Regions,
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
    heap: Guarded<u16>,
    regions: Guarded<u16>,
}

impl Entry {
    #[inline(always)]
    fn depth(&self, what: Held) -> &Guarded<u16> {
        match what {
            Held::Heap => &self.heap,
            Held::Regions => &self.regions,
        }
    }
}

/// The one table.
pub static THREADS: Threads<{ config::THREADS_MAX }> = Threads::new();

/// Table of `MAX` threads.
///
/// Mostly one thread holds something at a time. It gets the first entry, which is looked at before
/// the others are searched.
pub struct Threads<const MAX: usize> {
    entries: [Entry; MAX],
    used: Guarded<u16>,
}

impl<const MAX: usize> Threads<MAX> {
    /// An empty table.
    pub const fn new() -> Self {
        Threads {
            entries: [const {
                Entry {
                    thread: Guarded::new(None),
                    heap: Guarded::new(0),
                    regions: Guarded::new(0),
                }
            }; MAX],
            used: Guarded::new(0),
        }
    }

    /// Makes a depth one larger and returns it.
    pub fn deepen(&self, l: &Locked, thread: Thread, what: Held) -> Result<u16, DeepenError> {
        let entry = match self.find(l, thread) {
            Some(entry) => entry,
            None => {
                let entry = self.find_free(l).ok_or(DeepenError::TooManyThreads)?;
                entry.thread.set(l, Some(thread));
                self.used.set(l, self.used.get(l).wrapping_add(1));
                entry
            }
        };
        let depth = entry
            .depth(what)
            .get(l)
            .checked_add(1)
            .ok_or(DeepenError::Overflow)?;
        entry.depth(what).set(l, depth);
        Ok(depth)
    }

    /// Makes a depth one smaller and returns it; `None` if it is 0.
    pub fn lessen(&self, l: &Locked, thread: Thread, what: Held) -> Option<u16> {
        let entry = self.find(l, thread)?;
        let depth = entry.depth(what).get(l).checked_sub(1)?;
        entry.depth(what).set(l, depth);
        self.release_unused(l, entry);
        Some(depth)
    }

    /// Reads a depth.
    pub fn depth(&self, l: &Locked, thread: Thread, what: Held) -> u16 {
        self.find(l, thread)
            .map_or(0, |entry| entry.depth(what).get(l))
    }

    /// Sets a depth to 0 and returns what it was.
    pub fn clear(&self, l: &Locked, thread: Thread, what: Held) -> u16 {
        let Some(entry) = self.find(l, thread) else {
            return 0;
        };
        let depth = entry.depth(what).get(l);
        entry.depth(what).set(l, 0);
        self.release_unused(l, entry);
        depth
    }

    #[inline(always)]
    fn find(&self, l: &Locked, thread: Thread) -> Option<&Entry> {
        let first = self.entries.first()?;
        if first.thread.get(l) == Some(thread) {
            return Some(first);
        }
        if self.used.get(l) == 0 {
            return None;
        }
        self.search(l, Some(thread))
    }

    #[inline(always)]
    fn find_free(&self, l: &Locked) -> Option<&Entry> {
        if self.used.get(l) == 0 {
            return self.entries.first();
        }
        self.search(l, None)
    }

    #[cold]
    fn search(&self, l: &Locked, thread: Option<Thread>) -> Option<&Entry> {
        self.entries
            .iter()
            .find(|entry| entry.thread.get(l) == thread)
    }

    #[inline(always)]
    fn release_unused(&self, l: &Locked, entry: &Entry) {
        if entry.heap.get(l) == 0 && entry.regions.get(l) == 0 {
            entry.thread.set(l, None);
            self.used.set(l, self.used.get(l).wrapping_sub(1));
        }
    }
}

impl<const MAX: usize> Default for Threads<MAX> {
    fn default() -> Self {
        Self::new()
    }
}
