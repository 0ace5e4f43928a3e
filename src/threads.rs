// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! What each thread holds: the depths of its heap lock and of its critical regions.
//!
//! An entry stands for a thread while one of its depths is not 0. The port says when a thread
//! ends, so no entry outlives its thread and a new thread starts at 0.

#![forbid(unsafe_code)]

use core::sync::atomic::{AtomicU16, AtomicUsize, Ordering};

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

/// An entry.
pub struct Entry {
    /// Changed with the lock held, and read without it by [`Threads::find`].
    thread: AtomicUsize,
    /// Both depths, in units of [`Held`]. Of a free entry they mean nothing.
    depths: Guarded<u32>,
}

impl Entry {
    /// Of no thread.
    const FREE: usize = 0;

    #[inline(always)]
    fn is_of(&self, thread: Thread) -> bool {
        self.thread.load(Ordering::Relaxed) == thread.number()
    }

    #[inline(always)]
    fn is_free(&self) -> bool {
        self.thread.load(Ordering::Relaxed) == Entry::FREE
    }
}

/// Where a thread stands in the table, as [`Threads::locked`] lends it.
#[derive(Clone, Copy)]
pub enum Place<'a> {
    /// In this entry.
    Own(&'a Entry),
    /// Nowhere; this entry is free.
    Free(&'a Entry),
    /// Nowhere, and no entry is free.
    None,
}

impl<'a> Place<'a> {
    #[inline(always)]
    fn own(self) -> Option<&'a Entry> {
        match self {
            Place::Own(entry) => Some(entry),
            _ => None,
        }
    }
}

/// Table of `MAX` threads.
///
/// Mostly one thread holds something at a time. It gets the first entry, which is looked at before
/// the others are searched.
///
/// The search takes the longer the larger the table is, so it goes on without the lock, and is
/// repeated if what it has found is not right any more. That of a thread's place is changed by the
/// thread alone and by what interrupts it.
#[repr(C)]
pub struct Threads<const MAX: usize> {
    /// Number of entries that stand for a thread. Changed with the lock held, and read without it
    /// by allocation functions (glue/heap_refuse.h): a thread sees its own changes.
    used: AtomicU16,
    /// How often [`Threads::deepen`] has taken an entry; wraps. Changed with the lock held.
    taken: AtomicU16,
    entries: [Entry; MAX],
}

impl<const MAX: usize> Threads<MAX> {
    /// An empty table.
    pub const fn new() -> Self {
        Threads {
            used: AtomicU16::new(0),
            taken: AtomicU16::new(0),
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
        self.used.load(Ordering::Relaxed) != 0
    }

    /// Makes a depth 1 where nobody holds anything; false if somebody does.
    #[inline(always)]
    pub fn deepen_first(&self, l: &Locked, thread: Thread, what: Held) -> bool {
        match self.entries.first() {
            Some(entry) if !self.any() => {
                entry.thread.store(thread.number(), Ordering::Relaxed);
                entry.depths.set(l, what as u32);
                self.used.store(1, Ordering::Relaxed);
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

    /// Whether a depth is not 0 of the thread that has the first entry, which is this one.
    #[inline(always)]
    pub fn holds_first(&self, l: &Locked, thread: Thread, what: Held) -> bool {
        self.entries
            .first()
            .is_some_and(|entry| entry.is_of(thread) && what.of(entry.depths.get(l)) != 0)
    }

    /// Runs `f` with the lock held, and shows it a thread's place, for the functions below.
    #[inline(always)]
    pub fn locked<R>(&self, thread: Thread, f: impl Fn(&Locked, Place<'_>) -> R) -> R {
        loop {
            let taken = self.taken.load(Ordering::Relaxed);
            let place = self.find(thread);
            let result =
                port::locked(|l| self.is_right(l, place, thread, taken).then(|| f(l, place)));
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
        match place {
            Place::Own(entry) => {
                let depths = entry.depths.get(l);
                let depth = what.of(depths).checked_add(1);
                let depth = depth.ok_or(DeepenError::Overflow)?;
                entry.depths.set(l, depths.wrapping_add(what as u32));
                Ok(depth)
            }
            Place::Free(entry) => {
                entry.thread.store(thread.number(), Ordering::Relaxed);
                entry.depths.set(l, what as u32);
                self.add_used(l, 1);
                let taken = self.taken.load(Ordering::Relaxed).wrapping_add(1);
                self.taken.store(taken, Ordering::Relaxed);
                Ok(1)
            }
            Place::None => Err(DeepenError::TooManyThreads),
        }
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
        let mut place = Place::None;
        for entry in self.entries.iter().rev() {
            if entry.is_of(thread) {
                return Place::Own(entry);
            }
            if entry.is_free() {
                place = Place::Free(entry);
            }
        }
        place
    }

    /// Whether a place is right that was found when `taken` was this.
    ///
    /// If the thread had no entry, none was taken for it since then: not by [`Threads::deepen`],
    /// which would have counted it, nor by [`Threads::deepen_first`], which takes the first one.
    #[inline(always)]
    fn is_right(&self, _: &Locked, place: Place<'_>, thread: Thread, taken: u16) -> bool {
        match place {
            Place::Own(entry) => entry.is_of(thread),
            Place::Free(entry) if !entry.is_free() => false,
            _ => {
                self.taken.load(Ordering::Relaxed) == taken
                    && !self
                        .entries
                        .first()
                        .is_some_and(|entry| entry.is_of(thread))
            }
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
    fn give_back(&self, l: &Locked, entry: &Entry) {
        entry.thread.store(Entry::FREE, Ordering::Relaxed);
        self.add_used(l, u16::MAX);
    }

    #[inline(always)]
    fn add_used(&self, _: &Locked, number: u16) {
        let used = self.used.load(Ordering::Relaxed).wrapping_add(number);
        self.used.store(used, Ordering::Relaxed);
    }
}

impl<const MAX: usize> Default for Threads<MAX> {
    fn default() -> Self {
        Self::new()
    }
}
