// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! State that only the holder of the one lock may touch.

use core::cell::Cell;

/// Proof that the lock is held. The port's `locked()` lends it to a closure.
pub struct Locked(());

impl Locked {
    /// # Safety
    ///
    /// The caller holds the port's lock for as long as the value lives.
    pub(super) unsafe fn new() -> Self {
        Locked(())
    }
}

/// A value that can be reached from every context, with the lock held.
#[repr(transparent)]
pub struct Guarded<T>(Cell<T>);

// SAFETY: every access takes a `&Locked`, and there is one lock for all of them, so no two happen
// at once; `T: Send` because the accesses come from different threads.
unsafe impl<T: Send> Sync for Guarded<T> {}

impl<T: Copy> Guarded<T> {
    /// Wraps a value.
    pub const fn new(value: T) -> Self {
        Guarded(Cell::new(value))
    }

    /// Reads the value.
    #[inline(always)]
    pub fn get(&self, _: &Locked) -> T {
        self.0.get()
    }

    /// Replaces the value.
    #[inline(always)]
    pub fn set(&self, _: &Locked, value: T) {
        self.0.set(value);
    }
}

impl Guarded<u32> {
    /// Counts one more; counters wrap.
    #[inline(always)]
    pub fn increment(&self, l: &Locked) {
        self.set(l, self.get(l).wrapping_add(1));
    }
}
