// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! Three async tasks and a function in one order, on Zephyr (lib.rs) and on the host (../host.rs).

use core::ffi::CStr;
use core::sync::atomic::{AtomicBool, AtomicU32, Ordering::Relaxed};

use embassy_executor::{task, SpawnError};
use embassy_sync::blocking_mutex::raw::CriticalSectionRawMutex;
use embassy_sync::channel::Channel;
use embassy_sync::signal::Signal;
use embassy_time::{Duration, Ticker};

/// The button is pressed each so many milliseconds, by an interrupt.
pub const PRESS_PERIOD_MS: u32 = 250;
const BLINK_PERIOD: Duration = Duration::from_millis(100);
const PRESSES: u32 = 3;

/// Prints a line: a text and a number.
pub type Print = fn(&CStr, u32);

enum Event {
    Blink(u32),
    Press(u32),
}

static PRESSED: Signal<CriticalSectionRawMutex, u32> = Signal::new();
static EVENTS: Channel<CriticalSectionRawMutex, Event, 4> = Channel::new();
static PRESS: AtomicU32 = AtomicU32::new(0);

/// Whether all that is to be seen was seen.
pub static IS_DONE: AtomicBool = AtomicBool::new(false);

/// A timer.
#[task]
async fn blink() {
    let mut ticker = Ticker::every(BLINK_PERIOD);
    for blink in 1.. {
        ticker.next().await;
        EVENTS.send(Event::Blink(blink)).await;
    }
}

/// What an interrupt wakes.
#[task]
async fn button() {
    loop {
        EVENTS.send(Event::Press(PRESSED.wait().await)).await;
    }
}

/// The end of the queue.
#[task]
async fn show(print: Print) {
    loop {
        match EVENTS.receive().await {
            Event::Blink(blink) => print(c"blink", blink),
            Event::Press(PRESSES) => break,
            Event::Press(press) => print(c"press", press),
        }
    }
    print(c"done, presses:", PRESSES);
    IS_DONE.store(true, Relaxed);
}

pub fn start(print: Print) -> Result<(), SpawnError> {
    let spawner = micrort::embassy::spawner();
    spawner.spawn(show(print)?);
    spawner.spawn(button()?);
    spawner.spawn(blink()?);
    Ok(())
}

/// An interrupt: a function and an async task, which runs after it.
pub fn on_button_interrupt(print: Print) {
    let press = PRESS.fetch_add(1, Relaxed) + 1;
    if press <= PRESSES {
        // The queue has room for this one.
        let _ = micrort::schedule(move || print(c"function, press", PRESS.load(Relaxed)));
        PRESSED.signal(press);
    }
}
