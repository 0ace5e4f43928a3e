// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! include/micrort/const.h

use core::ffi::{c_char, CStr};
use core::ptr;

use super::{errno, sys};
use crate::constants::{self, Constant, Value};
use crate::raw::constant::{BOOL, INT, STR, UINT};

#[allow(clippy::unnecessary_cast, reason = "how wide an enum is, is the ABI's")]
const _: () = {
    assert!(size_of::<Constant>() == size_of::<sys::micrort_const>());
    assert!(align_of::<Constant>() == align_of::<sys::micrort_const>());
    assert!(INT as u32 == sys::micrort_const_kind_MICRORT_CONST_KIND_INT as u32);
    assert!(UINT as u32 == sys::micrort_const_kind_MICRORT_CONST_KIND_UINT as u32);
    assert!(BOOL as u32 == sys::micrort_const_kind_MICRORT_CONST_KIND_BOOL as u32);
    assert!(STR as u32 == sys::micrort_const_kind_MICRORT_CONST_KIND_STR as u32);
};

/// # Safety
///
/// `name` is null, or a NUL ends it; `value` is null or may be written.
#[no_mangle]
unsafe extern "C" fn micrort_const_get(
    name: *const c_char,
    value: *mut sys::micrort_const_value,
) -> i32 {
    if name.is_null() || value.is_null() {
        return errno(sys::EINVAL);
    }
    // SAFETY: not null, so a NUL ends it, by the contract.
    let name = unsafe { CStr::from_ptr(name) };
    let Some(found) = constants::get(name.to_bytes()) else {
        return errno(sys::ENOENT);
    };
    let (kind, bits) = match found {
        Value::Int(int_value) => (INT, Bits { int_value }),
        Value::Uint(uint_value) => (UINT, Bits { uint_value }),
        Value::Bool(bool_value) => (BOOL, Bits { bool_value }),
        Value::Str(text) => (
            STR,
            Bits {
                str_value: text.as_ptr(),
            },
        ),
    };
    // SAFETY: not null, so it may be written, by the contract.
    unsafe {
        value.write(sys::micrort_const_value {
            kind,
            __bindgen_anon_1: bits,
        });
    }
    0
}

type Bits = sys::micrort_const_value__bindgen_ty_1;

#[no_mangle]
extern "C" fn micrort_const_count() -> usize {
    constants::all().len()
}

#[no_mangle]
extern "C" fn micrort_const_at(index: usize) -> *const Constant {
    constants::all()
        .get(index)
        .map_or(ptr::null(), ptr::from_ref)
}
