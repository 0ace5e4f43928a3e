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
pub struct Threads<const MAX: usize> {
    entries: [Entry; MAX],
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
        }
    }

    /// Makes a depth one larger and returns it.
    pub fn deepen(&self, l: &Locked, thread: Thread, what: Held) -> Result<u16, DeepenError> {
        let entry = self
            .find(l, Some(thread))
            .or_else(|| self.find(l, None))
            .ok_or(DeepenError::TooManyThreads)?;
        let depth = entry
            .depth(what)
            .get(l)
            .checked_add(1)
            .ok_or(DeepenError::Overflow)?;
        entry.depth(what).set(l, depth);
        entry.thread.set(l, Some(thread));
        Ok(depth)
    }

    /// Makes a depth one smaller and returns it; `None` if it is 0.
    pub fn lessen(&self, l: &Locked, thread: Thread, what: Held) -> Option<u16> {
        let entry = self.find(l, Some(thread))?;
        let depth = entry.depth(what).get(l).checked_sub(1)?;
        entry.depth(what).set(l, depth);
        Self::release_unused(l, entry);
        Some(depth)
    }

    /// Reads a depth.
    pub fn depth(&self, l: &Locked, thread: Thread, what: Held) -> u16 {
        self.find(l, Some(thread))
            .map_or(0, |entry| entry.depth(what).get(l))
    }

    /// Sets a depth to 0 and returns what it was.
    pub fn clear(&self, l: &Locked, thread: Thread, what: Held) -> u16 {
        let Some(entry) = self.find(l, Some(thread)) else {
            return 0;
        };
        let depth = entry.depth(what).get(l);
        entry.depth(what).set(l, 0);
        Self::release_unused(l, entry);
        depth
    }

    #[inline(always)]
    fn find(&self, l: &Locked, thread: Option<Thread>) -> Option<&Entry> {
        self.entries
            .iter()
            .find(|entry| entry.thread.get(l) == thread)
    }

    fn release_unused(l: &Locked, entry: &Entry) {
        if entry.heap.get(l) == 0 && entry.regions.get(l) == 0 {
            entry.thread.set(l, None);
        }
    }
}

impl<const MAX: usize> Default for Threads<MAX> {
    fn default() -> Self {
        Self::new()
    }
}
