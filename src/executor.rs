// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! When the queue is drained, and by whom.
//!
//! ```text
//!            push, no region open (1)      told (6)      claim (3)
//!   idle ------------------------------> due -----> woken ---------> running
//!    ^  \                                 ^ ^                           |
//!    |   `---- last region closed, -------' |    end of pass, entries   |
//!    |         queue not empty (2)          `-- left, no region open ---+
//!    |                                                              (4) |
//!    `----------- end of pass, queue empty or region open (5) ----------'
//! ```
//!
//! 1. [`Scheduler::schedule`], [`Scheduler::schedule_task`]; 2. [`Scheduler::exit`] and
//!    [`Scheduler::thread_ended`]; 3. the beginning of [`Scheduler::pass`]; 4. and 5. its end;
//!    6. the end of [`Wake::deliver`].
//!
//! Before [`Scheduler::start`] nobody is woken.
//!
//! **Wake-up.** While it is idle and nothing is queued the queue is quiet, and only who pushes to a
//! quiet queue asks whether the executor must be woken, and wakes it without the lock. A thread can be
//! preempted before it comes to that, for any time; so the queue stays quiet, and the state *due*,
//! until it has: whoever pushes meanwhile, or joins a task, wakes the executor as well. What an
//! interrupt has to do is done before any thread goes on there, so its push ends in *woken*. Who pushes
//! to a queue that is not quiet has nobody to wake: either that was done, or the executor is running,
//! or a region is open, whose end wakes.
//!
//! **Fairness.** A pass runs what was queued when it began, up to a mark. What a function queues
//! stands behind the mark, so it waits for a later pass; between two passes the executor gives way.
//!
//! **Regions.** `holds` counts the threads that have regions open. Where that is one thread with one
//! region it need not: the region then opens and closes without the lock, in a word (`depths`). Whoever
//! relies on `holds` has it counted there first: the beginning of a pass, which has the word name nobody
//! until its end, and a push that finds the word in use ([`Wake::Look`]). So the end of a region that is
//! in the word has nobody to wake. Each entry is taken out under the lock, and only while `holds` is 0;
//! so a region that opens while nobody is *running* needs nothing more. One that opens while somebody is
//! running makes that pass end after the function that runs now, and waits for the end in
//! `port::pass_wait()`, on the mutex that the executor holds for its pass. A waiter that gets the mutex
//! before the executor does is right as well: its region is open already, so the pass will run nothing;
//! the executor then fails to get the mutex and goes on to the end of its pass.

#![forbid(unsafe_code)]

use core::sync::atomic::{AtomicUsize, Ordering};

use crate::config;
use crate::depths::{Change, DepthError, Depths, HOLD};
use crate::port::{self, Thread};
use crate::queue::{Full, Mark, NoSlot, Node, Pushed, Queue, Stats};
use crate::raw::{Callback, Guarded, Locked};

/// Why a region could not be opened.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum EnterError {
    /// Called from an interrupt, which cannot wait for a function that runs.
    Interrupt,
    /// The caller has `u16::MAX` regions open.
    Overflow,
    /// Too many other threads hold regions.
    TooManyThreads,
}

/// The caller has no open region.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NotEntered;

/// Whether the executor must be woken for what was queued: by the caller, without the lock.
#[must_use]
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Wake {
    /// No.
    No,
    /// Yes, and who pushes meanwhile need not: nothing holds the caller up.
    Yes,
    /// Yes, and who pushes meanwhile must, too.
    AndTell,
    /// Perhaps: a region is open, or it has not started, or a task was joined. That is looked at then,
    /// as others need not.
    Look,
}

impl Wake {
    /// Wakes it, if it must be woken.
    #[inline(always)]
    pub fn deliver<const SLOTS: usize>(self, scheduler: &'static Scheduler<SLOTS>) {
        match self {
            Wake::No => (),
            Wake::Look => scheduler.look_and_wake(),
            // One call for both: a caller then needs no stack before it.
            _ => scheduler.wake(self == Wake::AndTell),
        }
    }
}

/// The one scheduler.
pub(crate) static SCHEDULER: Scheduler = Scheduler::new();

/// What [`Scheduler::change`] leaves to the caller, without the lock.
struct Changed {
    /// The region is open, but a function is running still.
    wait: bool,
    wake: Wake,
}

impl Changed {
    const NOTHING: Self = Changed {
        wait: false,
        wake: Wake::No,
    };
    const WAIT: Self = Changed {
        wait: true,
        ..Self::NOTHING
    };
}

const AFTERWARDS: u32 = 1;

/// The queue and its executor.
#[repr(C)]
pub struct Scheduler<const SLOTS: usize = { config::SCHEDULE_DEPTH }> {
    /// The regions of threads. In use as a table while somebody is *running*. Its `holds` are what
    /// keeps the next function from running: also [`HOLD`] for each of `own_regions`, and
    /// [`AFTERWARDS`] while that is set.
    regions: Depths<{ config::THREADS_MAX }>,
    /// Who is *running*.
    executor: Guarded<Option<Thread>>,
    /// Passes that have ended; wraps. Changed with the lock held.
    passes: AtomicUsize,
    started: Guarded<bool>,
    /// Regions that the function that runs now has opened and not closed.
    own_regions: Guarded<u16>,
    /// What to call when the function has returned that runs now.
    afterwards: Guarded<Option<fn()>>,
    longest_cycles: Guarded<u32>,
    /// Last, as its slots are.
    queue: Queue<SLOTS>,
}

impl<const SLOTS: usize> Scheduler<SLOTS> {
    /// A scheduler that has not been started.
    pub const fn new() -> Self {
        Scheduler {
            regions: Depths::new(),
            executor: Guarded::new(None),
            passes: AtomicUsize::new(0),
            started: Guarded::new(false),
            own_regions: Guarded::new(0),
            afterwards: Guarded::new(None),
            longest_cycles: Guarded::new(0),
            queue: Queue::new(),
        }
    }

    /// Queues a function.
    #[inline(always)]
    pub fn schedule(&'static self, callback: Callback) -> Result<Wake, Full> {
        loop {
            match self.try_schedule(callback) {
                Ok(wake) => return Ok(wake),
                Err(NoSlot::Full) => return Err(Full),
                Err(NoSlot::Unlinked) => self.link_slot(),
            }
        }
    }

    /// [`Scheduler::schedule`], unless [`Scheduler::link_slot`] must be called first.
    #[inline(always)]
    pub(crate) fn try_schedule(&'static self, callback: Callback) -> Result<Wake, NoSlot> {
        let pushed = port::locked(|l| {
            let was_quiet = self.queue.push(l, callback)?;
            Ok(self.wake_for_new(l, was_quiet))
        });
        #[cfg(not(loom))]
        if config::EXCEPTION_QUEUE_FULL && pushed == Err(NoSlot::Full) {
            crate::exception::queue_full();
        }
        pushed
    }

    #[cold]
    #[inline(never)]
    pub(crate) fn link_slot(&'static self) {
        port::locked(|l| self.queue.link_slot(l));
    }

    /// Queues a task that calls what `callback` reads from it, unless it is queued already.
    #[inline(always)]
    pub fn schedule_task<E>(
        &'static self,
        task: &'static Node,
        callback: impl FnOnce(&Locked) -> Result<Callback, E>,
    ) -> Result<(Pushed, Wake), E> {
        if self.queue.joins_at_once(task) {
            return Ok((Pushed::Joined, Wake::No));
        }
        port::locked(|l| {
            if self.queue.joins(l, task) {
                let wake = if self.queue.is_quiet(l) {
                    Wake::Look
                } else {
                    Wake::No
                };
                return Ok((Pushed::Joined, wake));
            }
            let was_quiet = self.queue.push_task(l, task, callback(l)?);
            Ok((Pushed::New, self.wake_for_new(l, was_quiet)))
        })
    }

    /// Lets the executor begin.
    pub fn start(&'static self) {
        // Once more than there are slots, so that the first refusal finds nothing to do.
        for _ in 0..=SLOTS {
            self.link_slot();
        }
        port::locked(|l| self.started.set(l, true));
        self.end_of_pass();
    }

    /// Runs what is queued now, and returns how many entries that were.
    ///
    /// Runs nothing while somebody is running, or a region is open.
    pub fn pass(&'static self) -> usize {
        let me = port::current();
        let claimed = port::locked(|l| {
            // An executor's own thread is alone; threads that poll are not.
            if config::POLLERS && self.executor.get(l).is_some() {
                return None;
            }
            let end = self.queue.mark(l)?;
            self.regions.unfold(l);
            self.executor.set(l, Some(me));
            Some(end)
        });
        let Some(end) = claimed else {
            return 0;
        };
        let mut ran = 0;
        if port::pass_try_lock() {
            ran = self.drain(end);
            port::pass_unlock();
        }
        self.end_of_pass();
        ran
    }

    /// Opens a region of the calling thread, which is `me`; see the module's documentation.
    #[inline(always)]
    pub fn enter(&self, me: Thread) -> Result<(), EnterError> {
        if port::in_interrupt() {
            return Err(EnterError::Interrupt);
        }
        if self.regions.take(me) {
            Ok(())
        } else {
            self.enter_further(me)
        }
    }

    /// [`Scheduler::enter`] where a function is running, or somebody holds something.
    #[inline(never)]
    fn enter_further(&self, me: Thread) -> Result<(), EnterError> {
        match self.change(me, Change::Deepen) {
            Ok(changed) => {
                if changed.wait {
                    port::pass_wait();
                }
                Ok(())
            }
            Err(DepthError::TooManyThreads) => Err(EnterError::TooManyThreads),
            Err(_) => Err(EnterError::Overflow),
        }
    }

    /// Closes the innermost region of the calling thread, which is `me`.
    #[inline(always)]
    pub fn exit(&'static self, me: Thread) -> Result<(), NotEntered> {
        if port::in_interrupt() {
            return Err(NotEntered);
        }
        if self.regions.give_back(me) {
            Ok(())
        } else {
            self.exit_further(me)
        }
    }

    /// [`Scheduler::exit`] where the caller, or another thread, holds more than one region.
    #[inline(never)]
    fn exit_further(&'static self, me: Thread) -> Result<(), NotEntered> {
        let changed = self.change(me, Change::Lessen).map_err(|_| NotEntered)?;
        changed.wake.deliver(self);
        Ok(())
    }

    /// Changes the number of a thread's open regions, whoever else has one, or is running.
    #[inline(never)]
    fn change(&self, thread: Thread, change: Change) -> Result<Changed, DepthError> {
        if change != Change::Clear {
            let changed = port::locked(|l| {
                self.is_running(l, thread)
                    .then(|| self.change_own(l, change))
            });
            if let Some(result) = changed {
                return result;
            }
        }
        let result = self.regions.change(thread, change);
        let changed = port::locked(|l| {
            if self.executor.get(l).is_some() {
                return Changed::WAIT;
            }
            self.regions.fold(l);
            Changed {
                wait: false,
                wake: self.wake_for_rest(l),
            }
        });
        result.map(|()| changed)
    }

    /// Changes the number of regions that the function has opened which runs now.
    #[inline(always)]
    fn change_own(&self, l: &Locked, change: Change) -> Result<Changed, DepthError> {
        let before = self.own_regions.get(l);
        let after = change.of(before)?;
        self.own_regions.set(l, after);
        let more = HOLD.wrapping_mul(u32::from(after).wrapping_sub(before.into()));
        let holds = &self.regions.holds;
        holds.set(l, holds.get(l).wrapping_add(more));
        Ok(Changed::NOTHING)
    }

    /// Closes the regions of a thread that has ended.
    pub fn thread_ended(&'static self, thread: Thread) {
        if self.regions.depth(thread) != 0 {
            let cleared = self.change(thread, Change::Clear);
            port::warn_region_of_ended_thread(thread);
            if let Ok(changed) = cleared {
                changed.wake.deliver(self);
            }
        }
        if port::locked(|l| self.is_running(l, thread)) {
            port::pass_abandoned(thread);
        }
    }

    /// Ends a pass in place of its thread, which has ended inside a function.
    pub fn abandoned(&'static self) {
        self.settle();
        self.end_of_pass();
    }

    /// Has `call` called when the function returns that runs now.
    pub fn after_this_function(&self, l: &Locked, call: fn()) {
        self.afterwards.set(l, Some(call));
        let holds = &self.regions.holds;
        holds.set(l, holds.get(l) | AFTERWARDS);
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

    /// Transition 1.
    #[inline(always)]
    fn wake_for_new(&self, l: &Locked, was_quiet: bool) -> Wake {
        if !was_quiet {
            return Wake::No;
        }
        let simple = !self.regions.any() && self.started.get(l);
        if simple && port::in_interrupt() {
            return Wake::Yes;
        }
        self.queue.park(l);
        if simple {
            Wake::AndTell
        } else {
            Wake::Look
        }
    }

    /// Transitions 2 and 4, while nobody is running. It wakes for [`AFTERWARDS`], too: the next pass
    /// begins with that.
    #[inline(always)]
    fn wake_for_rest(&self, l: &Locked) -> Wake {
        if self.queue.is_empty(l) || !self.started.get(l) || self.regions.holds.get(l) >= HOLD {
            return Wake::No;
        }
        self.queue.quieten(l);
        Wake::AndTell
    }

    /// Transition 1 of [`Wake::Look`]: what it is in fact. If a region is open, then its end wakes,
    /// from now on.
    #[inline(always)]
    pub fn look(&self) -> Wake {
        port::locked(|l| {
            if self.executor.get(l).is_some() {
                return Wake::No;
            }
            self.regions.unfold(l);
            self.regions.fold(l);
            let wake = self.wake_for_rest(l);
            if wake == Wake::No {
                self.queue.disturb(l);
            }
            wake
        })
    }

    #[cold]
    #[inline(never)]
    fn look_and_wake(&'static self) {
        self.look().deliver(self);
    }

    /// Wakes the executor. Then `tell` is transition 6: if no pass has ended meanwhile, it has been
    /// woken for all that is queued.
    #[inline(never)]
    fn wake(&self, tell: bool) {
        if !tell {
            return port::wake_executor();
        }
        let passes = self.passes.load(Ordering::Relaxed);
        port::wake_executor();
        port::locked(|l| {
            if self.passes.load(Ordering::Relaxed) == passes {
                self.queue.disturb(l);
            }
        });
    }

    /// Runs entries up to a mark, until a region is open; returns how many.
    #[inline(always)]
    fn drain(&'static self, end: Mark) -> usize {
        let mut ran: usize = 0;
        loop {
            let popped = port::locked(|l| {
                if self.regions.holds.get(l) != 0 {
                    return None;
                }
                self.queue.pop(l)
            });
            let Some(popped) = popped else {
                if self.settle() {
                    continue;
                }
                return ran;
            };
            self.call(popped.callback);
            ran = ran.wrapping_add(1);
            if popped.is_before(end) {
                self.settle();
                return ran;
            }
        }
    }

    #[inline(always)]
    fn call(&self, callback: Callback) {
        if !config::SCHEDULE_TIMING {
            return callback.call();
        }
        let begin = port::cycles();
        callback.call();
        let spent = port::cycles().wrapping_sub(begin);
        port::locked(|l| {
            if spent > self.longest_cycles.get(l) {
                self.longest_cycles.set(l, spent);
            }
        });
    }

    /// Does what is left to do for the function that has returned: closes the regions that it has
    /// left open, and calls what it wanted called. Tells whether that was what kept the next one
    /// from running.
    #[inline(never)]
    fn settle(&self) -> bool {
        let (left_open, afterwards, next_may_run) = port::locked(|l| {
            let held = self.regions.holds.get(l);
            let left_open = self.own_regions.get(l);
            let afterwards = self.afterwards.get(l).filter(|_| config::EXCEPTION);
            self.own_regions.set(l, 0);
            self.afterwards.set(l, None);
            let holds = (held & !AFTERWARDS).wrapping_sub(HOLD * u32::from(left_open));
            self.regions.holds.set(l, holds);
            (left_open, afterwards, held != 0 && holds == 0)
        });
        if left_open != 0 {
            port::warn_region_left_open(left_open);
        }
        if let Some(call) = afterwards {
            call();
        }
        next_may_run
    }

    /// Transitions 4 and 5.
    fn end_of_pass(&'static self) {
        let wake = port::locked(|l| {
            self.executor.set(l, None);
            let passes = self.passes.load(Ordering::Relaxed);
            self.passes.store(passes.wrapping_add(1), Ordering::Relaxed);
            self.regions.fold(l);
            self.queue.quieten(l);
            self.wake_for_rest(l)
        });
        wake.deliver(self);
    }
}

impl<const SLOTS: usize> Default for Scheduler<SLOTS> {
    fn default() -> Self {
        Self::new()
    }
}
