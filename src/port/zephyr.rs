// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! The Zephyr port: the functions of glue/port.h.

use core::alloc::Layout;
use core::ffi::c_void;
use core::mem::{align_of, size_of, transmute};
use core::ptr::{self, NonNull};
use core::slice;
use core::sync::atomic::{AtomicI16, AtomicU16, AtomicU8};
use core::time::Duration;

use zephyr_sys as sys;

use super::{arena, OwnState, Poll, PollError, Thread};
use crate::print::{Print, PrintError};
use crate::raw::constant::Constant;
use crate::raw::pool::Entry;
use crate::raw::{arena::Memory, Arg, Call, Func, Locked, Pool, Slot, WideSlot};

/// What Kconfig has chosen.
#[inline]
pub fn config() -> &'static sys::micrort_port_config {
    // SAFETY: a constant.
    unsafe { &sys::micrort_port_config }
}

same_layout!(OwnState, sys::micrort_thread_state);
same_layout!(Slot, sys::micrort_port_slot);
same_layout!(WideSlot, sys::micrort_port_wide_slot);
same_layout!(Pool, sys::micrort_port_pool);
same_layout!(Memory, sys::micrort_port_arena);

/// The slots of the one queue.
pub const fn pool() -> &'static Pool {
    // SAFETY: a constant with the same members; its slots are zero, and only the queue touches them.
    unsafe { &*(&raw const sys::micrort_port_pool).cast() }
}

/// The memory of the one arena.
pub const fn arena_memory() -> &'static Memory {
    // SAFETY: a constant with the same members; its memory is zero, and only the arena touches it.
    unsafe { &*(&raw const sys::micrort_port_arena).cast() }
}

pub fn kbd_intr_char() -> &'static AtomicI16 {
    // SAFETY: nobody else touches it.
    unsafe { AtomicI16::from_ptr(&raw mut sys::micrort_port_kbd_intr_char) }
}

pub fn opt_level() -> &'static AtomicU8 {
    // SAFETY: nobody else touches it.
    unsafe { AtomicU8::from_ptr(&raw mut sys::micrort_port_opt_level) }
}

#[inline]
pub fn allocation_refused(caller: usize) {
    // SAFETY: callable from any context without the lock.
    unsafe { sys::micrort_port_allocation_refused(caller as *mut _) }
}

pub fn queue_was_full() {
    // SAFETY: callable from any context without the lock.
    unsafe { sys::micrort_port_queue_was_full() }
}

#[inline(always)]
pub fn locked<R>(f: impl FnOnce(&Locked) -> R) -> R {
    // SAFETY: callable from any context. Never nested: only this crate calls `locked`, and no closure
    // that it passes calls out of the deciding files, where the lock is not taken again.
    let key = unsafe { sys::lock() };
    // SAFETY: the lock is held until after the last use.
    let result = f(unsafe { &Locked::new() });
    // SAFETY: the key of the lock that is held.
    unsafe { sys::unlock(key) };
    result
}

#[inline(always)]
pub fn own<R>(f: impl FnOnce(&OwnState) -> R) -> R {
    // SAFETY: callable from any context. The state is that of the calling thread, which does not end
    // before this returns, and has the layout of an `OwnState`; it is only touched with the lock held.
    f(unsafe { &*sys::own_state().cast::<OwnState>() })
}

#[inline]
pub fn current() -> Thread {
    Thread::at(sys::current().addr())
}

#[inline]
pub fn in_interrupt() -> bool {
    sys::in_isr()
}

pub fn call_timed(function: Call) -> u32 {
    type InC = unsafe extern "C" fn(sys::micrort_fn_t, *mut c_void) -> u32;
    type Ours = unsafe extern "C" fn(Func, Arg) -> u32;
    // SAFETY: the types are passed alike; C calls the function once.
    unsafe { function.call_by(transmute::<InC, Ours>(sys::micrort_port_call_timed)) }
}

#[inline]
pub fn wake_executor() {
    // SAFETY: callable from any context without the lock.
    unsafe { sys::micrort_port_wake_executor() }
}

#[inline]
pub fn poll_pass(most: usize) -> usize {
    if !config().executor_poll {
        return 0;
    }
    // SAFETY: called by a thread, without the lock.
    unsafe { sys::micrort_port_poll_pass(most) }
}

pub fn wake_executor_later() {
    // SAFETY: called at the end of a pass, by whoever runs it, without the lock.
    unsafe { sys::micrort_port_wake_executor_later() }
}

pub fn sleep_round() -> u32 {
    // SAFETY: callable from any context.
    unsafe { sys::micrort_port_sleep_round() }
}

pub fn sleep_until_woken(round: u32) {
    // SAFETY: called by a thread, without the lock.
    unsafe { sys::micrort_port_sleep_until_woken(round) }
}

#[inline]
pub fn wake_sleepers() {
    // SAFETY: callable from any context without the lock.
    unsafe { sys::micrort_port_wake_sleepers() }
}

#[inline]
pub fn pass_try_lock() -> bool {
    // SAFETY: called by a thread.
    unsafe { sys::micrort_port_pass_try_lock() == 0 }
}

#[inline]
pub fn pass_unlock() {
    // SAFETY: called by the thread that has the mutex.
    unsafe { sys::micrort_port_pass_unlock() }
}

pub fn pass_wait() {
    // SAFETY: called by a thread that does not have the mutex.
    unsafe { sys::micrort_port_pass_wait() }
}

pub fn pass_abandoned(thread: Thread) {
    // SAFETY: called without the lock; the thread's struct is only named.
    unsafe { sys::micrort_port_pass_abandoned(thread.to_pointer()) }
}

#[inline]
pub fn default_foreground(_: &Locked, shell: usize) -> Option<Thread> {
    // SAFETY: the lock is held, and the shell is one that C gave.
    Thread::from_pointer(unsafe { sys::micrort_port_default_foreground(shell as *const _) })
}

/// The glue polls by `z_impl_micrort_poll()`, the only `poll` that is passed.
pub fn sleep(duration: Duration, _: Poll) -> Result<(), PollError> {
    let microseconds = u64::try_from(duration.as_micros()).unwrap_or(u64::MAX);
    // SAFETY: callable from any context.
    match unsafe { sys::micrort_port_sleep_us(microseconds) } {
        0 => Ok(()),
        error if error == -(sys::EINTR as i32) => Err(PollError::Interrupted),
        _ => Err(PollError::InInterrupt),
    }
}

#[cfg(feature = "embassy-time")]
pub fn clock() -> u64 {
    // SAFETY: callable from any context.
    unsafe { sys::micrort_port_clock() }
}

#[cfg(feature = "embassy-time")]
pub fn clock_hz() -> u64 {
    // SAFETY: callable from any context.
    unsafe { sys::micrort_port_clock_hz() }.into()
}

#[cfg(feature = "embassy-time")]
pub fn set_alarm(at: u64, call: extern "C" fn()) {
    // SAFETY: callable from any context; so is what is called.
    unsafe { sys::micrort_port_set_alarm(at, Some(call)) }
}

pub fn uptime_ms() -> u32 {
    // SAFETY: callable from any context.
    unsafe { sys::micrort_port_uptime_ms() }
}

pub fn warn_region_left_open(depth: u16) {
    // SAFETY: called without the lock.
    unsafe { sys::micrort_port_warn_region_left_open(depth.into()) }
}

pub fn warn_region_of_ended_thread(thread: Thread) {
    // SAFETY: called without the lock; the thread's struct is only named.
    unsafe { sys::micrort_port_warn_region_of_ended_thread(thread.to_pointer()) }
}

pub fn report_damaged_task() {
    // SAFETY: called in a pass, without the lock.
    unsafe { sys::micrort_port_report_damaged_task() }
}

pub fn warn_heap_locked_at_prompt(depth: u16) {
    // SAFETY: called without the lock.
    unsafe { sys::micrort_port_warn_heap_locked_at_prompt(depth.into()) }
}

/// The strings of the image: the iterable section.
pub fn qstr_image() -> &'static [Entry] {
    extern "C" {
        #[link_name = "_micrort_qstr_list_start"]
        static START: [Entry; 0];
        #[link_name = "_micrort_qstr_list_end"]
        static END: [Entry; 0];
    }
    // SAFETY: the linker script's names of the ends of a section that holds only entries.
    unsafe { between((&raw const START).cast(), (&raw const END).cast()) }
}

/// The index of [`qstr_image`], which cmake/qstr_index.py makes.
pub fn qstr_image_index() -> &'static [AtomicU16] {
    extern "C" {
        #[link_name = "micrort_qstr_index"]
        static INDEX: [AtomicU16; 0];
        #[link_name = "micrort_qstr_index_slots"]
        static SLOTS: u32;
    }
    // SAFETY: glue/qstr.c. A load from read-only memory is all that is done with the slots.
    unsafe { slice::from_raw_parts((&raw const INDEX).cast(), SLOTS as usize) }
}

/// The constants of the image, which the linker has sorted by name.
pub fn constants() -> &'static [Constant] {
    extern "C" {
        #[link_name = "_micrort_const_list_start"]
        static START: [Constant; 0];
        #[link_name = "_micrort_const_list_end"]
        static END: [Constant; 0];
    }
    // SAFETY: the linker script's names of the ends of a section that holds only constants.
    unsafe { between((&raw const START).cast(), (&raw const END).cast()) }
}

/// # Safety
///
/// All that lies between is of type `T`, and is never written.
unsafe fn between<T>(start: *const T, end: *const T) -> &'static [T] {
    let bytes = end.addr().wrapping_sub(start.addr());
    if bytes == 0 {
        // An empty list is at no address of its own.
        return &[];
    }
    // SAFETY: promised by the caller.
    unsafe { slice::from_raw_parts(start, bytes / size_of::<T>()) }
}

/// The scheduler is locked in threads; an interrupt has no need of it.
pub fn without_switch<R>(f: impl FnOnce() -> R) -> R {
    // SAFETY: callable from any context without the lock; the two calls are a pair.
    let locked = unsafe { sys::micrort_port_hold_cpu() };
    let result = f();
    if locked {
        // SAFETY: the scheduler was locked above.
        unsafe { sys::micrort_port_sched_unlock() };
    }
    result
}

pub fn thread_name(thread: Thread, buffer: &mut [u8]) -> Option<usize> {
    // SAFETY: callable from any context; writes at most the buffer's length. The name of a thread
    // that has ended is whatever lies there now, and no more of it is read than fits.
    let length = unsafe {
        sys::micrort_port_thread_name(
            thread.to_pointer(),
            buffer.as_mut_ptr().cast(),
            buffer.len() as _,
        )
    };
    (length != 0).then_some(length as usize)
}

pub use zephyr_sys as errno;

/// printk().
pub struct Console;

impl Print for Console {
    fn print(&mut self, piece: &[u8]) -> Result<(), PrintError> {
        // SAFETY: callable from any context; the text is only read.
        unsafe { sys::micrort_port_print(piece.as_ptr().cast(), piece.len() as _) };
        Ok(())
    }
}

/// Allocates from the heap that Kconfig chooses. The heap lock was looked at already.
pub(crate) fn allocate(layout: Layout) -> *mut u8 {
    // SAFETY: callable from any context.
    unsafe { sys::micrort_port_alloc(layout.align(), layout.size()) }.cast()
}

/// # Safety
///
/// [`allocate`] gave `block` for the same `layout`.
pub(crate) unsafe fn free(block: NonNull<u8>, layout: Layout) {
    // SAFETY: promised by the caller.
    unsafe { sys::micrort_port_free(block.as_ptr().cast(), layout.align(), layout.size()) }
}

/// [`allocate`] from the arena.
pub(crate) fn arena_allocate(layout: Layout) -> *mut u8 {
    if in_interrupt() {
        return ptr::null_mut();
    }
    // SAFETY: a thread that keeps its CPU until `sched_unlock`.
    unsafe {
        sys::micrort_port_sched_lock();
        let block = arena::allocate(layout);
        sys::micrort_port_sched_unlock();
        block
    }
}

/// # Safety
///
/// [`arena_allocate`] gave `block` for the same `layout`.
pub(crate) unsafe fn arena_free(block: NonNull<u8>, layout: Layout) {
    if in_interrupt() {
        // SAFETY: promised by the caller.
        locked(|l| unsafe { arena::free_later(l, block, layout) });
    } else {
        // SAFETY: promised by the caller; a thread that keeps its CPU until `sched_unlock`.
        unsafe {
            sys::micrort_port_sched_lock();
            arena::free(block, layout);
            sys::micrort_port_sched_unlock();
        }
    }
}
