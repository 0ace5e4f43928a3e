// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! `micrort top`

#![forbid(unsafe_code)]

use core::time::Duration;

use super::number::number;
use super::schedule::{counters, longest_run};
use super::stack_use::{self, NAME_WIDTH};
use super::{Command, Console, Failure, Outcome, INTERRUPTED};
use crate::heap_lock;
use crate::mem_info::{self, HeapId};
use crate::named;
use crate::port::{self, errno};
use crate::print::{Print, PrintError, Report};
use crate::schedule::{self, Stats};

/// The command.
pub const TOP: Command = Command::live(
    named!(
        "top",
        "Watch functions, stacks and heaps: top [SECONDS]; q or Ctrl-C ends it."
    ),
    run,
);

static NO_TIME: Failure = Failure::new(": not a number from 1 to 86400\n", errno::EINVAL);

const SECOND_MS: u32 = 1000;
/// A row is to fit in 80 columns.
const BAR_WIDTH: usize = 20;
const CTRL_C: u8 = 3;

fn run(words: &[&[u8]], console: &mut dyn Console) -> Result<Outcome, PrintError> {
    let mut seconds = None;
    if !words.is_empty() {
        let Some(given) = number(words, 1, 86400) else {
            return Ok(Err(&NO_TIME));
        };
        seconds = Some(given);
    }
    match watch(seconds, console) {
        // The way to end it.
        Ok(()) | Err(INTERRUPTED) => Ok(Ok(())),
        Err(error) => Err(error),
    }
}

/// Shows how it is once a second, the last time after so many seconds.
fn watch(mut seconds: Option<i32>, console: &mut dyn Console) -> Result<(), PrintError> {
    let mut before = None;
    let mut lines = 0;
    loop {
        let (stats, now) = (schedule::stats(), port::uptime_ms());
        let rate = before.and_then(|before| rate(&stats, now, before));
        let mut screen = Screen { console, lines: 0 };
        screen.go_back(lines)?;
        let mut report = Report::new(&mut screen);
        frame(&stats, rate, &mut report);
        report.finish()?;
        lines = screen.lines;
        before = Some((stats.run, now));
        if seconds == Some(0) || is_ended_before(now.wrapping_add(SECOND_MS), console)? {
            return Ok(());
        }
        seconds = seconds.map(|left| left - 1);
    }
}

/// Waits for that time, or for the key that ends the command.
fn is_ended_before(time: u32, console: &mut dyn Console) -> Result<bool, PrintError> {
    loop {
        let left = time.wrapping_sub(port::uptime_ms());
        // Once the time is over it is huge.
        if left == 0 || left > SECOND_MS {
            return Ok(false);
        }
        let key = console.wait(Duration::from_millis(left.into()))?;
        if matches!(key, Some(b'q' | b'Q' | CTRL_C)) {
            return Ok(true);
        }
    }
}

/// Functions in a second, since there were so many at that time.
fn rate(stats: &Stats, now: u32, (run, then): (u32, u32)) -> Option<u64> {
    let functions = stats.run.wrapping_sub(run);
    (u64::from(functions) * u64::from(SECOND_MS)).checked_div(now.wrapping_sub(then).into())
}

fn frame(stats: &Stats, rate: Option<u64>, report: &mut Report<'_>) {
    report.text("functions: ");
    match rate {
        Some(rate) => report.unsigned(rate),
        None => report.byte(b'?'),
    };
    counters(
        &[
            (" a second, queued: ", stats.queued()),
            (", at most: ", stats.high_water),
            (", refused: ", stats.refused),
            (", joined: ", stats.coalesced),
        ],
        report,
    );
    if longest_run(stats, report) {
        report.text(", of 0x").hex(stats.longest_function, 8);
    }
    report
        .text("\nallocations refused: ")
        .decimal(heap_lock::refusals().count as usize)
        .byte(b'\n')
        .left(b"", NAME_WIDTH + BAR_WIDTH + 2)
        .text("     used     most     size\n");
    stack_use::for_each(&mut |name, usage| {
        row(name, [usage.used, usage.high_water, usage.size], report);
        report.byte(b'\n');
    });
    for (name, id) in [
        ("system heap", HeapId::System),
        ("micrort heap", HeapId::Arena),
    ] {
        if let Ok(heap) = mem_info::heap(id) {
            row(
                name.as_bytes(),
                [
                    heap.allocated.or(Some(heap.used)),
                    heap.peak,
                    Some(heap.total),
                ],
                report,
            );
            report
                .text(" hole ")
                .decimal(heap.max_free * heap.block_size)
                .byte(b'\n');
        }
    }
}

fn row(name: &[u8], row: [Option<usize>; 3], report: &mut Report<'_>) {
    let name = name.get(..NAME_WIDTH).unwrap_or(name);
    let [used, most, size] = row;
    report.left(name, NAME_WIDTH).byte(b'[');
    let reaches = |place: usize, bytes: Option<usize>| {
        let places = bytes.zip(size).map(|(bytes, size)| {
            // The first place is there for the first byte, the last one for the last.
            (bytes as u64 * BAR_WIDTH as u64).div_ceil(size.max(1) as u64)
        });
        places.is_some_and(|places| (place as u64) < places)
    };
    for place in 0..BAR_WIDTH {
        report.byte(if reaches(place, used) {
            b'#'
        } else if reaches(place, most) {
            b'='
        } else {
            b'.'
        });
    }
    report.byte(b']');
    stack_use::figures(row, report);
}

/// Where a frame overwrites the one before.
struct Screen<'a> {
    console: &'a mut dyn Console,
    lines: usize,
}

impl Screen<'_> {
    /// Moves up by so many lines, or where there is no cursor leaves one.
    fn go_back(&mut self, lines: usize) -> Result<(), PrintError> {
        if lines == 0 {
            return Ok(());
        }
        if !self.console.has_cursor() {
            return self.console.show(b"\n", false);
        }
        let console = &mut *self.console;
        let mut print = |piece: &[u8]| console.show(piece, false);
        Report::new(&mut print)
            .text("\r\x1b[")
            .decimal(lines)
            .byte(b'A')
            .finish()
    }
}

impl Print for Screen<'_> {
    fn print(&mut self, piece: &[u8]) -> Result<(), PrintError> {
        let text = piece.strip_suffix(b"\n");
        if let Some(text) = text.filter(|_| self.console.has_cursor()) {
            self.console.show(text, false)?;
            self.console.show(b"\x1b[K\n", false)?;
        } else {
            self.console.show(piece, false)?;
        }
        self.lines += usize::from(text.is_some());
        Ok(())
    }
}
