// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! include/micrort/opt_level.h

use super::{errno, sys};
use crate::opt_level::{self, InvalidLevel};

#[no_mangle]
extern "C" fn micrort_opt_level() -> i32 {
    opt_level::get().into()
}

#[no_mangle]
extern "C" fn micrort_opt_level_set(level: i32) -> i32 {
    match opt_level::set(level) {
        Ok(()) => 0,
        Err(InvalidLevel) => errno(sys::EINVAL),
    }
}
