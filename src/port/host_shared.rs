// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! What the host's threads wait for, and signals of the system's.
//!
//! With the feature `host-c-api` a handler of a signal may call what an interrupt may call. So signals are
//! blocked wherever a mutex of this port is held: a handler would wait for its own thread. They are not
//! blocked where a thread waits.

use std::sync::{Mutex, PoisonError};
use std::thread::{self, Thread};
use std::time::Instant;
use std::vec::Vec;

/// Keeps signals from the calling thread.
pub struct Blocked {
    #[cfg(feature = "host-c-api")]
    before: libc::sigset_t,
}

impl Blocked {
    pub fn new() -> Self {
        #[cfg(feature = "host-c-api")]
        {
            let mut all = core::mem::MaybeUninit::uninit();
            let mut before = core::mem::MaybeUninit::uninit();
            // SAFETY: the sets are written before they are read: neither call fails with these
            // arguments.
            unsafe {
                libc::sigfillset(all.as_mut_ptr());
                libc::pthread_sigmask(libc::SIG_SETMASK, all.as_ptr(), before.as_mut_ptr());
                Blocked {
                    before: before.assume_init(),
                }
            }
        }
        #[cfg(not(feature = "host-c-api"))]
        Blocked {}
    }
}

impl Drop for Blocked {
    fn drop(&mut self) {
        #[cfg(feature = "host-c-api")]
        // SAFETY: the set is the one that was in force.
        unsafe {
            libc::pthread_sigmask(
                libc::SIG_SETMASK,
                &raw const self.before,
                core::ptr::null_mut(),
            );
        }
    }
}

/// A value that threads share, and wait for a change of.
pub struct Shared<T>(Mutex<Inside<T>>);

struct Inside<T> {
    value: T,
    waiting: Vec<Thread>,
}

impl<T> Shared<T> {
    pub const fn new(value: T) -> Self {
        Shared(Mutex::new(Inside {
            value,
            waiting: Vec::new(),
        }))
    }

    fn inside<R>(&self, f: impl FnOnce(&mut Inside<T>) -> R) -> R {
        // Dropped last.
        let _blocked = Blocked::new();
        // A panic of a test leaves every value here as it should be.
        let mut inside = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        f(&mut inside)
    }

    /// Looks at the value.
    pub fn with<R>(&self, f: impl FnOnce(&mut T) -> R) -> R {
        self.inside(|inside| f(&mut inside.value))
    }

    /// Changes the value. Does not allocate.
    pub fn change(&self, change: impl FnOnce(&mut T)) {
        self.inside(|inside| {
            change(&mut inside.value);
            inside.waiting.iter().for_each(Thread::unpark);
        });
    }

    /// Waits until `is_over` says so.
    pub fn wait(&self, is_over: impl FnMut(&mut T) -> bool) {
        self.wait_until(None, is_over);
    }

    /// [`Shared::wait`] until a moment; false if that came first.
    pub fn wait_until(
        &self,
        end: Option<Instant>,
        mut is_over: impl FnMut(&mut T) -> bool,
    ) -> bool {
        let me = thread::current();
        let is_me = |other: &Thread| other.id() == me.id();
        if self.with(&mut is_over) {
            return true;
        }
        self.inside(|inside| inside.waiting.push(me.clone()));
        let over = loop {
            // Behind the entry in the list, so that no change falls between look and wait.
            if self.with(&mut is_over) {
                break true;
            }
            let Some(end) = end else {
                thread::park();
                continue;
            };
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                break false;
            }
            thread::park_timeout(left);
        };
        self.inside(|inside| inside.waiting.retain(|other| !is_me(other)));
        over
    }
}
