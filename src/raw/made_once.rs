// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! A static value that no constant expression can make.

use core::cell::UnsafeCell;
use core::mem::MaybeUninit;

use super::{Guarded, Locked};

/// A value that is made when somebody first asks for it.
pub struct MadeOnce<T> {
    is_made: Guarded<bool>,
    value: UnsafeCell<MaybeUninit<T>>,
}

// SAFETY: the value is written once, with the lock held, before there is a reference to it. It is shared
// from then on (`T: Sync`), and made in any thread (`T: Send`).
unsafe impl<T: Send + Sync> Sync for MadeOnce<T> {}

impl<T> MadeOnce<T> {
    /// Not made yet.
    pub const fn new() -> Self {
        MadeOnce {
            is_made: Guarded::new(false),
            value: UnsafeCell::new(MaybeUninit::uninit()),
        }
    }

    /// The value. `make` takes constant time: it runs under the lock.
    pub fn get(&self, l: &Locked, make: fn() -> T) -> &T {
        if !self.is_made.get(l) {
            // SAFETY: nobody has a reference yet, and the lock keeps everybody else out.
            unsafe { (*self.value.get()).write(make()) };
            self.is_made.set(l, true);
        }
        // SAFETY: it was written, and is never again.
        unsafe { (*self.value.get()).assume_init_ref() }
    }
}
