// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! The tasks on Zephyr; main.c calls.

#![no_std]

mod tasks;

use core::ffi::{c_char, CStr};

#[panic_handler]
fn panic(_: &core::panic::PanicInfo) -> ! {
    loop {}
}

fn print(text: &CStr, number: u32) {
    extern "C" {
        fn app_print(text: *const c_char, number: u32);
    }
    // SAFETY: a printk(), for any context, which only reads the text.
    unsafe { app_print(text.as_ptr(), number) }
}

/// The button's period in milliseconds, or 0 where a task is running already.
#[no_mangle]
extern "C" fn app_start() -> u32 {
    tasks::start(print).map_or(0, |()| tasks::PRESS_PERIOD_MS)
}

#[no_mangle]
extern "C" fn app_button_interrupt() {
    tasks::on_button_interrupt(print);
}
