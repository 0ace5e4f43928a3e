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
    for_each(&mut |name, usage| {
        report.left(name, NAME_WIDTH);
        figures([usage.used, usage.high_water, usage.size], report);
        report.byte(b'\n');
    });
    Ok(())
}

/// Places of a stack's name in a table.
pub const NAME_WIDTH: usize = 16;

/// Shows the stacks that are known, each with its thread's name.
pub fn for_each(show: &mut dyn FnMut(&[u8], &Usage)) {
    let mut of_thread = |thread: Option<Thread>, usage: Result<Usage, StackError>| {
        if let Ok(usage) = usage {
            show(port::name_or_unknown(thread, &mut [0; 31]), &usage);
        }
    };
    of_thread(Some(port::current()), stack_use::usage());
    of_thread(port::main_thread(), stack_use::main_usage());
    of_thread(port::executor_thread(), stack_use::executor_usage());
    let mut cpu = 0;
    while let Ok(usage) = stack_use::interrupt_usage(cpu) {
        show(b"interrupts", &usage);
        cpu += 1;
    }
}

/// Adds figures in columns; what is not known is a question mark.
pub fn figures(figures: [Option<usize>; 3], report: &mut Report<'_>) {
    for figure in figures {
        match figure {
            Some(figure) => report.column(figure as u64, 9),
            None => report.text("        ?"),
        };
    }
}
