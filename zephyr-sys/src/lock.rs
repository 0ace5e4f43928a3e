// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! The lock of all of micrort's state, inline where a k_spinlock is nothing but a mask of
//! interrupts. On Cortex-M a call would cost as much as the work done under it.

/// Takes the lock and returns its key.
///
/// # Safety
///
/// The lock is not held by the caller.
#[inline(always)]
pub unsafe fn lock() -> u32 {
    #[cfg(micrort_lock_basepri)]
    {
        let key;
        // SAFETY: raises the mask and never lowers it; the kernel's own lock does the same. Memory
        // is clobbered, so nothing that the lock guards moves in front of it.
        unsafe {
            core::arch::asm!(
                "mrs {key}, BASEPRI",
                "msr BASEPRI_MAX, {mask}",
                "isb",
                key = out(reg) key,
                mask = in(reg) crate::MICRORT_LOCK_BASEPRI,
                options(nostack, preserves_flags),
            );
        }
        key
    }
    #[cfg(not(micrort_lock_basepri))]
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
    #[cfg(micrort_lock_basepri)]
    // SAFETY: the mask that was there before, as the caller promises.
    unsafe {
        core::arch::asm!(
            "msr BASEPRI, {key}",
            "isb",
            key = in(reg) key,
            options(nostack, preserves_flags),
        );
    }
    #[cfg(not(micrort_lock_basepri))]
    // SAFETY: promised by the caller.
    unsafe {
        crate::micrort_port_unlock(key)
    }
}
