// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! What a command may not leave behind at a prompt, and a thread not behind its end.

#![forbid(unsafe_code)]

use crate::port::{self, Thread};
use crate::schedule::SCHEDULER;
use crate::{heap_lock, kbd_intr};

/// Says that the calling thread, a console's, is at its prompt.
///
/// A heap lock that the last command left is undone, with a warning; an interrupt that came for
/// the command and was not taken is forgotten. The Zephyr port calls this for every shell.
///
/// *Callable from* threads.
pub fn at_prompt() {
    kbd_intr::at_prompt();
    let depth = heap_lock::reset(port::current(), true);
    if depth != 0 {
        port::warn_heap_locked_at_prompt(depth);
    }
}

/// Releases what a thread held that has ended.
pub(crate) fn thread_ended(thread: Thread) {
    heap_lock::reset(thread, false);
    kbd_intr::release(thread);
    SCHEDULER.thread_ended(thread);
}
