// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! State that only the holder of the one lock may touch.

use core::cell::Cell;
use core::marker::PhantomData;

/// Proof that the lock is held. The port's `locked()` lends it to a closure; it cannot leave the
/// thread, nor the closure:
///
/// ```compile_fail,E0277
/// use micrort::internals::locked;
///
/// locked(|l| std::thread::scope(|scope| {
///     scope.spawn(|| drop(l));
/// }));
/// ```
///
/// ```compile_fail
/// use micrort::internals::locked;
///
/// let mut kept = None;
/// locked(|l| kept = Some(l));
/// ```
pub struct Locked(PhantomData<*const ()>);

impl Locked {
    /// # Safety
    ///
    /// The caller holds the port's lock for as long as the value lives.
    pub(crate) unsafe fn new() -> Self {
        Locked(PhantomData)
    }
}

/// A value that can be reached from every context, with the lock held.
#[repr(transparent)]
pub struct Guarded<T>(Cell<T>);

// SAFETY: every access takes a `&Locked`, which exists only in the thread that holds the one lock, so
// no two accesses happen at once; `T: Send` because they come from different threads.
unsafe impl<T: Send> Sync for Guarded<T> {}

impl<T: Copy> Guarded<T> {
    /// Wraps a value.
    pub const fn new(value: T) -> Self {
        Guarded(Cell::new(value))
    }

    /// Reads the value.
    #[inline]
    pub fn get(&self, _: &Locked) -> T {
        self.0.get()
    }

    /// Replaces the value.
    #[inline]
    pub fn set(&self, _: &Locked, value: T) {
        self.0.set(value);
    }
}

impl Guarded<u32> {
    /// Counts one more; counters wrap.
    #[inline]
    pub fn increment(&self, l: &Locked) {
        self.add(l, 1);
    }

    /// Adds to a counter, which wraps.
    #[inline]
    pub fn add(&self, l: &Locked, more: u32) {
        self.set(l, self.get(l).wrapping_add(more));
    }

    /// Subtracts from a counter, which wraps.
    #[inline]
    pub fn subtract(&self, l: &Locked, less: u32) {
        self.set(l, self.get(l).wrapping_sub(less));
    }
}
