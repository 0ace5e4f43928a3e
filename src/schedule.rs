// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! Run functions very soon, outside the interrupt that asks for it.
//!
//! Functions and tasks share one first-in first-out queue. One executor runs each accepted entry
//! exactly once, to its end, never one inside another.

#![forbid(unsafe_code)]

use core::fmt;
use core::marker::PhantomData;
use core::time::Duration;

use crate::executor::SCHEDULER;
pub use crate::executor::{Cancelled, EnterError, FlushError, NotEntered, REGIONS_MAX};
use crate::port;
pub use crate::port::PollError;
pub use crate::queue::{Pushed, Stats};
use crate::raw::Closure;
pub use crate::raw::Task;
use crate::runtime;

/// The queue was full; the function comes back.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct ScheduleError<F>(pub F);

impl<F> fmt::Debug for ScheduleError<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ScheduleError(..)")
    }
}

/// Queues a function.
///
/// Constant time: never blocks, never allocates. The closure must fit into one pointer
/// (with `CONFIG_MICRORT_SCHEDULE_SECOND_ARGUMENT` and on the host two), which is checked when it is
/// compiled: capture nothing, a small value, or a `&'static` reference.
///
/// *Callable from* threads, interrupts, and before the kernel has started; not from a zero-latency
/// interrupt.
///
/// # Errors
///
/// [`ScheduleError`] gives the function back when all slots are taken
/// (`CONFIG_MICRORT_SCHEDULE_DEPTH`, 8 on the host). Nothing was queued; the refusal was counted.
///
/// # Examples
///
/// ```
/// use core::sync::atomic::{AtomicU32, Ordering};
/// static PRESSED: AtomicU32 = AtomicU32::new(0);
///
/// micrort::schedule(|| { PRESSED.fetch_add(1, Ordering::Relaxed); })?;
/// # Ok::<(), micrort::schedule::ScheduleError<_>>(())
/// ```
///
/// A closure that borrows from the caller's stack does not compile:
///
/// ```compile_fail
/// let local = 1;
/// let _ = micrort::schedule(|| { let _ = &local; });
/// ```
///
/// Nor does one that is too large:
///
/// ```compile_fail
/// let large = [0u64; 4];
/// let _ = micrort::schedule(move || drop(large));
/// ```
#[inline]
pub fn schedule<F: FnOnce() + Send + 'static>(function: F) -> Result<(), ScheduleError<F>> {
    SCHEDULER
        .schedule(Closure::new(function))
        .map_err(|closure| {
            port::queue_was_full();
            ScheduleError(closure.into_inner())
        })
}

impl<T: Sync + 'static> Task<T> {
    /// Queues the task.
    ///
    /// While it is queued, further calls join the run that waits, and the answer says so. The task
    /// leaves the queue before its function runs, so the function may schedule its own task.
    ///
    /// *Callable from* threads, interrupts, and before the kernel has started.
    #[inline]
    pub fn schedule(&'static self) -> Pushed {
        // A task that is made here has a function.
        SCHEDULER
            .schedule_task(self.reference())
            .unwrap_or(Pushed::Joined)
    }

    /// Whether the task is queued.
    ///
    /// *Callable from* threads, interrupts, and before the kernel has started.
    pub fn is_queued(&'static self) -> bool {
        SCHEDULER.is_queued(self.reference())
    }

    /// Takes the task out of the queue, and tells whether its function is running all the same.
    ///
    /// *Callable from* threads, interrupts, and before the kernel has started.
    ///
    /// # Examples
    ///
    /// ```
    /// static LATE: micrort::Task = micrort::Task::new((), |_| {});
    ///
    /// LATE.schedule();
    /// if LATE.cancel().was_queued {
    ///     assert!(!LATE.is_queued());
    /// }
    /// ```
    pub fn cancel(&'static self) -> Cancelled {
        SCHEDULER.cancel(self.reference())
    }

    /// Takes the task out of the queue and waits until its function does not run; tells whether it
    /// was queued. Inside that function it does not wait.
    ///
    /// *Callable from* threads.
    ///
    /// # Errors
    ///
    /// See [`EnterError`]. The task was taken out all the same.
    pub fn cancel_sync(&'static self) -> Result<bool, EnterError> {
        SCHEDULER.cancel_sync(self.reference())
    }

    /// Waits until a task that is queued or running has run; tells whether it was.
    ///
    /// *Callable from* threads.
    ///
    /// # Errors
    ///
    /// See [`FlushError`].
    pub fn flush(&'static self) -> Result<bool, FlushError> {
        SCHEDULER.flush_task(self.reference())
    }
}

/// Waits until all that was accepted before has run.
///
/// *Callable from* threads.
///
/// # Errors
///
/// See [`FlushError`].
///
/// # Examples
///
/// ```
/// use core::sync::atomic::{AtomicBool, Ordering};
/// static DONE: AtomicBool = AtomicBool::new(false);
///
/// micrort::host::start();
/// micrort::schedule(|| DONE.store(true, Ordering::Relaxed))?;
/// micrort::schedule::flush().unwrap();
/// assert!(DONE.load(Ordering::Relaxed));
/// # Ok::<(), micrort::schedule::ScheduleError<_>>(())
/// ```
pub fn flush() -> Result<(), FlushError> {
    SCHEDULER.flush()
}

/// A critical region: while it is open, no scheduled function is running or will run. Queueing
/// goes on. Dropping it closes it.
///
/// Regions nest, and regions of different threads may overlap.
///
/// # Examples
///
/// ```
/// let region = micrort::Region::enter()?;
/// // Nothing that is scheduled runs here.
/// drop(region);
/// # Ok::<(), micrort::schedule::EnterError>(())
/// ```
///
/// A region belongs to its thread:
///
/// ```compile_fail
/// fn send<T: Send>(_: T) {}
/// send(micrort::Region::enter().unwrap());
/// ```
#[must_use = "the region closes when this is dropped"]
pub struct Region(PhantomData<*const ()>);

impl Region {
    /// Opens a region. Waits for a function that is running, and lends it the caller's priority;
    /// inside a scheduled function it returns at once.
    ///
    /// *Callable from* threads.
    ///
    /// # Errors
    ///
    /// See [`EnterError`].
    pub fn enter() -> Result<Self, EnterError> {
        SCHEDULER.enter().map(|()| Region(PhantomData))
    }

    /// Opens a region without waiting for a function that is running; tells whether one is, in another
    /// thread. For who holds a lock that functions take.
    ///
    /// *Callable from* threads.
    ///
    /// # Errors
    ///
    /// See [`EnterError`].
    ///
    /// # Examples
    ///
    /// ```
    /// let (region, is_running) = micrort::Region::enter_no_wait()?;
    /// assert!(!is_running);
    /// drop(region);
    /// # Ok::<(), micrort::schedule::EnterError>(())
    /// ```
    pub fn enter_no_wait() -> Result<(Self, bool), EnterError> {
        let is_running = SCHEDULER.enter_no_wait()?;
        Ok((Region(PhantomData), is_running))
    }
}

impl Drop for Region {
    fn drop(&mut self) {
        // Fails only where a scheduled function kept the guard beyond its end: closed by then.
        let _ = SCHEDULER.exit();
    }
}

/// Takes a pending keyboard interrupt, or else gives the executor its turn.
///
/// With the poll executor one pass over the queue runs in the calling thread, and the answer is
/// how many functions ran. Inside a scheduled function it does nothing.
///
/// *Callable from* threads.
///
/// # Errors
///
/// See [`PollError`].
#[inline]
pub fn poll() -> Result<usize, PollError> {
    runtime::poll_max(usize::MAX)
}

/// Sleeps, with [`poll`] whenever there is something for it to do.
///
/// *Callable from* threads.
///
/// # Errors
///
/// See [`PollError`].
pub fn sleep(duration: Duration) -> Result<(), PollError> {
    port::sleep(duration, poll)
}

/// Reads the counters, all at one moment.
///
/// *Callable from* threads, interrupts, and before the kernel has started.
pub fn stats() -> Stats {
    SCHEDULER.stats()
}
