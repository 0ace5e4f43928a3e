// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! One first-in first-out queue for functions and tasks, and its counters.

#![forbid(unsafe_code)]

use crate::raw::{Damaged, Fifo, Function, Given, Guarded, Locked, Pool, Popped, Shown, TaskRef};

/// What became of a task that was scheduled.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Pushed {
    /// It was not queued before.
    New,
    /// It was queued already, and this call joined it.
    Joined,
}

/// Counters since boot; each wraps.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
#[repr(C)]
pub struct Stats {
    /// Functions and tasks that were queued.
    pub accepted: u32,
    /// Functions and tasks that have been started.
    pub run: u32,
    /// Functions that found the pool full.
    pub refused: u32,
    /// Calls that joined a queued task.
    pub coalesced: u32,
    /// Largest number of entries that were queued at once.
    pub high_water: u32,
    /// Longest run of one function, in cycles of the system's counter; 0 where it is not measured.
    pub longest_cycles: u32,
    /// Tasks that were taken back, and what a reset dropped: `accepted` less `run` less this is what is
    /// queued.
    pub cancelled: u32,
    /// Address of the function that had the longest run; 0 where it is not measured.
    pub longest_function: usize,
}

impl Stats {
    /// Functions and tasks that are queued.
    pub fn queued(&self) -> u32 {
        self.accepted
            .wrapping_sub(self.run)
            .wrapping_sub(self.cancelled)
    }
}

/// The queue, with a pool of slots.
pub struct Queue {
    length: Guarded<u32>,
    cancelled: Guarded<u32>,
    high_water: Guarded<u32>,
    run: Guarded<u32>,
    refused: Guarded<u32>,
    coalesced: Guarded<u32>,
    fifo: Fifo,
}

impl Queue {
    /// An empty queue. The pool is no other queue's.
    pub const fn new(pool: &'static Pool) -> Self {
        Queue {
            length: Guarded::new(0),
            cancelled: Guarded::new(0),
            high_water: Guarded::new(0),
            run: Guarded::new(0),
            refused: Guarded::new(0),
            coalesced: Guarded::new(0),
            fifo: Fifo::new(pool),
        }
    }

    /// Queues a function in a slot of the pool; gives it back if all are taken.
    #[inline]
    pub fn push<C: Function>(&self, l: &Locked, function: C) -> Result<(), C> {
        match self.fifo.push(l, function) {
            Ok(()) => {
                self.count_pushed(l);
                Ok(())
            }
            refused => {
                self.refused.increment(l);
                refused
            }
        }
    }

    /// Queues a task, unless it is queued already.
    #[inline]
    pub fn push_task(&self, l: &Locked, task: TaskRef) -> Pushed {
        if self.fifo.push_task(l, task) {
            self.count_pushed(l);
            Pushed::New
        } else {
            self.coalesced.increment(l);
            Pushed::Joined
        }
    }

    #[inline]
    fn count_pushed(&self, l: &Locked) {
        let length = self.length.get(l).wrapping_add(1);
        self.length.set(l, length);
        if length > self.high_water.get(l) {
            self.high_water.set(l, length);
        }
    }

    /// Whether a task has a function.
    #[inline]
    pub fn has_function(&self, l: &Locked, task: TaskRef) -> bool {
        self.fifo.has_function(l, task)
    }

    /// Whether a task is queued.
    pub fn is_queued(&self, l: &Locked, task: TaskRef) -> bool {
        self.fifo.is_queued(l, task)
    }

    /// Takes a task back; false if it is not queued.
    pub fn remove(&self, l: &Locked, task: TaskRef) -> bool {
        let removed = self.fifo.remove(l, task);
        self.count_removed(l, removed.into());
        removed
    }

    fn count_removed(&self, l: &Locked, count: u32) {
        self.length.subtract(l, count);
        self.cancelled.add(l, count);
    }

    /// Takes the first entry out, if the pass may run it; between [`Queue::begin_pass`] and
    /// [`Queue::end_pass`].
    ///
    /// # Errors
    ///
    /// [`Damaged`] if a task was overwritten; the queue goes on without it.
    #[inline(always)]
    pub fn pop(&self, l: &Locked) -> Result<Option<Popped>, Damaged> {
        self.take(l, &self.run)
    }

    /// Takes the first entry out and forgets it; false if there is none. A pass that has begun, and could
    /// run nothing yet, then runs nothing.
    ///
    /// # Errors
    ///
    /// See [`Queue::pop`].
    pub fn drop_first(&self, l: &Locked) -> Result<bool, Damaged> {
        self.end_pass(l);
        self.begin_pass(l);
        let dropped = self.take(l, &self.cancelled);
        self.end_pass(l);
        dropped.map(|taken| taken.is_some())
    }

    // A pass of either kind, and a reset, have a copy each; an image has one kind.
    #[inline(always)]
    fn take(&self, l: &Locked, counter: &Guarded<u32>) -> Result<Option<Popped>, Damaged> {
        let popped = self.fifo.pop(l);
        match &popped {
            Ok(Some(_)) => {
                counter.increment(l);
                self.length.subtract(l, 1);
            }
            Ok(None) => {}
            Err(Damaged) => {
                let lost = self.length.get(l).wrapping_sub(self.fifo.count(l));
                self.count_removed(l, lost);
            }
        }
        popped
    }

    /// Lets [`Queue::pop`] go as far as what is queued now.
    #[inline]
    pub fn begin_pass(&self, l: &Locked) {
        self.fifo.set_mark(l);
    }

    /// Ends what [`Queue::begin_pass`] began; tells whether all of it was popped.
    #[inline]
    pub fn end_pass(&self, l: &Locked) -> bool {
        self.fifo.clear_mark(l)
    }

    /// How many entries are queued.
    #[inline]
    pub fn length(&self, l: &Locked) -> u32 {
        self.length.get(l)
    }

    /// Whether nothing is queued.
    #[inline]
    pub fn is_empty(&self, l: &Locked) -> bool {
        self.length(l) == 0
    }

    /// See [`Fifo::given`].
    pub fn given(&self, l: &Locked, running: Shown) -> Given {
        self.fifo.given(l, running)
    }

    /// See [`Fifo::address`].
    pub fn address(&self, l: &Locked, run: Shown) -> usize {
        self.fifo.address(l, run)
    }

    /// See [`Fifo::visit`].
    pub fn visit(&self, l: &Locked, begin: bool) -> Option<Given> {
        self.fifo.visit(l, begin)
    }

    /// The counters.
    pub fn stats(&self, l: &Locked) -> Stats {
        Stats {
            accepted: self
                .run
                .get(l)
                .wrapping_add(self.cancelled.get(l))
                .wrapping_add(self.length.get(l)),
            run: self.run.get(l),
            refused: self.refused.get(l),
            coalesced: self.coalesced.get(l),
            high_water: self.high_water.get(l),
            longest_cycles: 0,
            cancelled: self.cancelled.get(l),
            longest_function: 0,
        }
    }
}
