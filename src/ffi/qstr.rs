// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! include/micrort/qstr.h

use core::ffi::{c_char, CStr};
use core::{ptr, slice};

use super::print::report;
use super::{errno, sys};
use crate::qstr::{self, InternError, Qstr, Stats, LENGTH_MAX};

same_layout!(
    Stats,
    sys::micrort_qstr_stats,
    pools,
    strings,
    data_bytes,
    total_bytes
);

/// # Safety
///
/// `text` is null, or a NUL ends it.
#[no_mangle]
unsafe extern "C" fn micrort_qstr_from_str(text: *const c_char) -> i32 {
    if text.is_null() {
        return errno(sys::EINVAL);
    }
    // SAFETY: not null, so a NUL ends it, by the contract.
    intern(unsafe { CStr::from_ptr(text) }.to_bytes())
}

/// # Safety
///
/// `text` is null, or that many bytes of it may be read.
#[no_mangle]
unsafe extern "C" fn micrort_qstr_from_strn(text: *const c_char, length: usize) -> i32 {
    // SAFETY: `bytes` asks for the same; the slice is used in this call only.
    unsafe { bytes(text, length) }.map_or_else(|error| error, intern)
}

/// # Safety
///
/// `text` is null, or that many bytes of it may be read.
#[no_mangle]
unsafe extern "C" fn micrort_qstr_find_strn(text: *const c_char, length: usize) -> i32 {
    // SAFETY: `bytes` asks for the same; the slice is used in this call only.
    match unsafe { bytes(text, length) } {
        Ok(text) => qstr::find(text).map_or(errno(sys::ENOENT), |string| string.id().into()),
        Err(error) => error,
    }
}

#[no_mangle]
extern "C" fn micrort_qstr_str(id: u16) -> *const c_char {
    Qstr::from_id(id).map_or(ptr::null(), |string| string.as_bytes().as_ptr().cast())
}

#[no_mangle]
extern "C" fn micrort_qstr_len(id: u16) -> i32 {
    Qstr::from_id(id).map_or(errno(sys::ENOENT), |string| string.as_bytes().len() as i32)
}

/// # Safety
///
/// `stats` may be written.
#[no_mangle]
unsafe extern "C" fn micrort_qstr_stats_get(stats: *mut Stats) {
    // SAFETY: it may be written, by the contract, and the layouts agree, as asserted above.
    unsafe { stats.write(qstr::stats()) }
}

/// # Safety
///
/// `printer` is null or may be read.
#[no_mangle]
unsafe extern "C" fn micrort_qstr_info(printer: *const sys::micrort_printer, verbose: bool) -> i32 {
    // SAFETY: null, or it may be read, by the contract.
    unsafe { report(printer, |printer| qstr::info(printer, verbose)) }
}

fn intern(text: &[u8]) -> i32 {
    match qstr::intern(text) {
        Ok(string) => string.id().into(),
        Err(InternError::TooLong) => errno(sys::ENAMETOOLONG),
        Err(InternError::NoMemory) => errno(sys::ENOMEM),
        Err(InternError::TooMany) => errno(sys::ENOSPC),
        Err(InternError::Interrupt) => errno(sys::EWOULDBLOCK),
    }
}

/// # Safety
///
/// `text` is null, or that many bytes of it may be read for as long as the slice is used.
unsafe fn bytes<'a>(text: *const c_char, length: usize) -> Result<&'a [u8], i32> {
    if text.is_null() {
        Err(errno(sys::EINVAL))
    } else if length > LENGTH_MAX {
        // Before a slice is made: it must not be longer than half the address space.
        Err(errno(sys::ENAMETOOLONG))
    } else {
        // SAFETY: not null, so that many bytes may be read, by the contract.
        Ok(unsafe { slice::from_raw_parts(text.cast(), length) })
    }
}
