// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! Hooks for language runtimes and other loops that must know whether there is something to do.

#![forbid(unsafe_code)]

use core::sync::atomic::Ordering;

pub use crate::executor::ResetError;
use crate::executor::SCHEDULER;
use crate::pending::{self, Listener};
use crate::port::{self, PollError, MAYBE_PENDING};
use crate::raw::Hook;
use crate::{exception, heap_lock, kbd_intr};

/// Tells whether [`poll`](fn@crate::poll) would find something to do: a keyboard interrupt for the
/// calling thread, or functions with the poll executor. A load, mostly.
///
/// *Callable from* threads; inside a scheduled function and in interrupts nothing is pending.
#[inline]
pub fn pending() -> bool {
    MAYBE_PENDING.load(Ordering::Relaxed) && is_pending()
}

/// [`pending`] behind the load.
#[cold]
pub(crate) fn is_pending() -> bool {
    if port::in_interrupt() {
        return false;
    }
    let me = port::current();
    port::locked(|l| {
        let interrupt = kbd_intr::is_pending(l);
        // What is queued while a region is open becomes pending at its end.
        if !interrupt && SCHEDULER.is_idle(l) {
            MAYBE_PENDING.store(false, Ordering::Relaxed);
        }
        SCHEDULER.has_work(l) || interrupt && kbd_intr::is_for(l, me)
    })
}

/// Has `call` called whenever something becomes pending for some thread, in the context where that
/// happens: mostly an interrupt. If something is pending already, it is called now. `None` ends that.
///
/// It may be called once too often. It must not block.
///
/// *Callable from* threads and interrupts.
pub fn on_pending(call: Option<fn()>) {
    listen(Listener::Callback, call.map(Hook::of));
}

pub(crate) fn listen(listener: Listener, call: Option<Hook>) {
    let is_pending = port::locked(|l| {
        pending::set(l, listener, call);
        kbd_intr::is_pending(l) || SCHEDULER.has_work(l)
    });
    if let Some(call) = call.filter(|_| is_pending) {
        call.call();
    }
}

/// [`poll`](fn@crate::poll) that runs `most` functions at most.
///
/// *Callable from* threads.
///
/// # Errors
///
/// See [`PollError`].
#[inline]
pub fn poll_max(most: usize) -> Result<usize, PollError> {
    if port::in_interrupt() {
        return Err(PollError::InInterrupt);
    }
    kbd_intr::check().map_err(|kbd_intr::Interrupted| PollError::Interrupted)?;
    Ok(port::poll_pass(most))
}

/// [`poll_max`] that leaves a keyboard interrupt pending.
///
/// *Callable from* threads; in an interrupt it runs nothing.
pub fn poll_functions(most: usize) -> usize {
    if port::in_interrupt() {
        0
    } else {
        port::poll_pass(most)
    }
}

/// What a [`reset`] dropped.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
#[repr(C)]
pub struct Dropped {
    /// Functions and tasks that were queued.
    pub functions: u32,
    /// Critical regions of the caller's that were open.
    pub regions: u32,
    /// Depth of the heap lock: the caller's, or the whole system's.
    pub heap_depth: u32,
    /// Unread exceptions, those that were only counted included.
    pub exceptions: u32,
    /// Strings that were interned at run time.
    pub strings: u32,
    /// Whether a keyboard interrupt was pending.
    pub interrupt: bool,
}

/// A soft reset: drops what is queued, closes the caller's critical regions, unlocks the heap, and forgets
/// a pending interrupt and unread exceptions. Waits for a function that is running in another thread.
///
/// Interned strings stay.
///
/// *Callable from* threads.
///
/// # Errors
///
/// See [`ResetError`]; nothing was changed.
pub fn reset() -> Result<Dropped, ResetError> {
    let (functions, regions) = SCHEDULER.reset()?;
    #[cfg(feature = "embassy")]
    crate::embassy::after_reset();
    Ok(Dropped {
        functions,
        regions: regions.into(),
        heap_depth: heap_lock::reset().into(),
        exceptions: exception::clear() as u32,
        strings: 0,
        interrupt: kbd_intr::reset(),
    })
}
