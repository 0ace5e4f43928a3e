// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! When the queue is drained, and by whom.
//!
//! ```text
//!            push, no region open (1)                 claim (3)
//!   idle ------------------------------> woken -----------------------> running
//!    ^  \                                 ^  ^                             |
//!    |   `---- last region closed, -------'  |                             |
//!    |         queue not empty (2)           |  end of pass, entries left, |
//!    |                                       `---- no region open (4) -----+
//!    `----------- end of pass, queue empty or region open (5) -------------'
//! ```
//!
//! 1. [`Scheduler::schedule`], [`Scheduler::schedule_task`]; 2. [`Scheduler::exit`] and
//!    [`Scheduler::thread_ended`]; 3. the beginning of [`Scheduler::pass`]; 4. and 5. its end.
//!
//! Before [`Scheduler::start`] the state is *woken*: entries are accepted and nobody is told.
//!
//! **Fairness.** A pass runs as many entries as were queued when it began. What a function queues
//! stands behind them, so it waits for a later pass; between two passes the executor gives way.
//!
//! **Regions.** `regions` counts the open regions of all threads. Each entry is taken out under
//! the lock, and only while `regions` is 0; so a region that opens while nobody is *running* needs
//! nothing more. One that opens while somebody is running makes that pass end after the function
//! that runs now, and waits for the end in `port::pass_wait()`, on the mutex that the executor
//! holds for its pass. A waiter that gets the mutex before the executor does is right as well: its
//! region is open already, so the pass will run nothing; the executor then fails to get the mutex
//! and goes on to the end of its pass.

#![forbid(unsafe_code)]

use crate::config;
use crate::port::{self, Callback, Guarded, Locked, Thread};
use crate::queue::{Full, Node, Pushed, Queue, Stats};
use crate::threads::{DeepenError, Held, THREADS};

/// Why a region could not be opened.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum EnterError {
    /// Called from an interrupt, which cannot wait for a function that runs.
    Interrupt,
    /// The caller has `u16::MAX` regions open.
    Overflow,
    /// Too many other threads hold regions or locks.
    TooManyThreads,
}

/// The caller has no open region.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NotEntered;

/// The one scheduler.
pub(crate) static SCHEDULER: Scheduler = Scheduler::new();

/// The queue and its executor.
pub struct Scheduler<const SLOTS: usize = { config::SCHEDULE_DEPTH }> {
    queue: Queue<SLOTS>,
    /// Who is *running*.
    executor: Guarded<Option<Thread>>,
    /// Whether the state is *idle*.
    idle: Guarded<bool>,
    regions: Guarded<u32>,
    /// Regions that the function that runs now has opened and not closed.
    own_regions: Guarded<u16>,
    /// What to call when the function has returned that runs now.
    afterwards: Guarded<Option<fn()>>,
    longest_cycles: Guarded<u32>,
}

impl<const SLOTS: usize> Scheduler<SLOTS> {
    /// A scheduler that has not been started.
    pub const fn new() -> Self {
        Scheduler {
            queue: Queue::new(),
            executor: Guarded::new(None),
            idle: Guarded::new(false),
            regions: Guarded::new(0),
            own_regions: Guarded::new(0),
            afterwards: Guarded::new(None),
            longest_cycles: Guarded::new(0),
        }
    }

    /// Queues a function.
    #[inline(always)]
    pub fn schedule(&'static self, callback: Callback) -> Result<(), Full> {
        let wake = port::locked(|l| {
            self.queue.push(l, callback)?;
            Ok(self.leave_idle(l))
        });
        #[cfg(not(loom))]
        if config::EXCEPTION_QUEUE_FULL && wake.is_err() {
            crate::exception::queue_full();
        }
        if wake? {
            port::wake_executor();
        }
        Ok(())
    }

    /// Queues a task that calls what `callback` reads from it.
    #[inline(always)]
    pub fn schedule_task<E>(
        &'static self,
        task: &'static Node,
        callback: impl FnOnce(&Locked) -> Result<Callback, E>,
    ) -> Result<Pushed, E> {
        let (pushed, wake) = port::locked(|l| {
            let pushed = self.queue.push_task(l, task, callback(l)?);
            Ok((pushed, pushed == Pushed::New && self.leave_idle(l)))
        })?;
        if wake {
            port::wake_executor();
        }
        Ok(pushed)
    }

    /// Lets the executor begin.
    pub fn start(&'static self) {
        self.end_of_pass();
    }

    /// Runs what is queued now, and returns how many entries that were.
    ///
    /// Runs nothing while somebody is running, or a region is open.
    pub fn pass(&'static self) -> usize {
        let me = port::current();
        let claimed = port::locked(|l| {
            if self.executor.get(l).is_some() {
                return None;
            }
            self.executor.set(l, Some(me));
            Some(self.queue.len(l))
        });
        let Some(queued) = claimed else {
            return 0;
        };
        let mut ran = 0;
        if port::pass_try_lock() {
            ran = self.drain(queued);
            port::pass_unlock();
        }
        self.end_of_pass();
        ran as usize
    }

    /// Opens a region; see the module's documentation.
    pub fn enter(&self) -> Result<(), EnterError> {
        if port::in_interrupt() {
            return Err(EnterError::Interrupt);
        }
        let me = port::current();
        let wait = port::locked(|l| {
            let executor = self.executor.get(l);
            if executor == Some(me) {
                let own = self.own_regions.get(l);
                self.own_regions
                    .set(l, own.checked_add(1).ok_or(EnterError::Overflow)?);
            } else {
                THREADS
                    .deepen(l, me, Held::Regions)
                    .map_err(|error| match error {
                        DeepenError::Overflow => EnterError::Overflow,
                        DeepenError::TooManyThreads => EnterError::TooManyThreads,
                    })?;
            }
            self.regions.set(l, self.regions.get(l).wrapping_add(1));
            Ok(executor.is_some() && executor != Some(me))
        })?;
        if wait {
            port::pass_wait();
        }
        Ok(())
    }

    /// Closes the caller's innermost region.
    pub fn exit(&self) -> Result<(), NotEntered> {
        if port::in_interrupt() {
            return Err(NotEntered);
        }
        let me = port::current();
        let wake = port::locked(|l| {
            if self.executor.get(l) == Some(me) {
                let own = self.own_regions.get(l);
                self.own_regions
                    .set(l, own.checked_sub(1).ok_or(NotEntered)?);
            } else {
                THREADS.lessen(l, me, Held::Regions).ok_or(NotEntered)?;
            }
            Ok(self.close(l, 1))
        })?;
        if wake {
            port::wake_executor();
        }
        Ok(())
    }

    /// Closes the regions of a thread that has ended.
    pub fn thread_ended(&self, thread: Thread) {
        let (left_open, wake, was_running) = port::locked(|l| {
            let left_open = THREADS.clear(l, thread, Held::Regions);
            let wake = self.close(l, left_open);
            (left_open, wake, self.is_running(l, thread))
        });
        if left_open != 0 {
            port::warn_region_of_ended_thread(thread);
        }
        if wake {
            port::wake_executor();
        }
        if was_running {
            port::pass_abandoned(thread);
        }
    }

    /// Ends a pass in place of its thread, which has ended inside a function.
    pub fn abandoned(&self) {
        let left_open = port::locked(|l| self.after_function(l, 0));
        if left_open != 0 {
            port::warn_region_left_open(left_open);
        }
        self.call_afterwards();
        self.end_of_pass();
    }

    /// Has `call` called when the function returns that runs now.
    pub fn after_this_function(&self, l: &Locked, call: fn()) {
        self.afterwards.set(l, Some(call));
    }

    /// Whether `thread` is inside a scheduled function.
    #[inline(always)]
    pub fn is_running(&self, l: &Locked, thread: Thread) -> bool {
        self.executor.get(l) == Some(thread)
    }

    /// The counters, all of one moment.
    pub fn stats(&self) -> Stats {
        port::locked(|l| Stats {
            longest_cycles: self.longest_cycles.get(l),
            ..self.queue.stats(l)
        })
    }

    /// Transition 1: whether the caller must wake the executor, which is then no longer idle.
    #[inline(always)]
    fn leave_idle(&self, l: &Locked) -> bool {
        let wake = self.idle.get(l) && self.regions.get(l) == 0;
        if wake {
            self.idle.set(l, false);
        }
        wake
    }

    /// Runs entries until `limit` have run, none is left, or a region is open.
    #[inline(always)]
    fn drain(&'static self, limit: u32) -> u32 {
        let mut ran = 0;
        let mut spent = 0;
        loop {
            let (left_open, afterwards, next) = port::locked(|l| {
                let left_open = self.after_function(l, spent);
                let afterwards = config::EXCEPTION && self.afterwards.get(l).is_some();
                let may_run = ran < limit && self.regions.get(l) == 0;
                let next = if may_run { self.queue.pop(l) } else { None };
                (left_open, afterwards, next)
            });
            if left_open != 0 {
                port::warn_region_left_open(left_open);
            }
            if afterwards {
                self.call_afterwards();
            }
            let Some(callback) = next else {
                return ran;
            };
            let begin = config::SCHEDULE_TIMING.then(port::cycles);
            callback.call();
            if let Some(begin) = begin {
                spent = port::cycles().wrapping_sub(begin);
            }
            ran = ran.wrapping_add(1);
        }
    }

    fn call_afterwards(&self) {
        let call = port::locked(|l| {
            let call = self.afterwards.get(l);
            self.afterwards.set(l, None);
            call
        });
        if let Some(call) = call {
            call();
        }
    }

    /// Closes the regions that the last function has left open, and returns how many that were.
    #[inline(always)]
    fn after_function(&self, l: &Locked, spent: u32) -> u16 {
        if config::SCHEDULE_TIMING && spent > self.longest_cycles.get(l) {
            self.longest_cycles.set(l, spent);
        }
        let left_open = self.own_regions.get(l);
        if left_open != 0 {
            self.own_regions.set(l, 0);
            self.regions
                .set(l, self.regions.get(l).wrapping_sub(left_open.into()));
        }
        left_open
    }

    /// Counts regions as closed; transition 2: whether the caller must wake the executor.
    #[inline(always)]
    fn close(&self, l: &Locked, count: u16) -> bool {
        self.regions
            .set(l, self.regions.get(l).wrapping_sub(count.into()));
        !self.queue.is_empty(l) && self.leave_idle(l)
    }

    /// Transitions 4 and 5.
    fn end_of_pass(&self) {
        let wake = port::locked(|l| {
            self.executor.set(l, None);
            self.idle.set(l, true);
            !self.queue.is_empty(l) && self.leave_idle(l)
        });
        if wake {
            port::wake_executor();
        }
    }
}

impl<const SLOTS: usize> Default for Scheduler<SLOTS> {
    fn default() -> Self {
        Self::new()
    }
}
