// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! The lock of all of micrort's state, and who runs: inline on one Cortex-M core, where each is one
//! to three instructions, and a call would cost more than the work done under the lock.

use core::sync::atomic::AtomicUsize;

/// Whether this is the only core, a Cortex-M with `BASEPRI`: [`take`] and [`give_back`] are for it.
pub const ONE_CORTEX_M: bool = cfg!(micrort_inline_cpu);

/// The address of a static, on one Cortex-M core by one instruction where the compiler takes two: a load
/// of what the assembler puts behind the function. That must not be farther than 4 KB, or the
/// assembler refuses it: so only in functions that are short and that the compiler does not inline.
#[cfg(micrort_inline_cpu)]
#[macro_export]
macro_rules! address_of {
    ($symbol:path) => {{
        let mut address = &raw const $symbol;
        // SAFETY: the address is what it was.
        unsafe {
            core::arch::asm!("ldr {address}, ={symbol}", address = out(reg) address,
                symbol = sym $symbol, options(pure, nomem, nostack, preserves_flags));
        }
        address
    }};
}

/// The address of a static.
#[cfg(not(micrort_inline_cpu))]
#[macro_export]
macro_rules! address_of {
    ($symbol:path) => {
        &raw const $symbol
    };
}

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
                "mrs {key}, BASEPRI",
                "msr BASEPRI_MAX, {mask}",
                key = out(reg) key,
                mask = in(reg) crate::MICRORT_LOCK_BASEPRI,
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

#[cfg(micrort_inline_cpu)]
extern "C" {
    static _kernel: crate::k_tid_t;
}

/// What the kernel's own account says, of which this is the address.
#[cfg(micrort_inline_cpu)]
#[inline(always)]
fn current_by(kernel: *const crate::k_tid_t) -> crate::k_tid_t {
    // SAFETY: the place that the kernel's headers give; a thread and what interrupts it read the
    // same value.
    unsafe {
        kernel
            .byte_add(crate::MICRORT_OFFSET_OF_CURRENT as usize)
            .read_volatile()
    }
}

/// The running thread; null before there is one.
#[inline(always)]
pub fn current() -> crate::k_tid_t {
    #[cfg(micrort_inline_cpu)]
    {
        current_by(&raw const _kernel)
    }
    #[cfg(not(micrort_inline_cpu))]
    // SAFETY: callable from any context.
    unsafe {
        crate::micrort_port_current()
    }
}

/// [`current`] by [`address_of!`](crate::address_of).
#[inline(always)]
pub fn current_near() -> crate::k_tid_t {
    #[cfg(micrort_inline_cpu)]
    {
        current_by(crate::address_of!(_kernel))
    }
    #[cfg(not(micrort_inline_cpu))]
    current()
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

/// Makes `number` of 0, unless the word is not 0, or an interrupt comes in between.
///
/// Two instructions less than the compiler's own compare-and-swap, which sets up a frame first.
#[inline(always)]
pub fn take(word: &AtomicUsize, number: usize) -> bool {
    #[cfg(micrort_inline_cpu)]
    {
        let left: usize;
        // SAFETY: an atomic word, to which no other access is exclusive in between. Memory is
        // clobbered, so nothing moves across.
        unsafe {
            core::arch::asm!(
                "ldrex r3, [{word}]",
                "cbnz r3, 2f",
                "strex r3, {number}, [{word}]",
                "2:",
                word = in(reg) word.as_ptr(),
                number = in(reg) number,
                out("r3") left,
                options(nostack, preserves_flags),
            );
        }
        left == 0
    }
    #[cfg(not(micrort_inline_cpu))]
    {
        let _ = (word, number);
        false
    }
}

/// Makes 0 of `number`, unless the word is not `number`, or an interrupt comes in between.
#[inline(always)]
pub fn give_back(word: &AtomicUsize, number: usize) -> bool {
    #[cfg(micrort_inline_cpu)]
    {
        let left: usize;
        // SAFETY: as in `take`.
        unsafe {
            core::arch::asm!(
                "ldrex r3, [{word}]",
                "subs r3, r3, {number}",
                "bne 2f",
                "strex r3, {zero}, [{word}]",
                "2:",
                word = in(reg) word.as_ptr(),
                number = in(reg) number,
                zero = in(reg) 0,
                out("r3") left,
                options(nostack),
            );
        }
        left == 0
    }
    #[cfg(not(micrort_inline_cpu))]
    {
        let _ = (word, number);
        false
    }
}

/// Adds 1, which wraps, unless an interrupt comes in between.
///
/// # Safety
///
/// `word` may be read and written, by this core alone.
#[inline(always)]
pub unsafe fn increment(word: *mut u32) -> bool {
    #[cfg(micrort_inline_cpu)]
    {
        let failed: u32;
        // SAFETY: promised by the caller; otherwise as in `take`.
        unsafe {
            core::arch::asm!(
                "ldrex {value}, [{word}]",
                "adds {value}, {value}, #1",
                "strex {failed}, {value}, [{word}]",
                word = in(reg) word,
                value = out(reg) _,
                failed = out(reg) failed,
                options(nostack),
            );
        }
        failed == 0
    }
    #[cfg(not(micrort_inline_cpu))]
    {
        let _ = word;
        false
    }
}
