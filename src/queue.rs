// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! One first-in first-out queue for functions and tasks.
//!
//! The entries form a ring of nodes that is known by its last one: `last.next` is the first. A
//! node is queued exactly while its `next` is set. Nodes are either the pool's slots or belong to
//! a task; both stand in the same ring, so there is one order.
//!
//! The pool hands its slots out in turn. As the queue is first-in first-out they also come back
//! in turn, so the slot whose turn it is is free, or the pool is full. A slot is free exactly
//! while it has no function: freeing it forgets function and argument.

#![forbid(unsafe_code)]

use core::ptr;

use crate::port::{Callback, Guarded, Locked};

/// An entry: a slot of the pool, or a task's own. `struct micrort_task` in C.
#[repr(C)]
pub struct Node {
    next: Guarded<Option<&'static Node>>,
    callback: Guarded<Callback>,
}

impl Node {
    /// An entry that is not queued.
    pub const fn new(callback: Callback) -> Self {
        Node {
            next: Guarded::new(None),
            callback: Guarded::new(callback),
        }
    }

    /// What a run of this entry calls.
    pub fn callback(&self, l: &Locked) -> Callback {
        self.callback.get(l)
    }
}

/// The pool has no free slot.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Full;

/// What became of a task that was pushed.
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
}

/// The queue, with a pool of `SLOTS` slots.
pub struct Queue<const SLOTS: usize> {
    last: Guarded<Option<&'static Node>>,
    accepted: Guarded<u32>,
    run: Guarded<u32>,
    refused: Guarded<u32>,
    coalesced: Guarded<u32>,
    high_water: Guarded<u32>,
    turn: Guarded<usize>,
    slots: [Node; SLOTS],
}

impl<const SLOTS: usize> Queue<SLOTS> {
    /// An empty queue.
    pub const fn new() -> Self {
        Queue {
            last: Guarded::new(None),
            accepted: Guarded::new(0),
            run: Guarded::new(0),
            refused: Guarded::new(0),
            coalesced: Guarded::new(0),
            high_water: Guarded::new(0),
            turn: Guarded::new(0),
            slots: [const { Node::new(Callback::NONE) }; SLOTS],
        }
    }

    /// Queues a function in a slot of the pool.
    #[inline(always)]
    pub fn push(&'static self, l: &Locked, callback: Callback) -> Result<(), Full> {
        let turn = self.turn.get(l);
        let slot = match self.slots.get(turn) {
            Some(slot) if !slot.callback.get(l).is_some() => slot,
            _ => {
                self.refused.increment(l);
                return Err(Full);
            }
        };
        let after = turn.wrapping_add(1);
        self.turn.set(l, if after < SLOTS { after } else { 0 });
        slot.callback.set(l, callback);
        self.append(l, slot);
        Ok(())
    }

    /// Queues a task, unless it is queued already.
    #[inline(always)]
    pub fn push_task(&'static self, l: &Locked, task: &'static Node, callback: Callback) -> Pushed {
        if task.next.get(l).is_some() {
            self.coalesced.increment(l);
            return Pushed::Joined;
        }
        task.callback.set(l, callback);
        self.append(l, task);
        Pushed::New
    }

    /// Takes the first entry out. Its node is free before its function runs.
    #[inline(always)]
    pub fn pop(&'static self, l: &Locked) -> Option<Callback> {
        let last = self.last.get(l)?;
        let first = last.next.get(l)?;
        self.note_length(l);
        if ptr::eq(first, last) {
            self.last.set(l, None);
        } else {
            last.next.set(l, first.next.get(l));
        }
        first.next.set(l, None);
        self.run.increment(l);
        let callback = first.callback.get(l);
        if self.slots.as_ptr_range().contains(&ptr::from_ref(first)) {
            first.callback.set(l, Callback::NONE);
        }
        Some(callback)
    }

    /// Number of entries that are queued.
    #[inline(always)]
    pub fn len(&self, l: &Locked) -> u32 {
        self.accepted.get(l).wrapping_sub(self.run.get(l))
    }

    /// Whether nothing is queued.
    #[inline(always)]
    pub fn is_empty(&self, l: &Locked) -> bool {
        self.last.get(l).is_none()
    }

    /// The counters.
    pub fn stats(&self, l: &Locked) -> Stats {
        self.note_length(l);
        Stats {
            accepted: self.accepted.get(l),
            run: self.run.get(l),
            refused: self.refused.get(l),
            coalesced: self.coalesced.get(l),
            high_water: self.high_water.get(l),
            longest_cycles: 0,
        }
    }

    #[inline(always)]
    fn append(&'static self, l: &Locked, node: &'static Node) {
        match self.last.get(l) {
            Some(last) => {
                node.next.set(l, last.next.get(l));
                last.next.set(l, Some(node));
            }
            None => node.next.set(l, Some(node)),
        }
        self.last.set(l, Some(node));
        self.accepted.increment(l);
    }

    /// The queue shrinks only in `pop`, so its peaks are all seen by looking just before, and when
    /// the counters are read; `push` need not look.
    #[inline(always)]
    fn note_length(&self, l: &Locked) {
        let length = self.len(l);
        if length > self.high_water.get(l) {
            self.high_water.set(l, length);
        }
    }
}

impl<const SLOTS: usize> Default for Queue<SLOTS> {
    fn default() -> Self {
        Self::new()
    }
}
