// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! What the C glue calls: the second half of glue/port.h.

use super::sys;
use crate::port::{self, Thread};
use crate::schedule::SCHEDULER;
use crate::{heap_lock, kbd_intr};

#[no_mangle]
extern "C" fn micrort_executor_pass() {
    SCHEDULER.pass();
}

#[no_mangle]
extern "C" fn micrort_executor_start() {
    SCHEDULER.start();
}

#[no_mangle]
extern "C" fn micrort_thread_ended(thread: sys::k_tid_t) {
    if let Some(thread) = Thread::from_kernel(thread) {
        heap_lock::reset(thread, false);
        kbd_intr::release(thread);
        SCHEDULER.thread_ended(thread);
    }
}

#[no_mangle]
extern "C" fn micrort_at_prompt() {
    kbd_intr::at_prompt();
    let depth = heap_lock::reset(port::current(), true);
    if depth != 0 {
        port::warn_heap_locked_at_prompt(depth);
    }
}

#[cfg(feature = "panic-handler")]
#[panic_handler]
fn panic(_: &core::panic::PanicInfo) -> ! {
    // SAFETY: callable from any context.
    unsafe { sys::micrort_port_panic() }
}
