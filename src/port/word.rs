// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! A word that changes without the lock, between 0 and the number of whoever has it.

use core::sync::atomic::AtomicUsize;
#[cfg(target_has_atomic = "ptr")]
use core::sync::atomic::Ordering::AcqRel;
use core::sync::atomic::Ordering::{self, Acquire, Relaxed, Release};

use crate::raw::Locked;

/// The word. What its holder does stays between [`Word::take`] and [`Word::give_back`].
#[repr(transparent)]
pub struct Word(AtomicUsize);

impl Word {
    /// Wraps a value.
    pub const fn new(value: usize) -> Self {
        Word(AtomicUsize::new(value))
    }

    /// Reads it: what the caller has made of it, or any newer value.
    #[inline(always)]
    pub fn get(&self) -> usize {
        self.step(|word| word.load(Relaxed))
    }

    /// Makes `number` of 0. It may fail by mere chance.
    #[inline(always)]
    pub fn take(&self, number: usize) -> bool {
        self.step(|word| take(word, number))
    }

    /// Makes 0 of `number`. It may fail by mere chance.
    #[inline(always)]
    pub fn give_back(&self, number: usize) -> bool {
        self.step(|word| give_back(word, number))
    }

    /// Makes `value` of whatever it was, and returns that.
    #[inline(always)]
    pub fn replace(&self, l: &Locked, value: usize) -> usize {
        self.step(|word| replace(l, word, value))
    }

    #[inline(always)]
    #[cfg(not(loom))]
    fn step<R>(&self, f: impl FnOnce(&AtomicUsize) -> R) -> R {
        f(&self.0)
    }

    #[cfg(loom)]
    fn step<R>(&self, f: impl FnOnce(&AtomicUsize) -> R) -> R {
        super::loom::step(|| f(&self.0))
    }
}

#[inline(always)]
fn take(word: &AtomicUsize, number: usize) -> bool {
    #[cfg(feature = "zephyr")]
    if zephyr_sys::ONE_CORTEX_M {
        return zephyr_sys::take(word, number);
    }
    exchange(word, 0, number, Acquire)
}

#[inline(always)]
fn give_back(word: &AtomicUsize, number: usize) -> bool {
    #[cfg(feature = "zephyr")]
    if zephyr_sys::ONE_CORTEX_M {
        return zephyr_sys::give_back(word, number);
    }
    exchange(word, number, 0, Release)
}

#[inline(always)]
#[cfg(target_has_atomic = "ptr")]
fn exchange(word: &AtomicUsize, old: usize, new: usize, order: Ordering) -> bool {
    word.compare_exchange(old, new, order, Relaxed).is_ok()
}

/// A CPU without compare-and-swap is alone, and never takes: the lock is good enough for it.
#[inline(always)]
#[cfg(not(target_has_atomic = "ptr"))]
fn exchange(_: &AtomicUsize, _: usize, _: usize, _: Ordering) -> bool {
    false
}

#[inline(always)]
fn replace(_: &Locked, word: &AtomicUsize, value: usize) -> usize {
    #[cfg(feature = "zephyr")]
    if zephyr_sys::ONE_CORTEX_M {
        return replace_alone(word, value);
    }
    #[cfg(target_has_atomic = "ptr")]
    let old = word.swap(value, AcqRel);
    #[cfg(not(target_has_atomic = "ptr"))]
    let old = replace_alone(word, value);
    old
}

/// With the lock held nothing comes in between; and who was interrupted in an exchange fails.
#[inline(always)]
#[cfg(any(feature = "zephyr", not(target_has_atomic = "ptr")))]
fn replace_alone(word: &AtomicUsize, value: usize) -> usize {
    let old = word.load(Relaxed);
    word.store(value, Relaxed);
    old
}
