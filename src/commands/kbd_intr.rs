// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! `micrort kbd_intr`

#![forbid(unsafe_code)]

use super::number::number;
use super::{Command, Failure, Offer, Outcome};
use crate::kbd_intr;
use crate::named;
use crate::port::errno;
use crate::print::Report;

/// The command.
pub const KBD_INTR: Command = Command::new(
    named!(
        "kbd_intr",
        "Show or set the interrupt character: kbd_intr [0..255, -1: off]."
    ),
    (0, 1),
    Offer::Values(&[named!("-1", "Off."), named!("3", "Ctrl-C.")]),
    run,
);

static NO_CHARACTER: Failure = Failure::new(": not a number from -1 to 255\n", errno::EINVAL);

fn run(words: &[&[u8]], report: &mut Report<'_>) -> Outcome {
    if !words.is_empty() {
        let code = number(words, -1, u8::MAX.into()).ok_or(&NO_CHARACTER)?;
        kbd_intr::set(u8::try_from(code).ok());
    }
    report.text("interrupt character: ");
    match kbd_intr::get() {
        Some(character) => report.decimal(character.into()),
        None => report.text("off"),
    };
    report.byte(b'\n');
    Ok(())
}
