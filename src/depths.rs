// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! How deep each thread holds one thing: the heap lock, or critical regions.
//!
//! ```text
//!               take                 unfold
//!   nobody ------------> one thread, ---------> table
//!    ^  ^                one level               |
//!    |  `--- give_back ------'                   |
//!    `------------- nothing is in it ------------'
//! ```
//!
//! Nearly always nobody holds it, or one thread one level. That is in one word, which one exchange
//! changes without the lock. All else is in a table, which is changed with the lock held; while it
//! is in use, the exchanges fail.
//!
//! The port says when a thread ends, so nothing is held by a thread that is no more, and a new
//! thread starts at 0.

#![forbid(unsafe_code)]

use core::sync::atomic::{AtomicUsize, Ordering};

use crate::port::{self, Thread, Word};
use crate::raw::{Guarded, Locked};

/// What can be done to a depth.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Change {
    /// Make it one larger.
    Deepen,
    /// Make it one smaller.
    Lessen,
    /// Make it 0.
    Clear,
}

impl Change {
    /// The depth afterwards.
    #[inline(always)]
    pub fn of(self, depth: u16) -> Result<u16, DepthError> {
        match self {
            Change::Deepen => depth.checked_add(1).ok_or(DepthError::Overflow),
            Change::Lessen => depth.checked_sub(1).ok_or(DepthError::Zero),
            Change::Clear => Ok(0),
        }
    }
}

/// Why a depth was not changed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DepthError {
    /// It is `u16::MAX`.
    Overflow,
    /// It is 0.
    Zero,
    /// It is 0, and the table has no free entry.
    TooManyThreads,
}

/// An entry of the table: of a thread while its depth is not 0.
struct Entry {
    /// Changed with the lock held, and read without it by [`Depths::find`].
    thread: AtomicUsize,
    depth: Guarded<u16>,
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

/// Where a thread stands in the table.
#[derive(Clone, Copy)]
enum Place<'a> {
    /// In this entry.
    Own(&'a Entry),
    /// Nowhere; this entry is free.
    Free(&'a Entry),
    /// Nowhere, and no entry is free.
    None,
}

/// What a search without the lock has found.
struct Found<'a> {
    thread: Thread,
    place: Place<'a>,
    /// The count of taken entries when it began.
    taken: usize,
}

impl<'a> Found<'a> {
    /// The place, if it is right still.
    ///
    /// A thread that had no entry has none, and an entry that was free is free, if none was taken since:
    /// neither by a thread, nor for it, by [`Depths::unfold`].
    #[inline(always)]
    fn check<const MAX: usize>(&self, depths: &Depths<MAX>, _: &Locked) -> Option<Place<'a>> {
        let right = match self.place {
            Place::Own(entry) => entry.is_of(self.thread),
            Place::Free(_) | Place::None => depths.taken.load(Ordering::Relaxed) == self.taken,
        };
        right.then_some(self.place)
    }
}

/// The depths of all threads, `MAX` of which can be in the table at once.
///
/// The search takes the longer the larger the table is, so it goes on without the lock, and is
/// repeated if what it has found is not right any more. That of a thread's place is changed by the
/// thread alone and by what interrupts it.
#[repr(C)]
pub struct Depths<const MAX: usize> {
    /// [`NOBODY`], [`TABLE`], or the number of the one thread that holds one level, which is odd.
    /// Allocation functions look at it (glue/heap_refuse.h): a thread sees its own changes.
    word: Word,
    /// [`HOLD`] for each entry in use. The owner of the depths may add of its own what is to keep it
    /// from being 0.
    pub holds: Guarded<u32>,
    /// How often an entry was taken; wraps. Changed with the lock held, and read without it: who reads
    /// it sees the entries that it counts.
    taken: AtomicUsize,
    entries: [Entry; MAX],
}

/// What one thread adds to [`Depths::holds`].
pub const HOLD: u32 = 2;

const NOBODY: usize = 0;
const TABLE: usize = 2;

impl<const MAX: usize> Depths<MAX> {
    /// Nobody holds anything.
    pub const fn new() -> Self {
        Depths {
            word: Word::new(NOBODY),
            holds: Guarded::new(0),
            taken: AtomicUsize::new(0),
            entries: [const {
                Entry {
                    thread: AtomicUsize::new(Entry::FREE),
                    depth: Guarded::new(0),
                }
            }; MAX],
        }
    }

    /// Whether any thread may hold something. The caller finds its own changes here.
    #[inline(always)]
    pub fn any(&self) -> bool {
        self.word.get() != NOBODY
    }

    /// Makes a depth 1 where nobody holds anything; false if somebody does, or by mere chance: then
    /// [`Depths::change`] is the way.
    #[inline(always)]
    pub fn take(&self, thread: Thread) -> bool {
        self.word.take(thread.number())
    }

    /// Makes a depth 0 that is 1, and the only one; false if that is not so, or by mere chance: then
    /// [`Depths::change`] is the way.
    #[inline(always)]
    pub fn give_back(&self, thread: Thread) -> bool {
        self.word.give_back(thread.number())
    }

    /// Reads the depth of the calling thread, or of one that has ended.
    #[inline(always)]
    pub fn depth(&self, thread: Thread) -> u16 {
        match self.word.get() {
            TABLE => self.depth_in_table(thread),
            word => u16::from(word == thread.number()),
        }
    }

    #[inline(never)]
    fn depth_in_table(&self, thread: Thread) -> u16 {
        // Another CPU may be about to put it there.
        port::locked(|_| ());
        match self.find(thread) {
            Place::Own(entry) => port::locked(|l| {
                if entry.is_of(thread) {
                    entry.depth.get(l)
                } else {
                    0
                }
            }),
            _ => 0,
        }
    }

    #[inline(always)]
    fn in_table(&self) -> bool {
        self.word.get() == TABLE
    }

    /// Puts what the word says into the table, which is then in use until [`Depths::fold`].
    #[inline(always)]
    pub fn unfold(&self, l: &Locked) {
        let word = self.word.replace(l, TABLE);
        if let (true, Some(entry)) = (word & 1 != 0, self.entries.first()) {
            self.fill(l, entry, word);
        }
    }

    /// Leaves the table, if nothing is in it.
    #[inline(always)]
    pub fn fold(&self, l: &Locked) {
        if self.holds.get(l) == 0 && self.in_table() {
            self.word.replace(l, NOBODY);
        }
    }

    /// Changes the depth of the calling thread, or of one that has ended, in the table. Whoever calls
    /// it lets [`Depths::fold`] follow. Each takes the lock anew, so that it is never held long.
    #[inline(never)]
    pub fn change(&self, thread: Thread, change: Change) -> Result<(), DepthError> {
        loop {
            if !self.in_table() {
                port::locked(|l| self.unfold(l));
            }
            let found = self.search(thread);
            let changed = port::locked(|l| {
                let place = found.check(self, l).filter(|_| self.in_table());
                place.map(|place| self.change_at(l, place, thread, change))
            });
            if let Some(result) = changed {
                return result;
            }
        }
    }

    #[inline(always)]
    fn change_at(
        &self,
        l: &Locked,
        place: Place<'_>,
        thread: Thread,
        change: Change,
    ) -> Result<(), DepthError> {
        match place {
            Place::Own(entry) => {
                let depth = change.of(entry.depth.get(l))?;
                entry.depth.set(l, depth);
                if depth == 0 {
                    entry.thread.store(Entry::FREE, Ordering::Relaxed);
                    self.holds.set(l, self.holds.get(l).wrapping_sub(HOLD));
                }
                Ok(())
            }
            _ if change != Change::Deepen => Err(DepthError::Zero),
            Place::Free(entry) => {
                self.fill(l, entry, thread.number());
                Ok(())
            }
            Place::None => Err(DepthError::TooManyThreads),
        }
    }

    #[inline(always)]
    fn search(&self, thread: Thread) -> Found<'_> {
        let taken = self.taken.load(Ordering::Acquire);
        Found {
            thread,
            taken,
            place: self.find(thread),
        }
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

    #[inline(always)]
    fn fill(&self, l: &Locked, entry: &Entry, number: usize) {
        entry.thread.store(number, Ordering::Relaxed);
        entry.depth.set(l, 1);
        self.holds.set(l, self.holds.get(l).wrapping_add(HOLD));
        let taken = self.taken.load(Ordering::Relaxed).wrapping_add(1);
        self.taken.store(taken, Ordering::Release);
    }
}

impl<const MAX: usize> Default for Depths<MAX> {
    fn default() -> Self {
        Self::new()
    }
}
