// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! What the C glue calls: the second half of glue/port.h.

use super::sys;
use crate::executor::SCHEDULER;
use crate::port::Thread;
use crate::release;

#[no_mangle]
extern "C" fn micrort_executor_pass() {
    SCHEDULER.pass();
}

#[no_mangle]
extern "C" fn micrort_executor_start() {
    SCHEDULER.start();
}

#[no_mangle]
extern "C" fn micrort_executor_abandoned() {
    SCHEDULER.abandoned();
}

#[no_mangle]
extern "C" fn micrort_thread_ended(thread: sys::k_tid_t) {
    if let Some(thread) = Thread::from_kernel(thread) {
        release::thread_ended(thread);
    }
}

#[no_mangle]
extern "C" fn micrort_before_command() {
    release::before_command();
}

#[no_mangle]
extern "C" fn micrort_at_prompt() {
    release::at_prompt();
}

#[cfg(feature = "panic-handler")]
#[panic_handler]
fn panic(_: &core::panic::PanicInfo) -> ! {
    // SAFETY: callable from any context.
    unsafe { sys::micrort_port_panic() }
}
