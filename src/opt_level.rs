// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! How much checking and reporting is done.
//!
//! 0: [`assertion!`](crate::assertion!) checks, and [`debug`] is true. 1 and 2: neither. 3: reports
//! of exceptions carry no line numbers either. The level of the build (`CONFIG_MICRORT_OPT_LEVEL`)
//! decides what of an application is in the image, and is the level at boot; the level at run time
//! acts on what is left.

#![forbid(unsafe_code)]

use core::sync::atomic::Ordering;

use crate::config;
use crate::port;

/// Largest level.
pub const MAX: u8 = 3;

/// The level is not one of 0 to [`MAX`]; nothing was changed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct InvalidLevel;

/// Reads the level.
///
/// *Callable from* every context.
pub fn get() -> u8 {
    port::opt_level().load(Ordering::Relaxed)
}

/// Sets the level.
///
/// *Callable from* every context.
///
/// # Errors
///
/// See [`InvalidLevel`].
///
/// # Examples
///
/// ```
/// use micrort::opt_level::{self, InvalidLevel};
///
/// assert_eq!(opt_level::set(1), Ok(()));
/// assert!(!opt_level::debug());
/// assert_eq!(opt_level::set(4), Err(InvalidLevel));
/// assert_eq!(opt_level::get(), 1);
/// ```
pub fn set(level: i32) -> Result<(), InvalidLevel> {
    let level = u8::try_from(level).map_err(|_| InvalidLevel)?;
    if level > MAX {
        return Err(InvalidLevel);
    }
    port::opt_level().store(level, Ordering::Relaxed);
    Ok(())
}

/// Whether checks are made: level 0, of the build and now.
///
/// *Callable from* every context.
#[inline]
pub fn debug() -> bool {
    config::OPT_LEVEL == 0 && get() == 0
}
