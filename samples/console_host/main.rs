// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! samples/console on the host port: the same commands with the same answers, at a real terminal.

mod app;
mod commands;
mod terminal;

use std::thread;
use std::time::Duration;

use micrort::{host, kbd_intr, schedule, Region};
use terminal::Terminal;

fn main() {
    host::start();
    thread::spawn(|| loop {
        thread::sleep(Duration::from_millis(app::TICK_PERIOD_MS as u64));
        host::interrupt(app::on_tick_interrupt);
    });
    // The shell has a thread of its own, as on Zephyr, and under the same name.
    let shell = thread::Builder::new().name("shell_uart".into()).spawn(run);
    let done = shell.is_ok_and(|shell| shell.join().is_ok());
    // What was scheduled last may print still: it has run when the region begins.
    for _ in 0..100 {
        if schedule::stats().queued() == 0 {
            break;
        }
        thread::sleep(Duration::from_millis(10));
    }
    drop(Region::enter());
    std::process::exit(i32::from(!done));
}

fn run() {
    let _ = kbd_intr::attach();
    let mut terminal = Terminal::open();
    loop {
        micrort::at_prompt();
        let Some(line) = terminal.read_line() else {
            return;
        };
        micrort::before_command();
        if !terminal.run(|| commands::run(&line)) {
            return;
        }
    }
}
