// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! Turn a character on the console into an interrupt of the running program.
//!
//! Each console has one interrupt: it is pending or not. Who takes it is decided when it is taken, so
//! it cannot stay behind with a thread that has ended or is no longer in the foreground.
//!
//! The functions here that name no console mean [`MAIN`].

#![forbid(unsafe_code)]

use core::iter;
use core::sync::atomic::{AtomicUsize, Ordering};

use crate::executor::SCHEDULER;
use crate::pending;
use crate::port::{self, kbd_intr_char, Thread};
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

/// The number of consoles whose interrupt is pending. Written with the lock held; read without it first,
/// because mostly it is 0.
static PENDING: AtomicUsize = AtomicUsize::new(0);

/// The console that need not be named: on Zephyr the chosen `micrort,kbd-uart`, or the only one. The first
/// of the list.
pub static MAIN: Console = Console {
    is_listed: Guarded::new(true),
    ..Console::new()
};

/// A console. `struct micrort_console` in C.
#[repr(C)]
pub struct Console {
    /// The shell on it, as the port names it; 0 for none. Only written.
    shell: AtomicUsize,
    next: Guarded<Option<&'static Console>>,
    attached: Guarded<Option<Thread>>,
    /// Who runs a command of its shell in another thread than the shell's.
    borrower: Guarded<Option<Thread>>,
    /// Whether it is in the list: it is once there is something to know of it.
    is_listed: Guarded<bool>,
    pending: Guarded<bool>,
}

impl Default for Console {
    fn default() -> Self {
        Self::new()
    }
}

impl Console {
    /// A console without a shell: its foreground thread is the main thread while none is attached.
    pub const fn new() -> Self {
        Console {
            shell: AtomicUsize::new(0),
            next: Guarded::new(None),
            attached: Guarded::new(None),
            borrower: Guarded::new(None),
            is_listed: Guarded::new(false),
            pending: Guarded::new(false),
        }
    }

    /// [`feed`](fn@feed) for this console.
    #[inline]
    pub fn feed(&'static self, byte: u8) -> bool {
        i16::from(byte) == kbd_intr_char().load(Ordering::Relaxed) && self.raise().is_ok()
    }

    /// [`raise`](fn@raise) for this console.
    ///
    /// # Errors
    ///
    /// [`NoForeground`] if there is nobody to interrupt.
    pub fn raise(&'static self) -> Result<(), NoForeground> {
        let is_heard = port::locked(|l| {
            self.foreground(l).ok_or(NoForeground)?;
            if !self.pending.get(l) {
                self.list(l);
                self.pending.set(l, true);
                PENDING.store(pending_consoles(l) + 1, Ordering::Relaxed);
            }
            Ok(pending::note(l))
        })?;
        pending::tell(is_heard);
        Ok(())
    }

    /// [`attach`](fn@attach) to this console.
    ///
    /// # Errors
    ///
    /// See [`AttachError`].
    pub fn attach(&'static self) -> Result<(), AttachError> {
        if port::in_interrupt() {
            return Err(AttachError::Interrupt);
        }
        let me = port::current();
        port::locked(|l| {
            self.list(l);
            self.attached.set(l, Some(me));
        });
        Ok(())
    }

    /// Forgets an interrupt that came for a command which has ended without taking it.
    pub(crate) fn at_prompt(&'static self) {
        let me = port::current();
        port::locked(|l| {
            if self.foreground(l).is_none_or(|foreground| foreground == me) {
                self.forget(l);
            }
        });
    }

    /// Says which shell stands on it; 0 for none.
    #[cfg(feature = "zephyr")]
    pub(crate) fn set_shell(&self, shell: usize) {
        self.shell.store(shell, Ordering::Relaxed);
    }

    /// Says which thread, other than its shell's own, runs a command of that.
    #[cfg(feature = "zephyr")]
    pub(crate) fn lend(&'static self, borrower: Option<Thread>) {
        port::locked(|l| {
            self.list(l);
            self.borrower.set(l, borrower);
        });
    }

    fn foreground(&self, l: &Locked) -> Option<Thread> {
        self.attached
            .get(l)
            .or_else(|| self.borrower.get(l))
            .or_else(|| port::default_foreground(l, self.shell.load(Ordering::Relaxed)))
    }

    /// Whether its interrupt is pending and a thread takes that.
    fn is_for(&self, l: &Locked, thread: Thread) -> bool {
        self.pending.get(l)
            && self.foreground(l) == Some(thread)
            && !SCHEDULER.is_running(l, thread)
    }

    fn list(&'static self, l: &Locked) {
        if !self.is_listed.get(l) {
            self.is_listed.set(l, true);
            self.next.set(l, MAIN.next.get(l));
            MAIN.next.set(l, Some(self));
        }
    }

    fn forget(&self, l: &Locked) {
        if self.pending.get(l) {
            self.pending.set(l, false);
            PENDING.store(pending_consoles(l) - 1, Ordering::Relaxed);
        }
    }
}

fn pending_consoles(_: &Locked) -> usize {
    PENDING.load(Ordering::Relaxed)
}

/// Those of which there is something to know.
fn consoles(l: &Locked) -> impl Iterator<Item = &'static Console> + use<'_> {
    iter::successors(Some(&MAIN), |console| console.next.get(l))
}

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
        kbd_intr_char().store(character.map_or(OFF, i16::from), Ordering::Relaxed);
        if character.is_none() {
            forget_all(l);
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
    u8::try_from(kbd_intr_char().load(Ordering::Relaxed)).ok()
}

/// Shows a received byte to the matcher: whether it was the interrupt, and must not be handed to
/// the reader.
///
/// *Callable from* threads and interrupts; call it where the byte is received, before any buffer.
#[inline]
pub fn feed(byte: u8) -> bool {
    MAIN.feed(byte)
}

/// Does by program what the character does. Works with capture off, too.
///
/// *Callable from* threads and interrupts.
///
/// # Errors
///
/// [`NoForeground`] if there is nobody to interrupt.
pub fn raise() -> Result<(), NoForeground> {
    MAIN.raise()
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
    MAIN.attach()
}

/// Gives up being the foreground thread, of whichever console. An interrupt that is pending stays
/// pending, for the next foreground thread.
///
/// *Callable from* threads.
///
/// # Errors
///
/// [`NotAttached`] if the calling thread is not attached; nothing was changed.
pub fn detach() -> Result<(), NotAttached> {
    let me = port::current();
    if port::in_interrupt() || !detach_thread(me, false) {
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
    if PENDING.load(Ordering::Relaxed) == 0 {
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
    if PENDING.load(Ordering::Relaxed) == 0 {
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
        let inside = inside && SCHEDULER.is_running(l, me);
        let taken =
            consoles(l).find(|console| inside && console.pending.get(l) || console.is_for(l, me));
        match taken {
            Some(console) => {
                console.forget(l);
                Err(Interrupted)
            }
            None => Ok(()),
        }
    })
}

/// Whether an interrupt is pending for anybody.
#[inline]
pub(crate) fn is_pending(l: &Locked) -> bool {
    pending_consoles(l) != 0
}

/// Whether an interrupt is pending that a thread takes.
pub(crate) fn is_for(l: &Locked, thread: Thread) -> bool {
    consoles(l).any(|console| console.is_for(l, thread))
}

/// Forgets the interrupts that are pending; tells whether there was one.
pub(crate) fn reset() -> bool {
    port::locked(|l| {
        let was_pending = is_pending(l);
        forget_all(l);
        was_pending
    })
}

/// Takes a thread from the foreground, also from where it has borrowed it if it has `ended`; whether it
/// was attached. The one that is foreground now may sleep.
pub(crate) fn detach_thread(thread: Thread, ended: bool) -> bool {
    let mut attached = false;
    port::locked(|l| {
        for console in consoles(l) {
            if console.attached.get(l) == Some(thread) {
                console.attached.set(l, None);
                attached = true;
            }
            if ended && console.borrower.get(l) == Some(thread) {
                console.borrower.set(l, None);
            }
        }
    });
    if attached {
        pending::became();
    }
    attached
}

fn forget_all(l: &Locked) {
    for console in consoles(l) {
        console.forget(l);
    }
}
