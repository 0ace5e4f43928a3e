// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! The lock of all of micrort's state, and who runs: inline on one Cortex-M core, where each is one
//! to three instructions, and a call would cost more than the work done under the lock.
//!
//! What the configuration decides of them is the value of a symbol (glue/config.c), which the linker puts
//! into a `movw`.

/// Takes the lock and returns its key.
///
/// # Safety
///
/// The lock is not held by the caller.
#[inline(always)]
pub unsafe fn lock() -> u32 {
    #[cfg(micrort_inline_cpu)]
    {
        let key;
        // SAFETY: raises the mask and never lowers it; the kernel's own lock does the same. Memory
        // is clobbered, so nothing that the lock guards moves in front of it. No barrier: the
        // architecture has a higher mask in force for the next instruction (Armv7-M manual, "MSR").
        unsafe {
            core::arch::asm!(
                "movw {mask}, #:lower16:micrort_lock_basepri",
                "mrs {key}, BASEPRI",
                "msr BASEPRI_MAX, {mask}",
                key = out(reg) key,
                mask = out(reg) _,
                options(nostack, preserves_flags),
            );
        }
        key
    }
    #[cfg(not(micrort_inline_cpu))]
    // SAFETY: callable from any context.
    unsafe {
        crate::micrort_port_lock()
    }
}

/// Gives the lock back.
///
/// # Safety
///
/// `key` is what the last [`lock`] returned, and the lock is held.
#[inline(always)]
pub unsafe fn unlock(key: u32) {
    #[cfg(micrort_inline_cpu)]
    // SAFETY: the mask that was there before, as the caller promises. No barrier: an interrupt that
    // waits is taken here or a few instructions later.
    unsafe {
        core::arch::asm!(
            "msr BASEPRI, {key}",
            key = in(reg) key,
            options(nostack, preserves_flags),
        );
    }
    #[cfg(not(micrort_inline_cpu))]
    // SAFETY: promised by the caller.
    unsafe {
        crate::micrort_port_unlock(key)
    }
}

/// The value of a symbol, of 16 bits.
#[cfg(micrort_inline_cpu)]
macro_rules! value_of {
    ($symbol:literal) => {{
        let value: usize;
        // SAFETY: sets a register.
        unsafe {
            core::arch::asm!(
                concat!("movw {0}, #:lower16:", $symbol),
                out(reg) value,
                options(pure, nomem, nostack, preserves_flags),
            );
        }
        value
    }};
}

#[cfg(micrort_inline_cpu)]
extern "C" {
    static _kernel: crate::k_tid_t;
}

/// The running thread; null before there is one.
#[inline(always)]
pub fn current() -> crate::k_tid_t {
    #[cfg(micrort_inline_cpu)]
    {
        let offset = value_of!("micrort_offset_of_current");
        // SAFETY: the place that the kernel's headers give; a thread and what interrupts it read the
        // same value.
        unsafe { (&raw const _kernel).byte_add(offset).read_volatile() }
    }
    #[cfg(not(micrort_inline_cpu))]
    // SAFETY: callable from any context.
    unsafe {
        crate::micrort_port_current()
    }
}

/// What the calling thread holds: see glue/port.h.
#[inline(always)]
pub fn own_state() -> *mut crate::micrort_thread_state {
    #[cfg(micrort_inline_cpu)]
    {
        extern "C" {
            static micrort_state_offset: usize;
            static mut micrort_boot_state: crate::micrort_thread_state;
        }

        // SAFETY: written once, by the main thread, before there is another one.
        let offset = unsafe { (&raw const micrort_state_offset).read_volatile() };
        if offset == usize::MAX {
            return &raw mut micrort_boot_state;
        }
        let tls = value_of!("micrort_offset_of_tls");
        // SAFETY: the kernel runs, so there is a current thread, and its storage is where the headers
        // of this build say.
        let storage = unsafe { current().byte_add(tls).cast::<usize>().read() };
        storage.wrapping_add(offset) as *mut crate::micrort_thread_state
    }
    #[cfg(not(micrort_inline_cpu))]
    // SAFETY: callable from any context.
    unsafe {
        crate::micrort_port_own_state()
    }
}

/// Whether an interrupt or another exception is running.
#[inline(always)]
pub fn in_isr() -> bool {
    #[cfg(micrort_inline_cpu)]
    {
        let number: u32;
        // SAFETY: reads a register.
        unsafe {
            core::arch::asm!("mrs {0}, IPSR", out(reg) number, options(nomem, nostack, preserves_flags));
        }
        number != 0
    }
    #[cfg(not(micrort_inline_cpu))]
    // SAFETY: callable from any context.
    unsafe {
        crate::micrort_port_in_isr()
    }
}
