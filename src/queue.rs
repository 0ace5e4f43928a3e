// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! One first-in first-out queue for functions and tasks.
//!
//! The entries form a list of nodes, from `head`. `tail` is the link that the next entry goes to:
//! the last one's, or `head` of an empty queue. Nodes are either the pool's slots or belong to a
//! task; both stand in the same list, so there is one order. A task is queued exactly while its
//! `next` is set: to itself, until another entry follows. (That of a last slot means nothing.)
//!
//! A queue that nobody looks after can be made *quiet*: then it has no `tail`, and whoever pushes to
//! it, or joins a task in it, is told so. Thus a push to a queue that somebody looks after asks no
//! further question.
//!
//! The pool's free slots form a list of their own. A free slot has no function: freeing it forgets function and argument.

#![forbid(unsafe_code)]

use core::mem::size_of_val;
use core::ptr;

use crate::raw::{Callback, Guarded, Locked};

/// A link to an entry.
type Link = Guarded<Option<&'static Node>>;

/// An entry: a slot of the pool, or a task's own. `struct micrort_task` in C.
#[repr(C)]
pub struct Node {
    next: Link,
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

/// Why there is no slot.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NoSlot {
    /// The pool is full; the refusal was counted.
    Full,
    /// Not all slots are linked yet: one more [`Queue::link_slot`], and it can be tried again.
    Unlinked,
}

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

/// A place in the order of entries: behind the one that was last when it was taken.
#[derive(Clone, Copy)]
pub struct Mark(&'static Link);

/// An entry that was taken out.
pub struct Popped {
    /// What to call.
    pub callback: Callback,
    /// The entry's own link; it goes with a [`Mark`].
    link: &'static Link,
}

impl Popped {
    /// Whether the mark stands behind this entry.
    #[inline(always)]
    pub fn is_before(&self, mark: Mark) -> bool {
        ptr::eq(self.link, mark.0)
    }
}

/// The queue, with a pool of `SLOTS` slots.
#[repr(C)]
pub struct Queue<const SLOTS: usize> {
    free: Link,
    head: Link,
    tail: Guarded<Option<&'static Link>>,
    accepted: Guarded<u32>,
    /// The number of entries that have been started, and `high_water` on top: one comparison with
    /// `accepted` tells whether the queue is longer than ever.
    run_and_peak: Guarded<u32>,
    high_water: Guarded<u32>,
    coalesced: Guarded<u32>,
    /// The `tail` of a quiet queue that is not empty; none of one that is.
    quiet_tail: Guarded<Option<&'static Link>>,
    /// How many slots were free once, from the first one on.
    linked: Guarded<usize>,
    /// One more than the number of refusals, once all slots are linked; it wraps. 0 leads to
    /// [`Queue::link_slot`].
    refused_and_one: Guarded<u32>,
    /// Last, so that the way to the others is as short with many slots as with few.
    slots: [Node; SLOTS],
}

impl<const SLOTS: usize> Queue<SLOTS> {
    /// An empty, quiet queue.
    pub const fn new() -> Self {
        Queue {
            free: Guarded::new(None),
            head: Guarded::new(None),
            tail: Guarded::new(None),
            accepted: Guarded::new(0),
            run_and_peak: Guarded::new(0),
            high_water: Guarded::new(0),
            coalesced: Guarded::new(0),
            quiet_tail: Guarded::new(None),
            linked: Guarded::new(0),
            refused_and_one: Guarded::new(0),
            slots: [const { Node::new(Callback::NONE) }; SLOTS],
        }
    }

    /// Queues a function in a slot of the pool; tells whether the queue was quiet.
    #[inline(always)]
    pub fn push(&'static self, l: &Locked, callback: Callback) -> Result<bool, NoSlot> {
        let Some(slot) = self.free.get(l) else {
            let refused_and_one = self.refused_and_one.get(l);
            if refused_and_one == 0 {
                return Err(NoSlot::Unlinked);
            }
            self.refused_and_one.set(l, refused_and_one.wrapping_add(1));
            return Err(NoSlot::Full);
        };
        slot.callback.set(l, callback);
        self.free.set(l, slot.next.get(l));
        Ok(self.append(l, slot))
    }

    /// Makes one more of the pool's slots free, the first time: a constant cannot, because they
    /// point to each other. One at a time, so that the lock is held for a constant time.
    pub fn link_slot(&'static self, l: &Locked) {
        let linked = self.linked.get(l);
        if let Some(slot) = self.slots.get(linked) {
            slot.next.set(l, self.free.get(l));
            self.free.set(l, Some(slot));
            self.linked.set(l, linked + 1);
        } else if self.refused_and_one.get(l) == 0 {
            self.refused_and_one.set(l, 1);
        }
    }

    /// Whether a task is queued already; if so, this call is counted as one that joined it.
    #[inline(always)]
    pub fn joins(&self, l: &Locked, task: &Node) -> bool {
        let queued = task.next.get(l).is_some();
        if queued {
            self.coalesced.increment(l);
        }
        queued
    }

    /// [`Queue::joins`] without the lock, unless the queue is quiet. False says nothing.
    #[inline(always)]
    pub fn joins_at_once(&self, task: &Node) -> bool {
        self.coalesced.increment_if_set(&task.next, &self.tail)
    }

    /// Queues a task that is not queued; tells whether the queue was quiet.
    #[inline(always)]
    pub fn push_task(&'static self, l: &Locked, task: &'static Node, callback: Callback) -> bool {
        task.callback.set(l, callback);
        task.next.set(l, Some(task));
        self.append(l, task)
    }

    /// Takes the first entry out. Its node is free before its function runs. The queue is empty or
    /// not quiet.
    #[inline(always)]
    pub fn pop(&'static self, l: &Locked) -> Option<Popped> {
        let first = self.head.get(l)?;
        self.count_run(l);
        let last = self.tail.get(l);
        if last.is_some_and(|link| ptr::eq(link, &first.next)) {
            self.emptied(l);
        } else {
            self.head.set(l, first.next.get(l));
        }
        let callback = first.callback.get(l);
        if self.is_slot(first) {
            first.callback.set(l, Callback::NONE);
            first.next.set(l, self.free.get(l));
            self.free.set(l, Some(first));
        } else {
            first.next.set(l, None);
        }
        Some(Popped {
            callback,
            link: &first.next,
        })
    }

    /// Marks the end of what is queued now, which is then not quiet; none if the queue is quiet and
    /// empty.
    #[inline(always)]
    pub fn mark(&self, l: &Locked) -> Option<Mark> {
        self.disturb(l);
        self.tail.get(l).map(Mark)
    }

    /// Makes the queue not quiet, unless it is empty.
    #[inline(always)]
    pub fn disturb(&self, l: &Locked) {
        if self.is_quiet(l) {
            self.tail.set(l, self.quiet_tail.get(l));
        }
    }

    /// Whether nothing is queued.
    #[inline(always)]
    pub fn is_empty(&self, l: &Locked) -> bool {
        self.head.get(l).is_none()
    }

    /// Whether the queue is quiet.
    #[inline(always)]
    pub fn is_quiet(&self, l: &Locked) -> bool {
        self.tail.get(l).is_none()
    }

    /// Makes the queue quiet.
    #[inline(always)]
    pub fn quieten(&self, l: &Locked) {
        if self.is_empty(l) {
            self.tail.set(l, None);
            self.quiet_tail.set(l, None);
        } else if !self.is_quiet(l) {
            self.park(l);
        }
    }

    /// Makes a queue quiet that is neither quiet nor empty.
    #[inline(always)]
    pub fn park(&self, l: &Locked) {
        self.quiet_tail.set(l, self.tail.get(l));
        self.tail.set(l, None);
    }

    /// The counters.
    pub fn stats(&self, l: &Locked) -> Stats {
        self.note_peak(l);
        let high_water = self.high_water.get(l);
        Stats {
            accepted: self.accepted.get(l),
            run: self.run_and_peak.get(l).wrapping_sub(high_water),
            refused: self.refused_and_one.get(l).saturating_sub(1),
            coalesced: self.coalesced.get(l),
            high_water,
            longest_cycles: 0,
        }
    }

    #[inline(always)]
    fn is_slot(&self, node: &Node) -> bool {
        let offset = ptr::from_ref(node)
            .addr()
            .wrapping_sub(self.slots.as_ptr().addr());
        offset < size_of_val(&self.slots)
    }

    /// Appends; tells whether the queue was quiet, which it is no longer.
    #[inline(always)]
    fn append(&'static self, l: &Locked, node: &'static Node) -> bool {
        self.accepted.increment(l);
        let tail = self.tail.get(l);
        self.tail.set(l, Some(&node.next));
        if let Some(link) = tail {
            link.set(l, Some(node));
        } else if self.is_empty(l) {
            // As nearly always; `quiet_tail` would say the same.
            self.head.set(l, Some(node));
        } else {
            match self.quiet_tail.get(l) {
                Some(link) => link.set(l, Some(node)),
                None => self.head.set(l, Some(node)),
            }
        }
        tail.is_none()
    }

    /// The queue shrinks only in `pop`, so its peaks are all seen by looking just before, and when
    /// the counters are read; `push` need not look.
    #[inline(always)]
    fn count_run(&self, l: &Locked) {
        self.note_peak(l);
        self.run_and_peak.increment(l);
    }

    #[inline(always)]
    fn note_peak(&self, l: &Locked) {
        let left = self.run_and_peak.get(l).wrapping_sub(self.accepted.get(l));
        if (left as i32) < 0 {
            self.raise_peak(l, left);
        }
    }

    #[cold]
    #[inline(never)]
    fn raise_peak(&self, l: &Locked, left: u32) {
        self.run_and_peak.set(l, self.accepted.get(l));
        self.high_water
            .set(l, self.high_water.get(l).wrapping_sub(left));
    }

    #[inline(always)]
    fn emptied(&'static self, l: &Locked) {
        self.head.set(l, None);
        self.tail.set(l, Some(&self.head));
    }
}

impl<const SLOTS: usize> Default for Queue<SLOTS> {
    fn default() -> Self {
        Self::new()
    }
}
