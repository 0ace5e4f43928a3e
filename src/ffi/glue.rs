// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! What the C glue calls: the second half of glue/port.h.

use super::kbd_intr::console_of;
use super::sys;
use crate::executor::SCHEDULER;
use crate::port::{OwnState, Thread};
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

/// # Safety
///
/// `state` is that of a thread that lives.
#[no_mangle]
unsafe extern "C" fn micrort_thread_ending(state: *mut sys::micrort_thread_state) -> u16 {
    // SAFETY: this function's own contract; src/port/zephyr.rs compares the layouts. The state is only
    // touched with the lock held.
    release::thread_ending(unsafe { &*state.cast::<OwnState>() })
}

#[no_mangle]
extern "C" fn micrort_thread_ended(thread: sys::k_tid_t, regions: u16) {
    if let Some(thread) = Thread::from_pointer(thread) {
        release::thread_ended(thread, regions);
    }
}

#[no_mangle]
extern "C" fn micrort_regions_close(thread: sys::k_tid_t, regions: u16) {
    if let Some(thread) = Thread::from_pointer(thread) {
        SCHEDULER.close_regions(thread, regions);
    }
}

/// # Safety
///
/// `console` lives for ever, or is null.
#[no_mangle]
unsafe extern "C" fn micrort_console_set_shell(
    console: *mut sys::micrort_console,
    shell: *const sys::shell,
) {
    // SAFETY: promised by the caller.
    unsafe { console_of(console) }.set_shell(shell.addr());
}

/// # Safety
///
/// `console` lives for ever, or is null.
#[no_mangle]
unsafe extern "C" fn micrort_console_lend(
    console: *mut sys::micrort_console,
    borrower: sys::k_tid_t,
) {
    // SAFETY: promised by the caller.
    unsafe { console_of(console) }.lend(Thread::from_pointer(borrower));
}

#[cfg(feature = "panic-handler")]
#[panic_handler]
fn panic(_: &core::panic::PanicInfo) -> ! {
    // SAFETY: callable from any context.
    unsafe { sys::micrort_port_panic() }
}
