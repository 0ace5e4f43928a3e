// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! samples/console on the host port: the same commands, in Rust, at a real terminal.
//!
//! The thread that reads the terminal is the receive interrupt of the console; the main thread is
//! the shell.

#![allow(
    clippy::unwrap_used,
    reason = "an example ends where its terminal does"
)]

mod terminal;

use std::alloc::{GlobalAlloc, Layout};
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::thread;
use std::time::{Duration, Instant};

use micrort::heap_lock::{self, Allocator};
use micrort::schedule::{self, PollError, Pushed};
use micrort::{host, kbd_intr, Task};
use terminal::Terminal;

const PROMPT: &str = "uart:~$ ";
const HELP: &str = "app stats | app burst [PRESSES] | app heap lock|unlock|locked|stats\n\
     app alloc SIZE [locked] | app kbd_intr [0..255, or -1 for off]\n\
     app loop [SECONDS] | app sleep SECONDS | exit";

static TICKS_SCHEDULED: AtomicU32 = AtomicU32::new(0);
static TICKS_RUN: AtomicU32 = AtomicU32::new(0);
static BUTTON: Task<Button> = Task::new(Button::new(), |button| {
    button
        .counted
        .fetch_add(button.pressed.swap(0, Relaxed), Relaxed);
    button.runs.fetch_add(1, Relaxed);
});

/// The argument of a joined call is not lost: it waits in the task's data.
struct Button {
    pressed: AtomicU32,
    counted: AtomicU32,
    runs: AtomicU32,
}

impl Button {
    const fn new() -> Self {
        Button {
            pressed: AtomicU32::new(0),
            counted: AtomicU32::new(0),
            runs: AtomicU32::new(0),
        }
    }
}

fn main() {
    host::start();
    thread::spawn(|| loop {
        thread::sleep(Duration::from_millis(100));
        host::interrupt(|| {
            if schedule::schedule(|| {
                TICKS_RUN.fetch_add(1, Relaxed);
            })
            .is_ok()
            {
                TICKS_SCHEDULED.fetch_add(1, Relaxed);
            }
        });
    });
    let mut terminal = Terminal::open();
    loop {
        micrort::at_prompt();
        let Some(line) = terminal.read_line(PROMPT) else {
            return;
        };
        micrort::before_command();
        let words: Vec<&str> = line.split_whitespace().collect();
        let result = match *words {
            [] => Ok(()),
            ["exit"] => return,
            ["app", "stats"] => stats(),
            ["app", "burst"] => burst("100"),
            ["app", "burst", presses] => burst(presses),
            ["app", "heap", what] => heap(what),
            ["app", "alloc", size] => number(size).and_then(alloc),
            ["app", "alloc", size, "locked"] => number(size).and_then(|size| {
                let _guard = heap_lock::lock().map_err(|error| format!("{error:?}"))?;
                alloc(size)
            }),
            ["app", "kbd_intr"] => show_character(),
            ["app", "kbd_intr", code] => set_character(code),
            ["app", "loop"] => count_primes(60),
            ["app", "loop", seconds] => number(seconds).and_then(count_primes),
            ["app", "sleep", seconds] => number(seconds).and_then(sleep),
            _ => Err(HELP.into()),
        };
        if let Err(text) = result {
            say(&text);
        }
    }
}

/// The terminal is raw: a line ends with carriage return and line feed.
fn say(text: &str) {
    print!("{}\r\n", text.replace('\n', "\r\n"));
}

fn number(text: &str) -> Result<u32, String> {
    text.parse().map_err(|error| format!("{text}: {error}"))
}

fn stats() -> Result<(), String> {
    let stats = schedule::stats();
    say(&format!(
        "timer interrupt: {} scheduled, {} ran",
        TICKS_SCHEDULED.load(Relaxed),
        TICKS_RUN.load(Relaxed)
    ));
    say(&format!(
        "queue: {} accepted, {} run, {} refused, {} joined, at most {} queued",
        stats.accepted, stats.run, stats.refused, stats.coalesced, stats.high_water
    ));
    say(&format!("longest run: {} ns", stats.longest_cycles));
    Ok(())
}

fn burst(presses: &str) -> Result<(), String> {
    let presses = number(presses)?;
    let counted = BUTTON.counted.load(Relaxed);
    let runs = BUTTON.runs.load(Relaxed);
    let joined = thread::spawn(move || {
        host::interrupt(|| {
            (0..presses)
                .filter(|_| {
                    BUTTON.pressed.fetch_add(1, Relaxed);
                    BUTTON.schedule() == Pushed::Joined
                })
                .count()
        })
    })
    .join()
    .unwrap();
    schedule::sleep(Duration::from_millis(100)).map_err(|_| "interrupted".to_owned())?;
    say(&format!(
        "{presses} presses in one interrupt: {} counted, {joined} joined, {} runs",
        BUTTON.counted.load(Relaxed) - counted,
        BUTTON.runs.load(Relaxed) - runs
    ));
    Ok(())
}

fn heap(what: &str) -> Result<(), String> {
    match what {
        "lock" => {
            std::mem::forget(heap_lock::lock().map_err(|error| format!("{error:?}"))?);
            say(&format!("locked, depth {}", heap_lock::depth()));
        }
        "unlock" => say("not unlocked: the heap is not locked"),
        "locked" => say(&format!("depth {}", heap_lock::depth())),
        "stats" => show_refusals(),
        _ => return Err(HELP.into()),
    }
    Ok(())
}

fn show_refusals() {
    let refusals = heap_lock::refusals();
    if refusals.count == 0 {
        say("refused: 0");
    } else {
        say(&format!(
            "refused: {}, the last one {} bytes",
            refusals.count, refusals.size
        ));
    }
}

fn alloc(size: u32) -> Result<(), String> {
    let layout = Layout::from_size_align(size.max(1) as usize, 8).map_err(|e| e.to_string())?;
    let before = heap_lock::refusals().count;
    // SAFETY: the layout has a size, and belongs to the block that is freed.
    let allocated = unsafe {
        let block = Allocator.alloc(layout);
        Allocator.dealloc(block, layout);
        !block.is_null()
    };
    if allocated {
        say(&format!("allocated {size} bytes"));
    } else if heap_lock::refusals().count != before {
        show_refusals();
    } else {
        say(&format!("no room for {size} bytes"));
    }
    Ok(())
}

fn set_character(code: &str) -> Result<(), String> {
    let invalid = || format!("{code}: not a number from -1 to 255");
    kbd_intr::set_code(code.parse().map_err(|_| invalid())?).map_err(|_| invalid())?;
    show_character()
}

fn show_character() -> Result<(), String> {
    match kbd_intr::get() {
        Some(character) => say(&format!("interrupt character: {character}")),
        None => say("interrupt character: off"),
    }
    Ok(())
}

fn count_primes(seconds: u32) -> Result<(), String> {
    let is_prime = |number: u32| number > 1 && (2..number).all(|divisor| number % divisor != 0);
    say(&format!(
        "counting primes for {seconds} seconds; Ctrl-C stops"
    ));
    let end = Instant::now() + Duration::from_secs(seconds.into());
    let mut primes = 0;
    for number in 0.. {
        if Instant::now() > end {
            break;
        }
        primes += u32::from(is_prime(number));
        if kbd_intr::check().is_err() {
            say(&format!("interrupted after {primes} primes"));
            return Ok(());
        }
    }
    say(&format!("finished after {primes} primes"));
    Ok(())
}

fn sleep(seconds: u32) -> Result<(), String> {
    say(&format!("sleeping for {seconds} seconds; Ctrl-C stops"));
    let begin = Instant::now();
    match schedule::sleep(Duration::from_secs(seconds.into())) {
        Ok(()) => say(&format!("slept for {} ms", begin.elapsed().as_millis())),
        Err(PollError::Interrupted | PollError::Interrupt) => say(&format!(
            "interrupted after {} ms",
            begin.elapsed().as_millis()
        )),
    }
    Ok(())
}
