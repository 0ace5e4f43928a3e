// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! What a command may not leave behind at a prompt, and a thread not behind its end.

#![forbid(unsafe_code)]

use crate::executor::SCHEDULER;
use crate::heap_lock;
use crate::kbd_intr::{self, Console};
use crate::port::{self, OwnState, Thread};

/// Says that the calling thread, a console's, has read a line and goes on to its command.
///
/// *Callable from* threads.
pub fn before_command() {
    heap_lock::before_command();
}

/// Says that the calling thread, a console's, is at its prompt.
///
/// A heap lock that the last command left is undone, with a warning; an interrupt that came for
/// the command and was not taken is forgotten. The Zephyr port calls both for the shells over UARTs.
///
/// *Callable from* threads.
pub fn at_prompt() {
    at_prompt_of(&kbd_intr::MAIN);
}

/// [`at_prompt`] for another console.
pub fn at_prompt_of(console: &'static Console) {
    console.at_prompt();
    let depth = heap_lock::after_command();
    if depth != 0 {
        port::warn_heap_locked_at_prompt(depth);
    }
}

/// Takes what a thread holds that is about to end; the answer is for [`thread_ended`].
pub(crate) fn thread_ending(own: &OwnState) -> u16 {
    heap_lock::thread_ending(own);
    SCHEDULER.thread_ending(own)
}

/// Releases what a thread held that has ended.
pub(crate) fn thread_ended(thread: Thread, regions: u16) {
    heap_lock::thread_ended(thread);
    kbd_intr::detach_thread(thread, true);
    SCHEDULER.thread_ended(thread, regions);
}
