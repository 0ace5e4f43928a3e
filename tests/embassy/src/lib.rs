// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! The async tasks of main.c.

#![no_std]

use critical_section::with;
use embassy_executor::{task, SpawnError};
use embassy_sync::blocking_mutex::raw::CriticalSectionRawMutex;
use embassy_sync::signal::Signal;
use embassy_time::Timer;
use micrort::embassy::spawner;

#[panic_handler]
fn panic(_: &core::panic::PanicInfo) -> ! {
    loop {}
}

/// Functions of main.c.
mod c {
    extern "C" {
        fn app_note(digit: u32);
        fn app_slept(microseconds: u32, cycles: u32);
        fn app_cycles() -> u32;
    }

    pub fn note(digit: u32) {
        // SAFETY: called in the executor's thread only.
        unsafe { app_note(digit) }
    }

    pub fn slept(microseconds: u32, cycles: u32) {
        // SAFETY: called in the executor's thread only.
        unsafe { app_slept(microseconds, cycles) }
    }

    pub fn cycles() -> u32 {
        // SAFETY: callable from any context.
        unsafe { app_cycles() }
    }
}

static WISH: Signal<CriticalSectionRawMutex, u32> = Signal::new();

#[task]
async fn noter() {
    loop {
        c::note(WISH.wait().await);
    }
}

#[task(pool_size = 7)]
async fn sleeper(microseconds: u32, times: u32) {
    for _ in 0..times {
        let begin = c::cycles();
        Timer::after_micros(microseconds.into()).await;
        c::slept(microseconds, c::cycles().wrapping_sub(begin));
    }
}

fn start() -> Result<(), SpawnError> {
    spawner().spawn(noter()?);
    Ok(())
}

#[no_mangle]
extern "C" fn app_start() -> bool {
    start().is_ok()
}

#[no_mangle]
extern "C" fn app_wake(id: u32) {
    WISH.signal(id);
}

/// Whether it does not run in the outer one of two sections.
#[no_mangle]
extern "C" fn app_wake_in_nested_sections(id: u32) -> bool {
    with(|_| {
        with(|_| WISH.signal(id));
        WISH.signaled()
    })
}

#[no_mangle]
extern "C" fn app_spawn_sleeper(microseconds: u32, times: u32) -> bool {
    sleeper(microseconds, times)
        .map(|sleeper| spawner().spawn(sleeper))
        .is_ok()
}
