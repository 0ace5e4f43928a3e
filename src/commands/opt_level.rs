// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! `micrort opt_level`

#![forbid(unsafe_code)]

use super::number::number;
use super::{Command, Failure, Offer, Outcome};
use crate::named;
use crate::opt_level;
use crate::port;
use crate::port::errno;
use crate::print::Report;

/// The command.
pub const OPT_LEVEL: Command = Command::new(
    named!(
        "opt_level",
        "Show or set the level of optimization: opt_level [0..3]."
    ),
    (0, 1),
    Offer::Values(&[
        named!("0", "Assertions are checked."),
        named!("1", "They are not."),
        named!("2", "As 1."),
        named!("3", "As 1, and reports carry no line numbers."),
    ]),
    run,
);

static NO_LEVEL: Failure = Failure::new(": not a number from 0 to 3\n", errno::EINVAL);

fn run(words: &[&[u8]], report: &mut Report<'_>) -> Outcome {
    if !words.is_empty() {
        let level = number(words, 0, opt_level::MAX.into()).ok_or(&NO_LEVEL)?;
        opt_level::set(level).map_err(|_| &NO_LEVEL)?;
    }
    report.decimal(opt_level::get().into()).text(" (built at ");
    report.decimal(port::config().opt_level.into()).text(")\n");
    Ok(())
}
