// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! `micrort schedule`

#![forbid(unsafe_code)]

use super::{Command, Outcome};
use crate::named;
use crate::port;
use crate::print::Report;
use crate::schedule::{self, Stats};

/// The command.
pub const SCHEDULE: Command =
    Command::group(named!("schedule", "Scheduled functions."), || &[&STATS]);

const STATS: Command = Command::plain(named!("stats", "Show the counters of the queue."), stats);

fn stats(_: &[&[u8]], report: &mut Report<'_>) -> Outcome {
    let stats = schedule::stats();
    counters(
        &[
            ("accepted: ", stats.accepted),
            (", run: ", stats.run),
            (", cancelled: ", stats.cancelled),
            (", refused: ", stats.refused),
            (", joined: ", stats.coalesced),
            (", at most queued: ", stats.high_water),
        ],
        report,
    );
    longest_run(&stats, report);
    report.byte(b'\n');
    Ok(())
}

/// Adds counters, each behind its text.
pub fn counters(counters: &[(&str, u32)], report: &mut Report<'_>) {
    for &(text, number) in counters {
        report.text(text).decimal(number as usize);
    }
}

/// Adds a line for the longest run, without its end, where it is measured; tells whether it is.
pub fn longest_run(stats: &Stats, report: &mut Report<'_>) -> bool {
    let measured = port::config().schedule_timing;
    if measured {
        counters(&[("\nlongest run: ", stats.longest_cycles)], report);
        report.text(" cycles");
    }
    measured
}
