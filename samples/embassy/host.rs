// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! The tasks on the host port: `cargo run --features embassy-time --example embassy`.

#[path = "src/tasks.rs"]
mod tasks;

use std::ffi::CStr;
use std::sync::atomic::Ordering::Relaxed;
use std::thread;
use std::time::Duration;

fn print(text: &CStr, number: u32) {
    println!("{} {number}", text.to_string_lossy());
}

fn main() -> Result<(), embassy_executor::SpawnError> {
    micrort::host::start();
    tasks::start(print)?;
    while !tasks::IS_DONE.load(Relaxed) {
        thread::sleep(Duration::from_millis(tasks::PRESS_PERIOD_MS.into()));
        micrort::host::interrupt(|| tasks::on_button_interrupt(print));
    }
    Ok(())
}
