// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! Forbid heap allocation for a while.

#![forbid(unsafe_code)]

use core::marker::PhantomData;

use crate::port::{self, OwnState, Thread, HEAP_LOCKS, SYSTEM_HEAP_DEPTH};
use crate::raw::{Guarded, Locked};

/// The depth is [`DEPTH_MAX`] already.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct LockError;

/// Largest depth.
pub const DEPTH_MAX: u16 = u16::MAX;

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
    /// Thread that made the last one, or that it interrupted; none once it has ended.
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
        let _ = unlock_level();
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
    lock_level().map(|()| Guard(PhantomData))
}

/// Reads the depth; 0 means that the heap is not locked.
///
/// *Callable from* every context.
pub fn depth() -> u16 {
    port::own(|own| port::locked(|l| depth_in(own).get(l)))
}

/// Reads the record of refused allocations.
///
/// *Callable from* every context.
pub fn refusals() -> Refusals {
    port::locked(|l| REFUSALS.get(l))
}

/// Locks without a guard.
///
/// *Callable from* every context that [`lock`] may be called from.
///
/// # Errors
///
/// See [`LockError`]; nothing was changed.
// Commands have a copy, so that a call takes no other.
#[inline(always)]
pub fn lock_level() -> Result<(), LockError> {
    change(|depth| depth.checked_add(1))
        .ok_or(LockError)
        .map(|_| ())
}

/// Undoes one lock that has no guard, and returns the depth that is left.
///
/// *Callable from* every context that [`lock`] may be called from.
///
/// # Errors
///
/// [`NotLocked`] if the depth is 0; nothing was changed.
#[inline(always)]
pub fn unlock_level() -> Result<u16, NotLocked> {
    change(|depth| depth.checked_sub(1)).ok_or(NotLocked)
}

/// Undoes all locks of the caller's, or of the whole system; returns how deep they were.
pub(crate) fn reset() -> u16 {
    let mut before = 0;
    change(|depth| {
        before = depth;
        Some(0)
    });
    before
}

/// Changes the caller's depth, and returns the new one; none: it stays.
#[inline]
fn change(to: impl FnOnce(u16) -> Option<u16>) -> Option<u16> {
    port::own(|own| {
        port::locked(|l| {
            let depth = depth_in(own);
            let new = to(depth.get(l))?;
            set_depth(l, depth, new);
            Some(new)
        })
    })
}

/// Changes a depth, and whether the thread that it counts for counts in [`HEAP_LOCKS`].
#[inline]
fn set_depth(l: &Locked, depth: &Guarded<u16>, new: u16) {
    let before = depth.get(l);
    depth.set(l, new);
    HEAP_LOCKS.add(l, u32::from(new != 0));
    HEAP_LOCKS.subtract(l, u32::from(before != 0));
}

/// Takes a thread out of [`HEAP_LOCKS`] that is about to end.
pub(crate) fn thread_ending(own: &OwnState) {
    if !port::config().heap_lock_system {
        port::locked(|l| set_depth(l, &own.heap_depth, 0));
    }
}

/// The depth that counts for a thread.
#[inline]
fn depth_in(own: &OwnState) -> &Guarded<u16> {
    if !port::config().heap_lock_system {
        &own.heap_depth
    } else {
        &SYSTEM_HEAP_DEPTH
    }
}

/// The record of refused allocations.
static REFUSALS: Guarded<Refusals> = Guarded::new(Refusals::NONE);

/// Forgets who was refused last, if it is a thread that has ended: nobody may look at it any more.
pub(crate) fn thread_ended(thread: Thread) {
    port::locked(|l| {
        let refusals = REFUSALS.get(l);
        if refusals.thread == Some(thread) {
            REFUSALS.set(
                l,
                Refusals {
                    thread: None,
                    ..refusals
                },
            );
        }
    });
}

/// Whether the library may not allocate for its caller.
#[inline(never)]
pub(crate) fn is_refused(size: usize) -> bool {
    port::config().heap_lock && is_refused_at(size, 0)
}

/// Whether the caller at an address may not allocate; if so, the refusal is recorded, and raised where that is
/// configured. Inlined into the one function that C's allocations call.
#[inline(always)]
pub(crate) fn is_refused_at(size: usize, caller: usize) -> bool {
    let refused = refuse(size, caller);
    if refused {
        port::allocation_refused(caller);
    }
    refused
}

/// Whether the caller may not allocate; if so, the refusal is recorded.
#[inline(always)]
fn refuse(size: usize, caller: usize) -> bool {
    let in_interrupt = port::in_interrupt();
    port::own(|own| {
        port::locked(|l| {
            if depth_in(own).get(l) == 0 && !(port::config().heap_lock_isr && in_interrupt) {
                return false;
            }
            REFUSALS.set(
                l,
                Refusals {
                    count: REFUSALS.get(l).count.wrapping_add(1),
                    size,
                    caller,
                    thread: Some(port::current()),
                    in_interrupt,
                },
            );
            true
        })
    })
}

/// Depth of the whole system's lock when a console's thread began its command.
static BEFORE_COMMAND: Guarded<Option<(Thread, u16)>> = Guarded::new(None);

/// Notes what the caller's next command finds locked.
pub(crate) fn before_command() {
    let me = port::current();
    port::locked(|l| BEFORE_COMMAND.set(l, Some((me, SYSTEM_HEAP_DEPTH.get(l)))));
}

/// Undoes what the caller's command has left locked; returns how deep that was.
pub(crate) fn after_command() -> u16 {
    let me = port::current();
    port::own(|own| {
        port::locked(|l| {
            let depth = depth_in(own);
            let before = if !port::config().heap_lock_system {
                0
            } else {
                let Some((_, before)) = before_of(l, me) else {
                    return 0;
                };
                BEFORE_COMMAND.set(l, None);
                before
            };
            let left = depth.get(l).saturating_sub(before);
            set_depth(l, depth, depth.get(l) - left);
            left
        })
    })
}

fn before_of(l: &Locked, me: Thread) -> Option<(Thread, u16)> {
    BEFORE_COMMAND.get(l).filter(|(thread, _)| *thread == me)
}
