// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! When the queue is drained, and by whom.
//!
//! ```text
//!          push, no hold (1)              begin (3)
//!   idle --------------------> woken ------------------> running
//!    ^ `--- last hold ends (2) -> ^ |                        |
//!    |                            | |  end, entries left and |
//!    |<-- nothing may run (6) ----|-'                        |
//!    |                            `------- no hold (4) ------+
//!    `-------- end, queue empty or a hold (5) ---------------'
//! ```
//!
//! 1. [`Scheduler::schedule`], [`Scheduler::schedule_task`]; 2. [`Scheduler::release`]: a region is closed,
//!    or the executor starts; 3. [`Scheduler::claim`], also from idle, after a spurious wake-up or in a thread
//!    that polls; 4. and 5. [`Scheduler::end_of_pass`]; where it asks for a pause, `woken_for` stays behind and
//!    the executor is woken later; 6. [`Scheduler::forget_wake`].
//!
//! **Wake-up.** Passes are numbered. `woken_for` is the number of the pass that the executor was last
//! woken for. A push which finds another number than that of the coming pass wakes the executor,
//! without the lock, and then stores the number that it saw. A producer that is preempted before it
//! wakes holds up nobody: the next one finds the numbers still different. One that is preempted before
//! it stores causes a spurious wake-up, and an empty pass. A pass begins by storing its own number, so
//! what is pushed meanwhile wakes nobody; it ends, under the lock, with the next number and one more
//! look at the queue.
//!
//! **Fairness.** A pass runs what was queued when it began. What a function queues waits for a later
//! pass. Between two passes the executor gives way to its equals, and after
//! `passes_max` (Kconfig) of them in a row it pauses, so that lower priorities run, too.
//!
//! **Regions.** `holds` counts the open regions of all threads; each thread has the number of its own
//! ([`OwnState`]). Before [`Scheduler::start`] there is one more, which keeps everything queued, and
//! another one while something is to be called after a function. An entry is popped only while `holds`
//! is 0. A region that opens while a function is running ends that pass after the function, and waits
//! for its end on the mutex which the executor holds for a pass (`port::pass_wait`). A waiter may get
//! the mutex before the executor does: its region is open, so the executor, which fails to get the
//! mutex, has nothing to run.

#![forbid(unsafe_code)]

use crate::port::{self, OwnState, Thread};
use crate::queue::{Pushed, Queue, Stats};
use crate::raw::{
    AtomicU32, Call, Damaged, Function, Given, Guarded, Locked, Ordering, Pool, Shown, TaskRef,
};

/// Why a region could not be opened.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum EnterError {
    /// Called from an interrupt, which cannot wait for a function that runs.
    Interrupt,
    /// The caller has [`REGIONS_MAX`] regions open.
    Overflow,
}

/// The caller has no open region.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NotEntered;

/// Why a caller cannot wait for the queue.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FlushError {
    /// Called from an interrupt.
    Interrupt,
    /// Called inside a scheduled function, or in a region of the caller: it would wait for itself.
    Deadlock,
}

/// Why the scheduler could not be reset.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ResetError {
    /// Called from an interrupt.
    Interrupt,
    /// Called inside a scheduled function.
    Inside,
}

/// The task has no function.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NoFunction;

/// What became of a task that was cancelled.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Cancelled {
    /// It was queued, and is not any more.
    pub was_queued: bool,
    /// Its function is running.
    pub is_running: bool,
}

/// Regions that one thread can have open at once.
pub const REGIONS_MAX: u16 = u16::MAX - 1;

/// The number of open regions of a thread that is about to end: it opens and closes none any more.
const ENDED: u16 = u16::MAX;

/// What a pass does next.
enum Next {
    Call(Call),
    /// There is a hold, perhaps the last function's own.
    Settle,
    /// An entry was lost.
    Report,
    End,
}

/// The queue and its executor.
pub struct Scheduler {
    /// What keeps the next function from running: the open regions of all threads, one until the
    /// start, and one while something is to be called after a function.
    holds: Guarded<u32>,
    /// Number of the pass that is under way, or of the next one; wraps.
    pass: Guarded<u32>,
    /// Written without the lock, after the wake-up.
    woken_for: AtomicU32,
    /// Who runs a pass: a thread, or [`Thread::INTERRUPT`], which is no thread.
    runner: Guarded<Option<Thread>>,
    /// What runs now.
    running: Guarded<Option<Shown>>,
    running_task: Guarded<Option<TaskRef>>,
    /// What to call when the function that runs now has returned.
    afterwards: Guarded<Option<fn()>>,
    passes_in_a_row: Guarded<u32>,
    /// Passes that ran all they could, one more where that left nothing; wraps. See [`Scheduler::flush`].
    whole_passes: Guarded<u32>,
    flush_waits: Guarded<bool>,
    longest_cycles: Guarded<u32>,
    longest_function: Guarded<usize>,
    queue: Queue,
}

/// The one scheduler.
#[cfg(not(loom))]
pub(crate) static SCHEDULER: Scheduler = Scheduler::new(port::pool());

/// Defines the constructor, which is not `const` under loom.
macro_rules! constructor {
    ($($const:tt)?) => {
        /// A scheduler that has not been started. The pool is no other scheduler's.
        pub $($const)? fn new(pool: &'static Pool) -> Self {
            Scheduler {
                holds: Guarded::new(1),
                pass: Guarded::new(1),
                woken_for: AtomicU32::new(0),
                runner: Guarded::new(None),
                running: Guarded::new(None),
                running_task: Guarded::new(None),
                afterwards: Guarded::new(None),
                passes_in_a_row: Guarded::new(0),
                whole_passes: Guarded::new(0),
                flush_waits: Guarded::new(false),
                longest_cycles: Guarded::new(0),
                longest_function: Guarded::new(0),
                queue: Queue::new(pool),
            }
        }
    };
}

impl Scheduler {
    #[cfg(not(loom))]
    constructor!(const);
    #[cfg(loom)]
    constructor!();

    /// Queues a function; gives it back if the queue is full.
    #[inline]
    pub fn schedule<C: Function>(&self, function: C) -> Result<(), C> {
        let needed = self.enqueue(function)?;
        self.wake(needed);
        Ok(())
    }

    /// The first half of [`Scheduler::schedule`], behind which a thread can be preempted.
    #[inline]
    pub fn enqueue<C: Function>(&self, function: C) -> Result<Option<u32>, C> {
        port::locked(|l| {
            self.queue.push(l, function)?;
            Ok(self.wake_needed(l))
        })
    }

    /// Queues a task, unless it is queued already. No code of the caller's runs under the lock:
    ///
    /// ```compile_fail
    /// use micrort::internals::{Scheduler, TaskRef};
    ///
    /// fn nested(scheduler: &Scheduler, task: TaskRef) {
    ///     let _ = scheduler.schedule_task(task, |_| micrort::schedule(|| ()));
    /// }
    /// ```
    #[inline]
    pub fn schedule_task(&self, task: TaskRef) -> Result<Pushed, NoFunction> {
        let (pushed, needed) = port::locked(|l| {
            if !self.queue.has_function(l, task) {
                return Err(NoFunction);
            }
            // A task that is joined may have been queued by a producer which has not woken yet.
            Ok((self.queue.push_task(l, task), self.wake_needed(l)))
        })?;
        self.wake(needed);
        Ok(pushed)
    }

    /// Whether a task is queued.
    pub fn is_queued(&self, task: TaskRef) -> bool {
        port::locked(|l| self.queue.is_queued(l, task))
    }

    /// Takes a task back.
    pub fn cancel(&self, task: TaskRef) -> Cancelled {
        port::locked(|l| {
            let was_queued = self.queue.remove(l, task);
            if was_queued {
                self.forget_wake(l);
            }
            Cancelled {
                was_queued,
                is_running: self.running_task.get(l) == Some(task),
            }
        })
    }

    /// Lets the next push wake again where the queue has become empty without a pass, or nothing in it
    /// may run. An executor that was woken already makes an empty pass.
    fn forget_wake(&self, l: &Locked) {
        let nothing_may_run = self.queue.is_empty(l) || self.holds.get(l) != 0;
        if nothing_may_run && self.runner.get(l).is_none() {
            self.pass.increment(l);
        }
    }

    /// Takes a task back and waits until its function does not run; tells whether it was queued.
    /// Inside that function it does not wait.
    pub fn cancel_sync(&self, task: TaskRef) -> Result<bool, EnterError> {
        let before = self.cancel(task);
        if !before.is_running {
            return Ok(before.was_queued);
        }
        self.enter()?;
        let after = self.cancel(task);
        // The region was opened above.
        let _ = self.exit();
        Ok(before.was_queued || after.was_queued)
    }

    /// Waits until a task is neither queued nor running, as far as it was when this was called; tells
    /// whether it had to wait.
    pub fn flush_task(&self, task: TaskRef) -> Result<bool, FlushError> {
        let waits = port::locked(|l| {
            self.queue.is_queued(l, task) || self.running_task.get(l) == Some(task)
        });
        if waits {
            self.flush()?;
        }
        Ok(waits)
    }

    /// Waits until all that was accepted before has run.
    ///
    /// What is queued now is run by the next whole pass, or by the one after that where one is under
    /// way. One that leaves nothing counts twice.
    pub fn flush(&self) -> Result<(), FlushError> {
        if port::in_interrupt() {
            return Err(FlushError::Interrupt);
        }
        let me = port::current();
        let target = port::own(|own| {
            port::locked(|l| {
                let runner = self.runner.get(l);
                if runner == Some(me) || own.regions.get(l) != 0 {
                    return Err(FlushError::Deadlock);
                }
                if runner.is_none() && self.queue.is_empty(l) {
                    return Ok(None);
                }
                let passes = 1 + u32::from(runner.is_some());
                Ok(Some(self.whole_passes.get(l).wrapping_add(passes)))
            })
        })?;
        let Some(target) = target else {
            return Ok(());
        };
        loop {
            let round = port::sleep_round();
            port::poll_pass(usize::MAX);
            let is_over = port::locked(|l| {
                let left = target.wrapping_sub(self.whole_passes.get(l)) as i32;
                self.flush_waits.set(l, self.flush_waits.get(l) || left > 0);
                left <= 0
            });
            if is_over {
                return Ok(());
            }
            port::sleep_until_woken(round);
        }
    }

    /// Lets the executor begin.
    pub fn start(&self) {
        let needed = port::locked(|l| self.release(l, 1));
        self.wake(needed);
    }

    /// Runs what is queued now, and returns how many entries that were.
    ///
    /// Runs nothing while somebody is running, or a region is open.
    pub fn pass(&self) -> usize {
        self.pass_while(|_| true)
    }

    /// [`Scheduler::pass`] that runs `most` entries at most; the others stay queued.
    pub fn pass_of(&self, most: usize) -> usize {
        self.pass_while(|ran| ran < most)
    }

    /// A pass that ends where there is no `more` to run after so many. Generic, so that each executor's is
    /// compiled for itself.
    fn pass_while(&self, more: impl Fn(usize) -> bool) -> usize {
        let mut ran = 0;
        if self.claim() {
            ran = self.drain(more, || self.settle());
            port::pass_unlock();
            self.end_of_pass();
        }
        ran
    }

    /// [`Scheduler::pass`] in an interrupt, on one CPU: no thread runs before its end. So there is no mutex to
    /// take. What the interrupted thread holds is not the functions': they can leave no region open, and ask
    /// for nothing to be called after them.
    #[cfg(any(loom, feature = "zephyr", feature = "internals"))]
    pub fn pass_in_interrupt(&self) {
        if self.begin_pass(Thread::INTERRUPT) {
            self.drain(|_| true, || false);
            self.end_of_pass();
        }
    }

    /// Begins a pass, unless somebody is running or there is a hold. Takes the mutex then, which a waiter may
    /// have for a moment.
    #[inline]
    pub fn claim(&self) -> bool {
        if !self.begin_pass(port::current()) {
            return false;
        }
        let is_locked = port::pass_try_lock();
        if !is_locked {
            self.end_of_pass();
        }
        is_locked
    }

    #[inline]
    fn begin_pass(&self, me: Thread) -> bool {
        port::locked(|l| {
            // Never with an executor that is a thread of its own; threads that poll are not alone.
            if self.runner.get(l).is_some() {
                return false;
            }
            if self.holds.get(l) != 0 {
                // Whoever closes the last region wakes for the next number.
                self.forget_wake(l);
                return false;
            }
            self.runner.set(l, Some(me));
            self.woken_for.store(self.pass.get(l), Ordering::Relaxed);
            self.queue.begin_pass(l);
            true
        })
    }

    /// Runs entries up to the mark, until a region is open that `settle` does not close; returns how many.
    fn drain(&self, more: impl Fn(usize) -> bool, settle: impl Fn() -> bool) -> usize {
        let mut ran: usize = 0;
        loop {
            match port::locked(|l| self.next(l, more(ran))) {
                Next::Call(function) => {
                    self.call(function);
                    ran = ran.wrapping_add(1);
                }
                Next::Settle if settle() => {}
                Next::Report => port::report_damaged_task(),
                // The end, or a region of another thread's.
                _ => return ran,
            }
        }
    }

    #[inline(always)]
    fn next(&self, l: &Locked, more: bool) -> Next {
        if self.holds.get(l) != 0 {
            self.forget_running(l);
            return Next::Settle;
        }
        if !more {
            self.forget_running(l);
            return Next::End;
        }
        match self.queue.pop(l) {
            Ok(Some(popped)) => {
                self.running.set(l, Some(popped.call.shown()));
                self.running_task.set(l, popped.task);
                Next::Call(popped.call)
            }
            Ok(None) => {
                self.forget_running(l);
                Next::End
            }
            Err(Damaged) => Next::Report,
        }
    }

    fn forget_running(&self, l: &Locked) {
        self.running.set(l, None);
        self.running_task.set(l, None);
    }

    #[inline]
    fn call(&self, function: Call) {
        if port::config().schedule_timing {
            self.call_measured(function);
        } else {
            function.call();
        }
    }

    #[inline(never)]
    fn call_measured(&self, function: Call) {
        let shown = function.shown();
        let spent = port::call_timed(function);
        port::locked(|l| {
            if spent > self.longest_cycles.get(l) {
                self.longest_cycles.set(l, spent);
                self.longest_function.set(l, self.queue.address(l, shown));
            }
        });
    }

    /// Does what the last function has left to do: closes the regions that it has left open, and
    /// calls what it wanted called. Tells whether there was anything.
    ///
    /// All open regions of this thread are that function's: none was open when the pass began.
    #[inline(never)]
    fn settle(&self) -> bool {
        let (left_open, afterwards) =
            port::own(|own| port::locked(|l| (self.take_regions(l, own), self.take_afterwards(l))));
        if left_open != 0 {
            port::warn_region_left_open(left_open);
        }
        if let Some(call) = afterwards {
            call();
        }
        left_open != 0 || afterwards.is_some()
    }

    /// Closes all regions of the calling thread, without a wake-up; returns how many.
    #[inline]
    fn take_regions(&self, l: &Locked, own: &OwnState) -> u16 {
        let regions = own.regions.get(l);
        own.regions.set(l, 0);
        self.holds.subtract(l, regions.into());
        regions
    }

    /// Transitions 4 and 5.
    fn end_of_pass(&self) {
        let (needed, pause, flush_waits) = port::locked(|l| {
            self.runner.set(l, None);
            self.forget_running(l);
            self.pass.increment(l);
            if self.queue.end_pass(l) {
                let is_empty = self.queue.is_empty(l);
                self.whole_passes.add(l, 1 + u32::from(is_empty));
            }
            let flush_waits = self.flush_waits.get(l);
            self.flush_waits.set(l, false);
            let needed = self.wake_needed_for_rest(l);
            let in_a_row = match needed {
                Some(_) => self.passes_in_a_row.get(l).wrapping_add(1),
                None => 0,
            };
            let pause = in_a_row >= port::config().passes_max;
            self.passes_in_a_row
                .set(l, if pause { 0 } else { in_a_row });
            (needed, pause, flush_waits)
        });
        if flush_waits {
            port::wake_sleepers();
        }
        if pause {
            // `woken_for` stays: what is pushed during the pause wakes at once.
            port::wake_executor_later();
        } else {
            self.wake(needed);
        }
    }

    /// Opens a region of the calling thread; see the module's documentation.
    #[inline]
    pub fn enter(&self) -> Result<(), EnterError> {
        if self.enter_no_wait()? {
            port::pass_wait();
        }
        Ok(())
    }

    /// Opens a region of the calling thread, without waiting for a function that runs; tells whether
    /// one does, in another thread.
    #[inline]
    pub fn enter_no_wait(&self) -> Result<bool, EnterError> {
        if port::in_interrupt() {
            return Err(EnterError::Interrupt);
        }
        port::own(|own| {
            port::locked(|l| {
                let regions = own.regions.get(l);
                if regions >= REGIONS_MAX {
                    return Err(EnterError::Overflow);
                }
                own.regions.set(l, regions + 1);
                self.holds.increment(l);
                Ok(self
                    .runner
                    .get(l)
                    .is_some_and(|runner| runner != port::current()))
            })
        })
    }

    /// Closes the innermost region of the calling thread.
    #[inline]
    pub fn exit(&self) -> Result<(), NotEntered> {
        if port::in_interrupt() {
            return Err(NotEntered);
        }
        let needed = port::own(|own| {
            port::locked(|l| {
                let regions = own.regions.get(l);
                if regions == 0 || regions == ENDED {
                    return Err(NotEntered);
                }
                own.regions.set(l, regions - 1);
                Ok(self.release(l, 1))
            })
        })?;
        self.wake(needed);
        Ok(())
    }

    /// Shows each function that is running or queued, and what it was given, in the order of the queue.
    /// Nothing is popped meanwhile; what is queued meanwhile may be shown. One caller at a time.
    pub fn for_each(&self, mut show: impl FnMut(Given)) -> Result<(), EnterError> {
        self.enter_no_wait()?;
        let running = port::locked(|l| {
            let running = self.running.get(l)?;
            Some(self.queue.given(l, running))
        });
        running.into_iter().for_each(&mut show);
        let mut given = port::locked(|l| self.queue.visit(l, true));
        while let Some(shown) = given {
            show(shown);
            given = port::locked(|l| self.queue.visit(l, false));
        }
        // The region was opened above.
        let _ = self.exit();
        Ok(())
    }

    /// Ends the pass of a function that was left without a return, by a longjmp or by unwinding. The
    /// caller is the thread that ran it; false if it runs none.
    pub fn abandon(&self) -> bool {
        let me = port::current();
        let is_running = !port::in_interrupt() && port::locked(|l| self.is_running(l, me));
        if is_running {
            self.settle();
            port::pass_unlock();
            self.end_of_pass();
        }
        is_running
    }

    /// Drops what is queued, and closes the caller's regions: how many of both. Waits for a function
    /// that is running in another thread.
    pub fn reset(&self) -> Result<(u32, u16), ResetError> {
        if port::in_interrupt() {
            return Err(ResetError::Interrupt);
        }
        let me = port::current();
        // One region of the caller's keeps functions from running meanwhile.
        let (regions, waits) = port::own(|own| {
            port::locked(|l| {
                let runner = self.runner.get(l);
                if runner == Some(me) {
                    return Err(ResetError::Inside);
                }
                let regions = self.take_regions(l, own);
                own.regions.set(l, 1);
                self.holds.increment(l);
                Ok((regions, runner.is_some()))
            })
        })?;
        if waits {
            port::pass_wait();
        }
        let mut dropped: u32 = 0;
        for _ in 0..port::locked(|l| self.queue.length(l)) {
            match port::locked(|l| self.queue.drop_first(l)) {
                Ok(was_one) => dropped = dropped.wrapping_add(was_one.into()),
                Err(Damaged) => port::report_damaged_task(),
            }
        }
        port::locked(|l| self.forget_wake(l));
        // The region was opened above.
        let _ = self.exit();
        Ok((dropped, regions))
    }

    /// Whether the poll executor would run something now. If it would not, the wake-up is used up: whoever
    /// makes that possible wakes again.
    pub fn has_work(&self, l: &Locked) -> bool {
        if !port::config().executor_poll || self.is_idle(l) {
            return false;
        }
        self.forget_wake(l);
        self.holds.get(l) == 0 && self.runner.get(l).is_none()
    }

    /// Whether nothing is queued.
    pub fn is_idle(&self, l: &Locked) -> bool {
        self.queue.is_empty(l)
    }

    /// Takes the open regions from a thread that is about to end, which still keep functions from
    /// running until [`Scheduler::thread_ended`] is told their number.
    pub fn thread_ending(&self, own: &OwnState) -> u16 {
        port::locked(|l| {
            let regions = own.regions.get(l);
            own.regions.set(l, ENDED);
            if regions == ENDED {
                0
            } else {
                regions
            }
        })
    }

    /// Closes the regions that were taken from a thread.
    pub fn close_regions(&self, thread: Thread, regions: u16) {
        if regions != 0 {
            let needed = port::locked(|l| self.release(l, regions));
            port::warn_region_of_ended_thread(thread);
            self.wake(needed);
        }
    }

    /// Closes the regions of a thread that has ended, and its pass.
    pub fn thread_ended(&self, thread: Thread, regions: u16) {
        self.close_regions(thread, regions);
        if port::locked(|l| self.is_running(l, thread)) {
            port::pass_abandoned(thread);
        }
    }

    /// Ends a pass in place of its thread, which has ended inside a function.
    pub fn abandoned(&self) {
        if let Some(call) = port::locked(|l| self.take_afterwards(l)) {
            call();
        }
        self.end_of_pass();
    }

    /// Has `call` called when the function that runs now has returned, and before the next one.
    pub fn after_this_function(&self, l: &Locked, call: fn()) {
        if self.afterwards.get(l).is_none() {
            self.holds.increment(l);
        }
        self.afterwards.set(l, Some(call));
    }

    fn take_afterwards(&self, l: &Locked) -> Option<fn()> {
        let afterwards = self.afterwards.get(l);
        if afterwards.is_some() {
            self.afterwards.set(l, None);
            self.holds.subtract(l, 1);
        }
        afterwards
    }

    /// Whether `thread` is inside a scheduled function.
    #[inline]
    pub fn is_running(&self, l: &Locked, thread: Thread) -> bool {
        self.runner.get(l) == Some(thread)
    }

    /// The counters, all of one moment.
    pub fn stats(&self) -> Stats {
        port::locked(|l| Stats {
            longest_cycles: self.longest_cycles.get(l),
            longest_function: self.longest_function.get(l),
            ..self.queue.stats(l)
        })
    }

    /// Takes back holds; the answer is for [`Scheduler::wake`].
    #[inline]
    fn release(&self, l: &Locked, holds: u16) -> Option<u32> {
        self.holds.subtract(l, holds.into());
        self.wake_needed_for_rest(l)
    }

    /// [`Scheduler::wake_needed`], unless nothing is left to do.
    #[inline]
    fn wake_needed_for_rest(&self, l: &Locked) -> Option<u32> {
        if self.queue.is_empty(l) && !self.flush_waits.get(l) {
            return None;
        }
        self.wake_needed(l)
    }

    /// The pass that the executor must be woken for, if nobody has done that.
    #[inline]
    fn wake_needed(&self, l: &Locked) -> Option<u32> {
        let pass = self.pass.get(l);
        (self.holds.get(l) == 0 && self.woken_for.load(Ordering::Relaxed) != pass).then_some(pass)
    }

    /// Wakes the executor for a pass, without the lock.
    #[inline]
    pub fn wake(&self, needed: Option<u32>) {
        if let Some(pass) = needed {
            port::wake_executor();
            self.woken_for.store(pass, Ordering::Relaxed);
        }
    }
}
