// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! `micrort qstr_info`

#![forbid(unsafe_code)]

use super::{verbose, Command, Offer, Outcome};
use crate::named;
use crate::print::Report;
use crate::qstr;

/// The command.
pub const QSTR_INFO: Command = Command::new(
    named!("qstr_info", "Show what is interned: qstr_info [-v]."),
    (0, 1),
    Offer::Values(&[named!("-v", "With each string.")]),
    run,
);

fn run(words: &[&[u8]], report: &mut Report<'_>) -> Outcome {
    let verbose = verbose(words)?;
    report.part(|printer| qstr::info(printer, verbose));
    Ok(())
}
