// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! What the host's port calls of the library. On Zephyr that is the glue's, by src/ffi/glue.rs; here it is
//! the one import that goes up.

#![forbid(unsafe_code)]

use super::{OwnState, Thread};
use crate::executor::SCHEDULER;
use crate::print::Report;
use crate::{mem_info, pending, release};

/// The executor was woken.
pub fn pass() {
    SCHEDULER.pass();
}

/// A thread polls.
pub fn pass_of(most: usize) -> usize {
    SCHEDULER.pass_of(most)
}

/// There is something to poll for.
pub fn became_pending() {
    pending::became();
}

/// Stacks are reported.
pub fn report_stack(report: &mut Report<'_>) {
    mem_info::report_stack(report);
}

/// The executor is there.
pub fn started() {
    SCHEDULER.start();
}

/// The mutex is free of a pass whose thread has ended.
pub fn abandoned() {
    SCHEDULER.abandoned();
}

/// The calling thread ends.
pub fn thread_ends(thread: Thread, state: &OwnState) {
    let regions = release::thread_ending(state);
    release::thread_ended(thread, regions);
}
