// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! `micrort heap`

#![forbid(unsafe_code)]

use super::{Command, Failure, Outcome};
use crate::format;
use crate::heap_lock::{self, LockError, NotLocked};
use crate::named;
use crate::port::{self, errno};
use crate::print::Report;

/// The command.
pub const HEAP: Command = Command::group(named!("heap", "The heap lock."), || {
    &[&LOCK, &LOCKED, &STATS, &UNLOCK]
});

const LOCK: Command = Command::plain(
    named!("lock", "Lock the heap, until the next prompt."),
    lock,
);
const LOCKED: Command = Command::plain(named!("locked", "Show the depth of locks."), locked);
const STATS: Command = Command::plain(
    named!("stats", "Show the record of refused allocations."),
    stats,
);
const UNLOCK: Command = Command::plain(named!("unlock", "Undo one lock."), unlock);

static OVERFLOW: Failure = Failure::new("not locked: it is as deep as it gets\n", errno::EOVERFLOW);
static NOT_LOCKED: Failure = Failure::new("the heap is not locked\n", errno::EPERM);

fn lock(_: &[&[u8]], report: &mut Report<'_>) -> Outcome {
    heap_lock::lock_level().map_err(|LockError| &OVERFLOW)?;
    report.text("locked, ");
    locked(&[], report)
}

fn unlock(_: &[&[u8]], report: &mut Report<'_>) -> Outcome {
    heap_lock::unlock_level().map_err(|NotLocked| &NOT_LOCKED)?;
    report.text("unlocked, ");
    locked(&[], report)
}

fn locked(_: &[&[u8]], report: &mut Report<'_>) -> Outcome {
    report
        .text("depth ")
        .decimal(heap_lock::depth().into())
        .byte(b'\n');
    Ok(())
}

fn stats(_: &[&[u8]], report: &mut Report<'_>) -> Outcome {
    let refusals = heap_lock::refusals();
    report.text("refused: ").decimal(refusals.count as usize);
    if refusals.count != 0 {
        report.text(", the last one ").decimal(refusals.size);
        report.text(" bytes, called from ");
        format::render_pointer(refusals.caller, &mut |byte| _ = report.byte(byte));
        report.text(if refusals.in_interrupt {
            ", in an interrupt of "
        } else {
            ", by thread "
        });
        report.text(port::name_or_unknown(refusals.thread, &mut [0; 31]));
    }
    report.byte(b'\n');
    Ok(())
}
