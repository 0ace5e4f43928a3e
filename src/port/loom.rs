// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! The port for model checking: every lock and signal is loom's, so that loom tries every
//! interleaving of them.

use core::cell::Cell;

use loom::sync::{Condvar, Mutex};

use super::{OwnState, Thread};
use crate::raw::{Call, Locked, Pool, Slots};

/// Models have pools of their own.
pub(crate) const fn pool() -> &'static Pool {
    static SLOTS: Slots<0> = Slots::free();
    static POOL: Pool = Pool::of(&SLOTS);
    &POOL
}

loom::lazy_static! {
    static ref STATE: Mutex<()> = Mutex::new(());
    static ref PASS_UNDER_WAY: Mutex<bool> = Mutex::new(false);
    static ref PASS_OVER: Condvar = Condvar::new();
    static ref WOKEN: Mutex<bool> = Mutex::new(false);
    static ref WAKE: Condvar = Condvar::new();
    static ref ROUND: Mutex<u32> = Mutex::new(0);
    static ref NEXT_ROUND: Condvar = Condvar::new();
    static ref NAMED: Mutex<usize> = Mutex::new(0);
    static ref MAY_WAKE: Mutex<bool> = Mutex::new(false);
    static ref WAKES_NOW: Condvar = Condvar::new();
}

loom::thread_local! {
    static NAME: usize = lock(&NAMED, |named| { *named += 1; *named });
    static OWN: OwnState = OwnState::nothing();
    static IN_INTERRUPT: Cell<bool> = Cell::new(false);
    static STOPS: Cell<bool> = Cell::new(false);
}

fn lock<T, R>(mutex: &Mutex<T>, f: impl FnOnce(&mut T) -> R) -> R {
    match mutex.lock() {
        Ok(mut guard) => f(&mut guard),
        Err(_) => unreachable!("a model that panics ends"),
    }
}

fn wait_while<T>(
    mutex: &Mutex<T>,
    changed: &Condvar,
    condition: impl Fn(&T) -> bool,
) -> loom::sync::MutexGuard<'static, T> {
    // SAFETY: loom's statics live until the iteration ends, and the guard does not outlive it.
    let mutex: &'static Mutex<T> = unsafe { &*core::ptr::from_ref(mutex) };
    let Ok(mut value) = mutex.lock() else {
        unreachable!("a model that panics ends")
    };
    while condition(&value) {
        let Ok(after) = changed.wait(value) else {
            unreachable!("a model that panics ends")
        };
        value = after;
    }
    value
}

/// Runs `f` with the lock held.
pub fn locked<R>(f: impl FnOnce(&Locked) -> R) -> R {
    // SAFETY: the lock is held.
    lock(&STATE, |()| f(unsafe { &Locked::new() }))
}

/// Lends the calling thread's own state.
pub fn own<R>(f: impl FnOnce(&OwnState) -> R) -> R {
    OWN.with(f)
}

/// Waits until `wake_executor` was called since the last time.
pub fn wait_for_wake() {
    *wait_while(&WOKEN, &WAKE, |woken| !woken) = false;
}

/// The calling thread.
pub fn current() -> Thread {
    Thread::at(2 * NAME.with(|name| *name))
}

/// Runs `f` as an interrupt, on a CPU of its own.
pub fn interrupt(f: impl FnOnce()) {
    IN_INTERRUPT.with(|inside| inside.set(true));
    f();
    IN_INTERRUPT.with(|inside| inside.set(false));
}

pub(crate) fn in_interrupt() -> bool {
    IN_INTERRUPT.with(Cell::get)
}

/// Has the calling thread stop in front of its next wake-up, until [`go_on`].
pub fn stop_before_wake() {
    STOPS.with(|stops| stops.set(true));
}

/// Lets go on who stopped.
pub fn go_on() {
    lock(&MAY_WAKE, |may_wake| *may_wake = true);
    WAKES_NOW.notify_all();
}

pub(crate) fn wake_executor() {
    if STOPS.with(|stops| stops.replace(false)) {
        drop(wait_while(&MAY_WAKE, &WAKES_NOW, |may_wake| !may_wake));
    }
    lock(&WOKEN, |woken| *woken = true);
    WAKE.notify_all();
}

/// The models poll by themselves.
pub(crate) fn poll_pass(_most: usize) -> usize {
    0
}

pub(crate) fn wake_executor_later() {
    wake_executor();
}

pub(crate) fn sleep_round() -> u32 {
    lock(&ROUND, |round| *round)
}

pub(crate) fn sleep_until_woken(round: u32) {
    drop(wait_while(&ROUND, &NEXT_ROUND, |now| *now == round));
}

pub(crate) fn wake_sleepers() {
    lock(&ROUND, |round| *round = round.wrapping_add(1));
    NEXT_ROUND.notify_all();
}

pub(crate) fn pass_try_lock() -> bool {
    lock(&PASS_UNDER_WAY, |under_way| {
        !core::mem::replace(under_way, true)
    })
}

pub(crate) fn pass_unlock() {
    lock(&PASS_UNDER_WAY, |under_way| *under_way = false);
    PASS_OVER.notify_all();
}

/// Takes the mutex and gives it back, as the kernel's waiter does: in between the executor cannot
/// have it.
pub(crate) fn pass_wait() {
    *wait_while(&PASS_UNDER_WAY, &PASS_OVER, |under_way| *under_way) = true;
    pass_unlock();
}

pub(crate) fn pass_abandoned(_: Thread) {}

pub(crate) fn call_timed(function: Call) -> u32 {
    function.call();
    0
}

pub(crate) fn warn_region_left_open(_: u16) {}

pub(crate) fn warn_region_of_ended_thread(_: Thread) {}

pub(crate) fn report_damaged_task() {}
