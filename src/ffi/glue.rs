// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! What the C glue calls: the second half of glue/port.h.

use core::alloc::Layout;
use core::ffi::c_void;
use core::ptr::{self, NonNull};

use super::kbd_intr::console_of;
use super::sys;
use crate::executor::SCHEDULER;
use crate::heap_walk::Step;
use crate::port::{self, OwnState, Thread};
use crate::print::Report;
use crate::{exception, mem_info, pending, release};

const _: () = assert!(sys::MICRORT_PORT_ABI == 1);

/// The linker looks for this name: a library for another version of glue/port.h has another one.
#[export_name = "micrort_port_abi_1"]
static PORT_ABI: u8 = 1;

#[no_mangle]
extern "C" fn micrort_executor_pass() {
    SCHEDULER.pass();
}

#[no_mangle]
extern "C" fn micrort_executor_pass_in_interrupt() {
    SCHEDULER.pass_in_interrupt();
}

#[no_mangle]
extern "C" fn micrort_executor_pass_of(most: usize) -> usize {
    SCHEDULER.pass_of(most)
}

#[no_mangle]
extern "C" fn micrort_pending_became() {
    pending::became();
}

#[no_mangle]
extern "C" fn micrort_raise_allocation_refused(caller: *mut c_void) {
    exception::allocation_refused(caller.addr());
}

#[no_mangle]
extern "C" fn micrort_raise_queue_full() {
    exception::queue_full();
}

#[no_mangle]
extern "C" fn micrort_arena_port_alloc(align: usize, size: usize) -> *mut c_void {
    Layout::from_size_align(size, align).map_or(ptr::null_mut(), |layout| {
        port::arena_allocate(layout).cast()
    })
}

/// # Safety
///
/// [`micrort_arena_port_alloc`] gave `block` for the same `align` and `size`.
#[no_mangle]
unsafe extern "C" fn micrort_arena_port_free(block: *mut c_void, align: usize, size: usize) {
    if let (Some(block), Ok(layout)) = (
        NonNull::new(block.cast()),
        Layout::from_size_align(size, align),
    ) {
        // SAFETY: this function's own contract.
        unsafe { port::arena_free(block, layout) }
    }
}

/// # Safety
///
/// `out` may be written.
#[no_mangle]
unsafe extern "C" fn micrort_arena_shape(out: *mut sys::micrort_port_heap_shape) {
    let shape = port::arena_shape();
    // SAFETY: promised by the caller.
    unsafe {
        out.write(sys::micrort_port_heap_shape {
            base: shape.base,
            unit: shape.unit,
            units: shape.units,
            has_stats: true,
            allocated: shape.allocated.unwrap_or(0),
            peak: shape.peak.unwrap_or(0),
        });
    }
}

/// # Safety
///
/// `step` may be written.
#[no_mangle]
unsafe extern "C" fn micrort_arena_step(from: u32, step: *mut sys::micrort_port_heap_step) {
    // SAFETY: promised by the caller; src/port/zephyr_memory.rs compares the layouts.
    port::arena_step(from, unsafe { &mut *step.cast::<Step>() });
}

/// # Safety
///
/// `report` is what `micrort_port_report_stack()` was given.
#[no_mangle]
unsafe extern "C" fn micrort_report_stack(report: *mut c_void) {
    // SAFETY: this function's own contract.
    mem_info::report_stack(unsafe { &mut *report.cast::<Report<'_>>() });
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
