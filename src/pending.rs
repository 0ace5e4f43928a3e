// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! Something has become pending: who sleeps or waits for that is told.

#![forbid(unsafe_code)]

use core::sync::atomic::Ordering;

use crate::port::{self, MAYBE_PENDING};
use crate::raw::{Guarded, Hook, Locked};

/// Who is told. The signal is only the glue's.
#[derive(Clone, Copy)]
pub enum Listener {
    Callback,
    #[cfg(feature = "zephyr")]
    Signal,
}

static CALLBACK: Guarded<Option<Hook>> = Guarded::new(None);
static SIGNAL: Guarded<Option<Hook>> = Guarded::new(None);
/// Whether there is one of them.
static IS_HEARD: Guarded<bool> = Guarded::new(false);

/// Sets who is told from now on.
pub fn set(l: &Locked, listener: Listener, call: Option<Hook>) {
    match listener {
        Listener::Callback => CALLBACK.set(l, call),
        #[cfg(feature = "zephyr")]
        Listener::Signal => SIGNAL.set(l, call),
    }
    IS_HEARD.set(l, CALLBACK.get(l).is_some() || SIGNAL.get(l).is_some());
}

/// Something has become pending. Without the lock.
pub fn became() {
    tell(port::locked(note));
}

/// The first half of [`became`], for a caller that has the lock.
#[inline]
pub fn note(l: &Locked) -> bool {
    MAYBE_PENDING.store(true, Ordering::Relaxed);
    IS_HEARD.get(l)
}

/// The second half, without the lock.
#[inline]
pub fn tell(is_heard: bool) {
    port::wake_sleepers();
    if is_heard {
        call_listeners();
    }
}

#[cold]
fn call_listeners() {
    for call in port::locked(|l| [CALLBACK.get(l), SIGNAL.get(l)])
        .into_iter()
        .flatten()
    {
        call.call();
    }
}
