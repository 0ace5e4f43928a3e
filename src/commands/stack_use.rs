// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! `micrort stack_use`

#![forbid(unsafe_code)]

use super::{Command, Failure, Outcome};
use crate::named;
use crate::port::{self, errno, Thread};
use crate::print::Report;
use crate::stack_use::{self, StackError, Usage};

/// The command.
pub const STACK_USE: Command = Command::plain(
    named!(
        "stack_use",
        "Show the bytes in use on this stack, and a table of stacks."
    ),
    run,
);

static NOT_KNOWN: Failure =
    Failure::new("not known for the stack of this thread\n", errno::ENOTSUP);

fn run(_: &[&[u8]], report: &mut Report<'_>) -> Outcome {
    let used = stack_use::current().map_err(|_| &NOT_KNOWN)?;
    report.decimal(used);
    report.text("\nstack                used     most     size\n");
    row_of(Some(port::current()), stack_use::usage(), report);
    row_of(port::main_thread(), stack_use::main_usage(), report);
    row_of(port::executor_thread(), stack_use::executor_usage(), report);
    let mut cpu = 0;
    while let Ok(usage) = stack_use::interrupt_usage(cpu) {
        row(b"interrupts", &usage, report);
        cpu += 1;
    }
    Ok(())
}

/// The row of a thread, if its stack is known.
fn row_of(thread: Option<Thread>, usage: Result<Usage, StackError>, report: &mut Report<'_>) {
    if let Ok(usage) = usage {
        row(port::name_or_unknown(thread, &mut [0; 31]), &usage, report);
    }
}

fn row(name: &[u8], usage: &Usage, report: &mut Report<'_>) {
    report.left(name, 16);
    for figure in [usage.used, usage.high_water, usage.size] {
        match figure {
            Some(figure) => report.column(figure as u64, 9),
            None => report.text("        ?"),
        };
    }
    report.byte(b'\n');
}
