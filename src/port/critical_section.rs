// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! The critical section of Rust's embedded crates: interrupts are masked, and other CPUs wait.

use core::sync::atomic::{AtomicBool, Ordering};

use critical_section::{set_impl, Impl, RawRestoreState};
use zephyr_sys as sys;

/// Whether a thread has woken the executor since the last section's end. In a section that could not
/// preempt it; a number too many costs a look of the kernel's.
static HAS_WOKEN: AtomicBool = AtomicBool::new(false);

pub fn section_has_woken() {
    if !super::in_interrupt() {
        HAS_WOKEN.store(true, Ordering::Relaxed);
    }
}

struct Section;

set_impl!(Section);

// SAFETY: the kernel's irq_lock(), which nests and holds against other CPUs, from the first of nested
// sections to its end.
unsafe impl Impl for Section {
    unsafe fn acquire() -> RawRestoreState {
        // SAFETY: callable from any context.
        unsafe { sys::micrort_port_section_begin() }
    }

    unsafe fn release(is_first: RawRestoreState) {
        if is_first {
            let has_woken = HAS_WOKEN.load(Ordering::Relaxed);
            HAS_WOKEN.store(false, Ordering::Relaxed);
            // SAFETY: the section is the first one, which the caller promises to be in.
            unsafe { sys::micrort_port_section_end(has_woken) }
        }
    }
}
