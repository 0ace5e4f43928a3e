// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! include/micrort/kbd_intr.h

use core::mem::{align_of, size_of};

use super::{errno, sys};
use crate::kbd_intr::{self, AttachError, Console};
use crate::release;

const _: () = assert!(
    size_of::<Console>() == size_of::<sys::micrort_console>()
        && align_of::<Console>() == align_of::<sys::micrort_console>()
);

/// # Safety
///
/// `console` lives for ever, or is null, which stands for the main one.
pub(super) unsafe fn console_of(console: *mut sys::micrort_console) -> &'static Console {
    // SAFETY: promised by the caller; all zero is a console, and C writes it only before it is named here.
    unsafe { console.cast::<Console>().as_ref() }.unwrap_or(&kbd_intr::MAIN)
}

fn attach_result(result: Result<(), AttachError>) -> i32 {
    match result {
        Ok(()) => 0,
        Err(AttachError::Interrupt) => errno(sys::EWOULDBLOCK),
    }
}

/// # Safety
///
/// `console` lives for ever, or is null.
#[no_mangle]
unsafe extern "C" fn micrort_console_feed(console: *mut sys::micrort_console, byte: u8) -> bool {
    // SAFETY: promised by the caller.
    unsafe { console_of(console) }.feed(byte)
}

/// # Safety
///
/// `console` lives for ever, or is null.
#[no_mangle]
unsafe extern "C" fn micrort_console_raise(console: *mut sys::micrort_console) -> i32 {
    // SAFETY: promised by the caller.
    unsafe { console_of(console) }
        .raise()
        .map_or(errno(sys::ESRCH), |()| 0)
}

/// # Safety
///
/// `console` lives for ever, or is null.
#[no_mangle]
unsafe extern "C" fn micrort_console_attach(console: *mut sys::micrort_console) -> i32 {
    // SAFETY: promised by the caller.
    attach_result(unsafe { console_of(console) }.attach())
}

/// # Safety
///
/// `console` lives for ever, or is null.
#[no_mangle]
unsafe extern "C" fn micrort_console_at_prompt(console: *mut sys::micrort_console) {
    // SAFETY: promised by the caller.
    release::at_prompt_of(unsafe { console_of(console) });
}

#[no_mangle]
extern "C" fn micrort_console_before_command() {
    release::before_command();
}

#[no_mangle]
extern "C" fn micrort_kbd_intr(chr: i32) -> i32 {
    kbd_intr::set_code(chr).map_or(errno(sys::EINVAL), |()| 0)
}

#[no_mangle]
extern "C" fn micrort_kbd_intr_get() -> i32 {
    kbd_intr::get().map_or(sys::MICRORT_KBD_INTR_OFF, i32::from)
}

#[no_mangle]
extern "C" fn micrort_kbd_intr_feed(byte: u8) -> bool {
    kbd_intr::feed(byte)
}

#[no_mangle]
extern "C" fn z_impl_micrort_kbd_intr_raise() -> i32 {
    kbd_intr::raise().map_or(errno(sys::ESRCH), |()| 0)
}

#[no_mangle]
extern "C" fn micrort_kbd_intr_attach() -> i32 {
    attach_result(kbd_intr::attach())
}

#[no_mangle]
extern "C" fn micrort_kbd_intr_detach() -> i32 {
    kbd_intr::detach().map_or(errno(sys::EPERM), |()| 0)
}

#[no_mangle]
extern "C" fn micrort_check_here() -> i32 {
    kbd_intr::check_here().map_or(errno(sys::EINTR), |()| 0)
}

#[no_mangle]
extern "C" fn z_impl_micrort_check() -> i32 {
    kbd_intr::check().map_or(errno(sys::EINTR), |()| 0)
}
