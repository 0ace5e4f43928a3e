// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! `micrort mem_info`

#![forbid(unsafe_code)]

use super::{verbose, Command, Offer, Outcome};
use crate::mem_info::{self, MemInfoError};
use crate::named;
use crate::port::errno;
use crate::print::{PrintError, Report};

/// The command.
pub const MEM_INFO: Command = Command::new(
    named!("mem_info", "Show how the memory is used: mem_info [-v]."),
    (0, 1),
    Offer::Values(&[named!("-v", "With a map of the heaps.")]),
    run,
);

fn run(words: &[&[u8]], report: &mut Report<'_>) -> Outcome {
    let verbose = verbose(words)?;
    report.part(|printer| {
        mem_info::print(printer, verbose).map_err(|error| match error {
            MemInfoError::Interrupt => PrintError(-(errno::EWOULDBLOCK as i32)),
            MemInfoError::Printer(error) => error,
        })
    });
    Ok(())
}
