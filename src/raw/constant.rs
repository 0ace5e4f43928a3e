// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! Constants as they lie in the image.

use core::ffi::{c_char, CStr};

/// A constant with its name; as `struct micrort_const` in C.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct Constant {
    name: *const c_char,
    kind: u8,
    bits: Bits,
}

/// As the union in `struct micrort_const`.
#[repr(C)]
#[derive(Clone, Copy)]
union Bits {
    number: u64,
    text: *const c_char,
}

// SAFETY: a constant, and the text that it points to, is never written.
unsafe impl Send for Constant {}
// SAFETY: threads only read a constant and its text.
unsafe impl Sync for Constant {}

pub(crate) const INT: u8 = 0;
pub(crate) const UINT: u8 = 1;
pub(crate) const BOOL: u8 = 2;
pub(crate) const STR: u8 = 3;

/// What a constant is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Value {
    /// An integer that fits 64 bits with a sign.
    Int(i64),
    /// An integer that is larger.
    Uint(u64),
    /// A boolean.
    Bool(bool),
    /// A string.
    Str(&'static CStr),
}

impl Constant {
    /// A constant of that name.
    pub const fn new(name: &'static CStr, value: Value) -> Self {
        let (kind, bits) = match value {
            Value::Int(number) => (
                INT,
                Bits {
                    number: number as u64,
                },
            ),
            Value::Uint(number) => (UINT, Bits { number }),
            Value::Bool(value) => (
                BOOL,
                Bits {
                    number: value as u64,
                },
            ),
            Value::Str(text) => (
                STR,
                Bits {
                    text: text.as_ptr(),
                },
            ),
        };
        Constant {
            name: name.as_ptr(),
            kind,
            bits,
        }
    }

    /// Its name.
    pub fn name(&self) -> &'static CStr {
        // SAFETY: `new`, or the macro of const.h, made it of a string that lives for ever.
        unsafe { CStr::from_ptr(self.name) }
    }

    /// Its value.
    pub fn value(&self) -> Value {
        // SAFETY: `new`, or the macro of const.h, wrote the member that the kind says; of a string it
        // lives for ever.
        unsafe {
            match self.kind {
                STR => Value::Str(CStr::from_ptr(self.bits.text)),
                BOOL => Value::Bool(self.bits.number != 0),
                UINT => Value::Uint(self.bits.number),
                _ => Value::Int(self.bits.number as i64),
            }
        }
    }
}
