// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! State that only the holder of the one lock may touch.

use core::cell::Cell;
#[cfg(feature = "zephyr")]
use core::sync::atomic::{compiler_fence, Ordering};

/// Proof that the lock is held. The port's `locked()` lends it to a closure.
pub struct Locked(());

impl Locked {
    /// # Safety
    ///
    /// The caller holds the port's lock for as long as the value lives.
    pub(crate) unsafe fn new() -> Self {
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

    /// Counts one more if both flags are set, without the lock. It may fail by mere chance, and where
    /// the system has no way always does: false, and nothing was counted.
    #[inline(always)]
    pub fn increment_if_set<T, U>(
        &self,
        flag: &Guarded<Option<&'static T>>,
        other: &Guarded<Option<&'static U>>,
    ) -> bool {
        #[cfg(feature = "zephyr")]
        if zephyr_sys::ONE_CORTEX_M {
            // What the caller has written is there before the flags are looked at.
            compiler_fence(Ordering::SeqCst);
            // SAFETY: all live as long as the references. On the one core nothing else happens while
            // a word is read, and the increment fails if anything happens in it.
            return unsafe {
                flag.0.as_ptr().read_volatile().is_some()
                    && other.0.as_ptr().read_volatile().is_some()
                    && zephyr_sys::increment(self.0.as_ptr())
            };
        }
        let _ = (flag, other);
        false
    }
}
