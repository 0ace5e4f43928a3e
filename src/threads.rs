// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! What each thread holds: the depths of its heap lock and of its critical regions.
//!
//! An entry stands for a thread while one of its depths is not 0. The port says when a thread
//! ends, so no entry outlives its thread and a new thread starts at 0.

#![forbid(unsafe_code)]

use core::sync::atomic::{AtomicU32, AtomicUsize, Ordering};

pub use crate::port::THREADS;
use crate::port::{self, Guarded, Locked, Thread};

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
    /// Changed with the lock held, and read without it by [`Threads::find`].
    thread: AtomicUsize,
    /// Both depths, in units of [`Held`].
    depths: Guarded<u32>,
}

impl Entry {
    /// Of no thread.
    const FREE: usize = 0;

    #[inline(always)]
    fn is_of(&self, thread: Thread) -> bool {
        self.thread.load(Ordering::Relaxed) == thread.number()
    }
}

/// A thread's entry or a free one, as [`Threads::locked`] lends it.
#[derive(Clone, Copy)]
pub struct Place<'a> {
    entry: Option<&'a Entry>,
    is_own: bool,
}

/// Table of `MAX` threads.
///
/// Mostly one thread holds something at a time. It gets the first entry, which is looked at before
/// the others are searched.
///
/// The search takes the longer the larger the table is, so it goes on without the lock. It is
/// repeated if meanwhile an entry was taken or given back, which only an interrupt, another CPU or
/// a thread of higher priority can have done.
#[repr(C)]
pub struct Threads<const MAX: usize> {
    /// Number of entries that stand for a thread, and in the upper half how often that has changed;
    /// this wraps. Changed with the lock held, and read without it by allocation functions
    /// (glue/heap_refuse.h): a thread sees its own changes.
    used: AtomicU32,
    entries: [Entry; MAX],
}

/// One entry more, and one less, in units of `used`: each is a change.
const TAKEN: u32 = (1 << 16) + 1;
const GIVEN_BACK: u32 = (1 << 16) - 1;

impl<const MAX: usize> Threads<MAX> {
    /// An empty table.
    pub const fn new() -> Self {
        Threads {
            used: AtomicU32::new(0),
            entries: [const {
                Entry {
                    thread: AtomicUsize::new(Entry::FREE),
                    depths: Guarded::new(0),
                }
            }; MAX],
        }
    }

    /// Whether any thread holds something. The caller finds its own changes here without the lock.
    #[inline(always)]
    pub fn any(&self) -> bool {
        self.used.load(Ordering::Relaxed) as u16 != 0
    }

    /// Makes a depth 1 where nobody holds anything; false if somebody does.
    #[inline(always)]
    pub fn deepen_first(&self, l: &Locked, thread: Thread, what: Held) -> bool {
        match self.entries.first() {
            Some(entry) if !self.any() => {
                self.take(l, entry, thread);
                entry.depths.set(l, what as u32);
                true
            }
            _ => false,
        }
    }

    /// Makes a depth 0 that is 1 and the only one of its thread, which has the first entry; false
    /// if that is not so.
    #[inline(always)]
    pub fn lessen_last(&self, l: &Locked, thread: Thread, what: Held) -> bool {
        match self.entries.first() {
            Some(entry) if entry.is_of(thread) && entry.depths.get(l) == what as u32 => {
                self.give_back(l, entry);
                true
            }
            _ => false,
        }
    }

    /// Runs `f` with the lock held, and shows it a thread's place, for the functions below.
    #[inline(always)]
    pub fn locked<R>(&self, thread: Thread, f: impl Fn(&Locked, Place<'_>) -> R) -> R {
        loop {
            let before = self.used.load(Ordering::Relaxed);
            let place = self.find(thread);
            let result = port::locked(|l| {
                let unchanged = self.used.load(Ordering::Relaxed) == before;
                (unchanged && place.is_right()).then(|| f(l, place))
            });
            if let Some(result) = result {
                return result;
            }
        }
    }

    /// Makes a depth one larger and returns it.
    #[inline(always)]
    pub fn deepen(
        &self,
        l: &Locked,
        place: Place<'_>,
        thread: Thread,
        what: Held,
    ) -> Result<u16, DeepenError> {
        let entry = place.entry.ok_or(DeepenError::TooManyThreads)?;
        if !place.is_own {
            self.take(l, entry, thread);
        }
        let depths = entry.depths.get(l);
        let depth = what
            .of(depths)
            .checked_add(1)
            .ok_or(DeepenError::Overflow)?;
        entry.depths.set(l, depths.wrapping_add(what as u32));
        Ok(depth)
    }

    /// Makes a depth one smaller and returns it; `None` if it is 0.
    #[inline(always)]
    pub fn lessen(&self, l: &Locked, place: Place<'_>, what: Held) -> Option<u16> {
        let entry = place.own()?;
        let depths = entry.depths.get(l);
        let depth = what.of(depths).checked_sub(1)?;
        self.set_depths(l, entry, depths.wrapping_sub(what as u32));
        Some(depth)
    }

    /// Reads a depth.
    #[inline(always)]
    pub fn depth(&self, l: &Locked, place: Place<'_>, what: Held) -> u16 {
        place.own().map_or(0, |entry| what.of(entry.depths.get(l)))
    }

    /// Sets a depth to 0 and returns what it was.
    #[inline(always)]
    pub fn clear(&self, l: &Locked, place: Place<'_>, what: Held) -> u16 {
        let Some(entry) = place.own() else {
            return 0;
        };
        let depths = entry.depths.get(l);
        let depth = what.of(depths);
        let all = u32::from(depth).wrapping_mul(what as u32);
        self.set_depths(l, entry, depths.wrapping_sub(all));
        depth
    }

    #[inline(never)]
    fn find(&self, thread: Thread) -> Place<'_> {
        let mut free = None;
        for entry in &self.entries {
            if entry.is_of(thread) {
                return Place {
                    entry: Some(entry),
                    is_own: true,
                };
            }
            if free.is_none() && entry.thread.load(Ordering::Relaxed) == Entry::FREE {
                free = Some(entry);
            }
        }
        Place {
            entry: free,
            is_own: false,
        }
    }

    #[inline(always)]
    fn set_depths(&self, l: &Locked, entry: &Entry, depths: u32) {
        entry.depths.set(l, depths);
        if depths == 0 {
            self.give_back(l, entry);
        }
    }

    #[inline(always)]
    fn take(&self, l: &Locked, entry: &Entry, thread: Thread) {
        entry.thread.store(thread.number(), Ordering::Relaxed);
        self.add_used(l, TAKEN);
    }

    #[inline(always)]
    fn give_back(&self, l: &Locked, entry: &Entry) {
        entry.thread.store(Entry::FREE, Ordering::Relaxed);
        entry.depths.set(l, 0);
        self.add_used(l, GIVEN_BACK);
    }

    #[inline(always)]
    fn add_used(&self, _: &Locked, number: u32) {
        let used = self.used.load(Ordering::Relaxed).wrapping_add(number);
        self.used.store(used, Ordering::Relaxed);
    }
}

impl<'a> Place<'a> {
    /// Whether a free entry is free. Without the lock it may have seemed so, to a CPU that did not
    /// see yet what another one did; its own entry a thread sees as it is.
    #[inline(always)]
    fn is_right(self) -> bool {
        self.is_own
            || self
                .entry
                .is_none_or(|entry| entry.thread.load(Ordering::Relaxed) == Entry::FREE)
    }

    #[inline(always)]
    fn own(self) -> Option<&'a Entry> {
        self.entry.filter(|_| self.is_own)
    }
}

impl<const MAX: usize> Default for Threads<MAX> {
    fn default() -> Self {
        Self::new()
    }
}
