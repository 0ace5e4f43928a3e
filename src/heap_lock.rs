// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! Forbid heap allocation for a while (design: *heap_lock*).

#![forbid(unsafe_code)]

use core::marker::PhantomData;
use core::sync::atomic::Ordering;

use crate::config;
use crate::depths::{Change, DepthError};
#[cfg(not(loom))]
pub use crate::port::Allocator;
use crate::port::{self, HeapDepths, Thread, HEAP_DEPTHS};
use crate::raw::{Guarded, Locked};

/// Why the heap could not be locked one level deeper.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum LockError {
    /// The depth is `u16::MAX`.
    Overflow,
    /// Too many other threads hold locks.
    TooManyThreads,
}

/// The heap is not locked.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NotLocked;

/// What is known of the allocations that were refused. All zero when none was.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Refusals {
    /// Number of refused allocations since boot; wraps.
    pub count: u32,
    /// Size that the last one asked for, in bytes.
    pub size: usize,
    /// Address of the code that made the last one; 0 where it is not known.
    pub caller: usize,
    /// Thread that made the last one, or that it interrupted.
    pub thread: Option<Thread>,
    /// Whether the last one was made in an interrupt.
    pub in_interrupt: bool,
}

impl Refusals {
    /// None yet.
    pub(crate) const NONE: Refusals = Refusals {
        count: 0,
        size: 0,
        caller: 0,
        thread: None,
        in_interrupt: false,
    };
}

/// The heap is locked while this lives. It cannot leave its thread.
///
/// # Examples
///
/// ```
/// use micrort::heap_lock;
///
/// let guard = heap_lock::lock()?;
/// assert_eq!(heap_lock::depth(), 1);
/// drop(guard);
/// assert_eq!(heap_lock::depth(), 0);
/// # Ok::<(), heap_lock::LockError>(())
/// ```
///
/// ```compile_fail
/// fn send<T: Send>(_: T) {}
/// send(micrort::heap_lock::lock().unwrap());
/// ```
#[must_use = "the heap is unlocked when this is dropped"]
pub struct Guard(PhantomData<*const ()>);

impl Drop for Guard {
    fn drop(&mut self) {
        // Fails only where the prompt, or a surplus unlock in C, has unlocked already.
        let _ = unlock_level(&HEAP_DEPTHS, port::current());
    }
}

/// Locks the heap one level deeper.
///
/// *Callable from* threads, interrupts (which count as the thread that they interrupted), and
/// before the kernel has started.
///
/// # Errors
///
/// See [`LockError`]; nothing was changed.
pub fn lock() -> Result<Guard, LockError> {
    lock_level(&HEAP_DEPTHS, port::current()).map(|()| Guard(PhantomData))
}

/// Reads the depth; 0 means that the heap is not locked.
///
/// *Callable from* every context.
pub fn depth() -> u16 {
    depth_of(port::current())
}

/// Reads the record of refused allocations.
///
/// *Callable from* every context.
pub fn refusals() -> Refusals {
    port::locked(|l| port::REFUSALS.get(l))
}

/// Locks without a guard, as a command does whose lock the prompt undoes.
#[cfg(not(loom))]
pub(crate) fn lock_once() -> Result<(), LockError> {
    lock_further(port::current())
}

/// Undoes one lock; returns the depth.
#[cfg(not(loom))]
pub(crate) fn unlock_once() -> Result<u16, NotLocked> {
    unlock_further(port::current())
}

/// Locks without a guard. The C API knows shorter ways to the addresses of both arguments.
#[inline(always)]
pub(crate) fn lock_level(depths: &HeapDepths, me: Thread) -> Result<(), LockError> {
    if config::HEAP_LOCK_PER_THREAD && depths.take(me) {
        Ok(())
    } else {
        lock_further(me)
    }
}

#[inline(never)]
fn lock_further(me: Thread) -> Result<(), LockError> {
    if config::HEAP_LOCK_PER_THREAD {
        return change(me, Change::Deepen).map_err(|error| match error {
            DepthError::TooManyThreads => LockError::TooManyThreads,
            DepthError::Overflow | DepthError::Zero => LockError::Overflow,
        });
    }
    port::locked(|l| {
        let deeper = system_depth().checked_add(1).ok_or(LockError::Overflow)?;
        set_system_depth(l, deeper);
        Ok(())
    })
}

/// Unlocks one level and returns the depth.
#[inline(always)]
pub(crate) fn unlock_level(depths: &HeapDepths, me: Thread) -> Result<u16, NotLocked> {
    if config::HEAP_LOCK_PER_THREAD && depths.give_back(me) {
        Ok(0)
    } else {
        unlock_further(me)
    }
}

#[inline(never)]
fn unlock_further(me: Thread) -> Result<u16, NotLocked> {
    if config::HEAP_LOCK_PER_THREAD {
        change(me, Change::Lessen).map_err(|_| NotLocked)?;
        return Ok(HEAP_DEPTHS.depth(me));
    }
    port::locked(|l| {
        let depth = system_depth().checked_sub(1).ok_or(NotLocked)?;
        set_system_depth(l, depth);
        Ok(depth)
    })
}

/// Changes a thread's depth, whoever else holds a lock.
#[inline(never)]
fn change(thread: Thread, change: Change) -> Result<(), DepthError> {
    let result = HEAP_DEPTHS.change(thread, change);
    port::locked(|l| HEAP_DEPTHS.fold(l));
    result
}

/// [`refuse`] with the look that lets most allocations through.
#[inline(always)]
pub(crate) fn is_refused(size: usize, caller: usize) -> bool {
    let look = if config::HEAP_LOCK_PER_THREAD {
        HEAP_DEPTHS.any()
    } else {
        system_depth() != 0
    };
    (config::HEAP_LOCK_ISR || look) && refuse(size, caller)
}

/// Whether the caller may not allocate; if so, the refusal is recorded.
#[inline(always)]
pub(crate) fn refuse(size: usize, caller: usize) -> bool {
    let in_interrupt = port::in_interrupt();
    let me = port::current();
    let refused = (config::HEAP_LOCK_ISR && in_interrupt) || depth_of(me) != 0;
    if refused {
        port::locked(|l| {
            port::REFUSALS.set(
                l,
                Refusals {
                    count: port::REFUSALS.get(l).count.wrapping_add(1),
                    size,
                    caller,
                    thread: Some(me),
                    in_interrupt,
                },
            );
        });
        #[cfg(not(loom))]
        if config::EXCEPTION_HEAP_REFUSED {
            crate::exception::heap_refused(caller);
        }
    }
    refused
}

/// Depth of the whole system's lock when a console's thread began its command.
static BEFORE_COMMAND: Guarded<Option<(Thread, u16)>> = Guarded::new(None);

/// Notes what the caller's next command finds locked.
pub(crate) fn before_command() {
    let me = port::current();
    port::locked(|l| BEFORE_COMMAND.set(l, Some((me, system_depth()))));
}

/// Undoes what the caller's command has left locked; returns how deep that was.
pub(crate) fn after_command() -> u16 {
    let me = port::current();
    if config::HEAP_LOCK_PER_THREAD {
        return release(me);
    }
    port::locked(|l| {
        let Some((_, before)) = BEFORE_COMMAND.get(l).filter(|(thread, _)| *thread == me) else {
            return 0;
        };
        BEFORE_COMMAND.set(l, None);
        let left = system_depth().saturating_sub(before);
        set_system_depth(l, system_depth() - left);
        left
    })
}

/// Undoes the lock of a thread altogether; returns how deep it was. One lock for the whole system
/// is no thread's.
pub(crate) fn release(thread: Thread) -> u16 {
    let depth = HEAP_DEPTHS.depth(thread);
    if depth != 0 {
        let _ = change(thread, Change::Clear);
    }
    depth
}

#[inline(always)]
fn depth_of(me: Thread) -> u16 {
    if config::HEAP_LOCK_PER_THREAD {
        HEAP_DEPTHS.depth(me)
    } else {
        system_depth()
    }
}

fn system_depth() -> u16 {
    port::HEAP_LOCK_DEPTH.load(Ordering::Relaxed) as u16
}

fn set_system_depth(_: &Locked, depth: u16) {
    port::HEAP_LOCK_DEPTH.store(depth.into(), Ordering::Relaxed);
}
