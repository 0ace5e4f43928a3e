// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! `micrort schedule`

#![forbid(unsafe_code)]

use super::{Command, Outcome};
use crate::named;
use crate::port;
use crate::print::Report;
use crate::schedule;

/// The command.
pub const SCHEDULE: Command =
    Command::group(named!("schedule", "Scheduled functions."), || &[&STATS]);

const STATS: Command = Command::plain(named!("stats", "Show the counters of the queue."), stats);

fn stats(_: &[&[u8]], report: &mut Report<'_>) -> Outcome {
    let stats = schedule::stats();
    for (text, number) in [
        ("accepted: ", stats.accepted),
        (", run: ", stats.run),
        (", cancelled: ", stats.cancelled),
        (", refused: ", stats.refused),
        (", joined: ", stats.coalesced),
        (", at most queued: ", stats.high_water),
    ] {
        report.text(text).decimal(number as usize);
    }
    if port::config().schedule_timing {
        report
            .text("\nlongest run: ")
            .decimal(stats.longest_cycles as usize)
            .text(" cycles");
    }
    report.byte(b'\n');
    Ok(())
}
