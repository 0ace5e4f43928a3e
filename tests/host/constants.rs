// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! Constants that can be looked up by name.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
#![cfg(not(loom))]

use std::ffi::CStr;

use micrort::constants::{self, Value};

micrort::constant! {
    ZERO: i64 = 0;
    LEAST: i64 = i64::MIN;
    LARGEST: i64 = i64::MAX;
    LARGEST_UNSIGNED: u64 = u64::MAX;
    ABOVE_SIGNED: u64 = 1 << 63;
    SMALL_UNSIGNED: u64 = 7;
    MINUS_ONE: i8 = -1;
    YES: bool = true;
    NO: bool = false;
    TEXT: &CStr = c"some text";
    A: u8 = 1;
    AB: u8 = 2;
    A_: u8 = 3;
    #[allow(non_upper_case_globals)]
    lower: u8 = 4;
    _HIDDEN: u32 = 0x1357_9bdf;
}

mod other {
    micrort::constant! {
        /// The same hidden name as in another file.
        pub _HIDDEN: u32 = 2;
        pub VISIBLE: u32 = _HIDDEN + 40;
    }
}

#[test]
fn values() {
    for (name, value) in [
        ("ZERO", Value::Int(ZERO)),
        ("LEAST", Value::Int(LEAST)),
        ("LARGEST", Value::Int(LARGEST)),
        ("LARGEST_UNSIGNED", Value::Uint(LARGEST_UNSIGNED)),
        ("ABOVE_SIGNED", Value::Uint(ABOVE_SIGNED)),
        ("SMALL_UNSIGNED", Value::Int(7)),
        ("MINUS_ONE", Value::Int(-1)),
        ("YES", Value::Bool(true)),
        ("NO", Value::Bool(false)),
        ("TEXT", Value::Str(TEXT)),
        ("A", Value::Int(1)),
        ("AB", Value::Int(2)),
        ("A_", Value::Int(3)),
        ("lower", Value::Int(4)),
        ("VISIBLE", Value::Int(42)),
    ] {
        assert_eq!(constants::get(name), Some(value), "{name}");
    }
    assert_eq!((NO, YES, MINUS_ONE, SMALL_UNSIGNED), (false, true, -1, 7));
    assert_eq!((A, AB, A_, lower), (1, 2, 3, 4));
    assert_eq!(other::VISIBLE, 42);
}

#[test]
fn what_is_not_there() {
    assert_eq!(_HIDDEN, 0x1357_9bdf);
    assert_eq!(other::_HIDDEN, 2);
    for name in [
        "", "_HIDDEN", "_", "ABC", "Z", "ZEROS", "ZER", "visible", "A\0",
    ] {
        assert_eq!(constants::get(name), None, "{name}");
    }
}

#[test]
fn in_the_order_of_names() {
    let names: Vec<_> = constants::all().iter().map(|c| c.name()).collect();
    assert_eq!(names.len(), 15);
    assert!(names.is_sorted());
    for constant in constants::all() {
        assert_eq!(
            constants::get(constant.name().to_bytes()),
            Some(constant.value())
        );
    }
}
