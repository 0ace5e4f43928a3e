// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! embassy-time's driver, by the clock of the port.
//!
//! The clock counts whole ticks, so a reading may be almost a tick old. A timer ends a tick late rather
//! than a part of one early: its alarm is for the tick after the first one at which its time has come.

#![forbid(unsafe_code)]

use core::cell::RefCell;
use core::task::Waker;

use critical_section::{with, CriticalSection, Mutex};
use embassy_time_driver::{time_driver_impl, Driver, TICK_HZ};
use embassy_time_queue_utils::Queue;

use crate::port;

struct Clock {
    timers: Mutex<RefCell<Queue>>,
}

time_driver_impl!(static CLOCK: Clock = Clock { timers: Mutex::new(RefCell::new(Queue::new())) });

impl Driver for Clock {
    fn now(&self) -> u64 {
        instant_of(port::clock(), port::clock_hz())
    }

    fn schedule_wake(&self, at: u64, waker: &Waker) {
        with(|cs| {
            if self.timers.borrow_ref_mut(cs).schedule_wake(at, waker) {
                self.wake_expired(cs);
            }
        });
    }
}

impl Clock {
    /// Wakes whose time has come, and sets the alarm for the next one.
    fn wake_expired(&self, cs: CriticalSection) {
        let (now, hz) = (port::clock(), port::clock_hz());
        let passed = now.saturating_sub(1);
        let mut timers = self.timers.borrow_ref_mut(cs);
        let next = timers.next_expiration(instant_of(passed, hz));
        if next != u64::MAX {
            port::set_alarm(clock_of(next, hz).saturating_add(1), alarm);
        }
    }
}

extern "C" fn alarm() {
    with(|cs| CLOCK.wake_expired(cs));
}

/// What embassy calls a reading of the clock, rounded down.
fn instant_of(clock: u64, hz: u64) -> u64 {
    scale(clock, hz, TICK_HZ).0
}

/// The first reading of the clock at which that instant has come.
fn clock_of(instant: u64, hz: u64) -> u64 {
    let (clock, is_exact) = scale(instant, TICK_HZ, hz);
    clock.saturating_add(u64::from(!is_exact))
}

/// `count` at one rate as a count at another, rounded down, and whether that is exact. It saturates.
fn scale(count: u64, from: u64, to: u64) -> (u64, bool) {
    // In two parts, so that nothing is wider than 64 bits.
    let whole = count.checked_div(from).unwrap_or(0).saturating_mul(to);
    let rest = count.checked_rem(from).unwrap_or(0).saturating_mul(to);
    let (of_rest, left) = (rest.checked_div(from), rest.checked_rem(from));
    (whole.saturating_add(of_rest.unwrap_or(0)), left == Some(0))
}

#[cfg(test)]
mod tests {
    use super::{clock_of, instant_of};

    #[test]
    fn never_early() {
        for hz in [100, 1000, 10_000, 32_768, 1_000_000, 12_345_678] {
            for instant in (0..5_000).chain(u64::MAX / 64..u64::MAX / 64 + 500) {
                let clock = clock_of(instant, hz);
                assert!(instant_of(clock, hz) >= instant);
                assert!(clock == 0 || instant_of(clock - 1, hz) < instant);
            }
        }
    }
}
