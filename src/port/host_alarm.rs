// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! The clock and the alarm of the host: microseconds, and a thread.

use std::sync::Once;
use std::thread;
use std::time::{Duration, Instant};

use super::host::{interrupt, system::since_start};
use super::host_shared::Shared;

const NEVER: u64 = u64::MAX;

static ALARM: Shared<u64> = Shared::new(NEVER);

pub fn clock() -> u64 {
    since_start().as_micros() as u64
}

pub fn clock_hz() -> u64 {
    1_000_000
}

pub fn set_alarm(at: u64, call: extern "C" fn()) {
    static THREAD: Once = Once::new();
    THREAD.call_once(|| {
        thread::spawn(move || loop {
            wait_for_alarm();
            interrupt(|| call());
        });
    });
    ALARM.change(|alarm| *alarm = at);
}

fn wait_for_alarm() {
    loop {
        let at = ALARM.with(|at| *at);
        let left = Duration::from_micros(at.saturating_sub(clock()));
        // One that is too far away to be told is never.
        let is_changed = ALARM.wait_until(Instant::now().checked_add(left), |now| *now != at);
        if !is_changed {
            ALARM.with(|now| *now = if *now == at { NEVER } else { *now });
            return;
        }
    }
}
