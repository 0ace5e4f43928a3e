// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! `micrort exception` and `micrort emergency`

#![forbid(unsafe_code)]

use super::number::number;
use super::{Command, Failure, Offer, Outcome};
use crate::exception::{self, AllocError};
use crate::named;
use crate::port::errno;
use crate::print::Report;

/// The command `exception`.
pub const EXCEPTION: Command =
    Command::group(named!("exception", "Exceptions."), || &[&CLEAR, &SHOW]);

const CLEAR: Command = Command::plain(
    named!("clear", "Drop the exceptions that nobody has taken."),
    |_, report| {
        report
            .text("dropped: ")
            .decimal(exception::clear())
            .byte(b'\n');
        Ok(())
    },
);

const SHOW: Command = Command::plain(
    named!("show", "Show the exceptions that nobody has taken."),
    |_, report| {
        report.part(exception::print);
        Ok(())
    },
);

/// The command `emergency`.
pub const EMERGENCY: Command = Command::new(
    named!(
        "emergency",
        "Replace the emergency buffer: emergency SIZE, 0 releases it."
    ),
    (1, 1),
    Offer::Values(&[]),
    emergency,
);

static NO_SIZE: Failure = Failure::new(": not a number from 0 to 2147483647\n", errno::EINVAL);
static BUSY: Failure = Failure::new(
    "the old buffer is kept: exceptions that nobody has taken lie in it\n",
    errno::EBUSY,
);
static NO_MEMORY: Failure = Failure::new(
    "the old buffer is kept: the heap is locked or has no such block\n",
    errno::ENOMEM,
);

fn emergency(words: &[&[u8]], report: &mut Report<'_>) -> Outcome {
    let size = number(words, 0, i32::MAX).ok_or(&NO_SIZE)? as isize;
    exception::alloc_emergency_exception_buf(size).map_err(|error| match error {
        AllocError::Busy => &BUSY,
        _ => &NO_MEMORY,
    })?;
    report
        .text("emergency buffer: ")
        .decimal(size as usize)
        .text(" bytes\n");
    Ok(())
}
