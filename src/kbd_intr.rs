// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! Turn a character on the console into an interrupt of the running program.
//!
//! There is one interrupt: it is pending or not. Who takes it is decided when it is taken, so it
//! cannot stay behind with a thread that has ended or is no longer in the foreground.

#![forbid(unsafe_code)]

use core::sync::atomic::{AtomicBool, AtomicI16, Ordering};

use crate::config;
use crate::executor::SCHEDULER;
use crate::pending;
use crate::port::{self, Thread};
use crate::raw::{Guarded, Locked};

/// The code is neither a character's nor -1.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct InvalidCharacter;

/// The interrupt was pending and is taken.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Interrupted;

/// There is no foreground thread: the shell is at its prompt.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NoForeground;

/// Why a thread could not become the foreground thread.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum AttachError {
    /// Called from an interrupt.
    Interrupt,
}

/// The caller is not attached.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NotAttached;

const OFF: i16 = -1;

/// Read for every received byte without the lock; -1 equals no byte.
static CHARACTER: AtomicI16 = AtomicI16::new(config::KBD_INTR_CHAR);
/// Written with the lock held; read without it first, because mostly it is not set.
static PENDING: AtomicBool = AtomicBool::new(false);
static ATTACHED: Guarded<Option<Thread>> = Guarded::new(None);

/// Selects the character that interrupts; `None` switches capture off, which also clears an
/// interrupt that is pending.
///
/// *Callable from* every context.
///
/// # Examples
///
/// ```
/// micrort::kbd_intr::set(Some(4));
/// assert_eq!(micrort::kbd_intr::get(), Some(4));
/// ```
pub fn set(character: Option<u8>) {
    port::locked(|l| {
        CHARACTER.store(character.map_or(OFF, i16::from), Ordering::Relaxed);
        if character.is_none() {
            set_pending(l, false);
        }
    });
}

/// Selects the character by its code, 0 to 255, or -1 for none, as in the C API.
///
/// # Errors
///
/// [`InvalidCharacter`] for any other code; nothing was changed.
pub fn set_code(code: i32) -> Result<(), InvalidCharacter> {
    if code == i32::from(OFF) {
        set(None);
    } else {
        set(Some(u8::try_from(code).map_err(|_| InvalidCharacter)?));
    }
    Ok(())
}

/// Reads the character that interrupts.
///
/// *Callable from* every context.
pub fn get() -> Option<u8> {
    u8::try_from(CHARACTER.load(Ordering::Relaxed)).ok()
}

/// Shows a received byte to the matcher: whether it was the interrupt, and must not be handed to
/// the reader.
///
/// *Callable from* threads and interrupts; call it where the byte is received, before any buffer.
#[inline]
pub fn feed(byte: u8) -> bool {
    i16::from(byte) == CHARACTER.load(Ordering::Relaxed) && raise().is_ok()
}

/// Does by program what the character does. Works with capture off, too.
///
/// *Callable from* threads and interrupts.
///
/// # Errors
///
/// [`NoForeground`] if there is nobody to interrupt.
pub fn raise() -> Result<(), NoForeground> {
    let is_heard = port::locked(|l| {
        foreground(l).ok_or(NoForeground)?;
        set_pending(l, true);
        Ok(pending::note(l))
    })?;
    pending::tell(is_heard);
    Ok(())
}

/// Makes the calling thread the foreground thread. The last call wins; the end of the thread
/// detaches it.
///
/// *Callable from* threads.
///
/// # Errors
///
/// See [`AttachError`].
pub fn attach() -> Result<(), AttachError> {
    if port::in_interrupt() {
        return Err(AttachError::Interrupt);
    }
    let me = port::current();
    port::locked(|l| ATTACHED.set(l, Some(me)));
    Ok(())
}

/// Gives up being the foreground thread. An interrupt that is pending stays pending, for the next
/// foreground thread.
///
/// *Callable from* threads.
///
/// # Errors
///
/// [`NotAttached`] if the calling thread is not attached; nothing was changed.
pub fn detach() -> Result<(), NotAttached> {
    let me = port::current();
    if port::in_interrupt() || !detach_thread(me) {
        return Err(NotAttached);
    }
    Ok(())
}

/// Takes a pending interrupt.
///
/// *Callable from* threads; elsewhere, and inside a scheduled function, nothing is pending.
///
/// # Errors
///
/// [`Interrupted`] if one was pending for the calling thread.
#[inline]
pub fn check() -> Result<(), Interrupted> {
    if !PENDING.load(Ordering::Relaxed) {
        return Ok(());
    }
    take(false)
}

/// [`check`], which inside a scheduled function takes an interrupt, too, whoever is the foreground
/// thread: it stops a function that does not end.
///
/// *Callable from* threads; elsewhere nothing is pending.
///
/// # Errors
///
/// [`Interrupted`] if one was pending.
#[inline]
pub fn check_here() -> Result<(), Interrupted> {
    if !PENDING.load(Ordering::Relaxed) {
        return Ok(());
    }
    take(true)
}

#[cold]
fn take(inside: bool) -> Result<(), Interrupted> {
    if port::in_interrupt() {
        return Ok(());
    }
    let me = port::current();
    port::locked(|l| {
        if !is_pending(l) || !(is_for(l, me) || inside && SCHEDULER.is_running(l, me)) {
            return Ok(());
        }
        set_pending(l, false);
        Err(Interrupted)
    })
}

/// Whether an interrupt is pending for anybody.
#[inline]
pub(crate) fn is_pending(_: &Locked) -> bool {
    PENDING.load(Ordering::Relaxed)
}

/// Whether a thread takes the interrupt that is pending.
#[inline]
pub(crate) fn is_for(l: &Locked, thread: Thread) -> bool {
    foreground(l) == Some(thread) && !SCHEDULER.is_running(l, thread)
}

/// Forgets an interrupt that is pending; tells whether there was one.
pub(crate) fn reset() -> bool {
    port::locked(|l| {
        let was_pending = is_pending(l);
        set_pending(l, false);
        was_pending
    })
}

/// Forgets an interrupt that came for a command which has ended without taking it.
pub(crate) fn at_prompt() {
    let me = port::current();
    port::locked(|l| {
        if foreground(l).is_none_or(|foreground| foreground == me) {
            set_pending(l, false);
        }
    });
}

/// Detaches a thread; whether it was attached. The one that is foreground now may sleep.
pub(crate) fn detach_thread(thread: Thread) -> bool {
    let attached = port::locked(|l| {
        let attached = ATTACHED.get(l) == Some(thread);
        if attached {
            ATTACHED.set(l, None);
        }
        attached
    });
    if attached {
        pending::became();
    }
    attached
}

#[inline]
fn foreground(l: &Locked) -> Option<Thread> {
    ATTACHED.get(l).or_else(|| port::default_foreground(l))
}

#[inline]
fn set_pending(_: &Locked, pending: bool) {
    PENDING.store(pending, Ordering::Relaxed);
}
