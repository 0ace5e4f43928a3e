// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! include/micrort/kbd_intr.h

use super::{errno, sys};
use crate::kbd_intr::{self, AttachError};

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
    match kbd_intr::attach() {
        Ok(()) => 0,
        Err(AttachError::Interrupt) => errno(sys::EWOULDBLOCK),
    }
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
