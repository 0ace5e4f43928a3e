// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! `micrort const`

#![forbid(unsafe_code)]

use super::{Command, Failure, Offer, Outcome};
use crate::constants::{self, Value};
use crate::named;
use crate::port::errno;
use crate::print::Report;

/// The command.
pub const CONST: Command = Command::new(
    named!("const", "Show constants: const [NAME], default all."),
    (0, 1),
    Offer::Constants,
    run,
);

static NO_CONSTANT: Failure = Failure::new(": no such constant\n", errno::ENOENT);

fn run(words: &[&[u8]], report: &mut Report<'_>) -> Outcome {
    let Some(name) = words.first() else {
        for constant in constants::all() {
            show(constant.name().to_bytes(), constant.value(), report);
        }
        return Ok(());
    };
    let Some(value) = constants::get(name) else {
        return Err(&NO_CONSTANT);
    };
    show(name, value, report);
    Ok(())
}

fn show(name: &[u8], value: Value, report: &mut Report<'_>) {
    report.text(name).text(" = ");
    match value {
        Value::Int(value) => report.integer(value),
        Value::Uint(value) => report.unsigned(value),
        Value::Bool(value) => report.text(if value { "true" } else { "false" }),
        Value::Str(value) => report.byte(b'"').text(value.to_bytes()).byte(b'"'),
    };
    report.byte(b'\n');
}
