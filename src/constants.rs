// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! Constants that can be looked up by name at run time (reference: *const*).
//!
//! [`constant!`](crate::constant!), in C `MICRORT_CONST()` and its like, makes a compile-time
//! constant and registers it in read-only memory. The linker sorts them by name and drops those whose
//! name begins with `_`: of these nothing is left in the image. Two of one name, in C or in Rust, are
//! an error of the build that names it.
//!
//! On the host no linker script sorts; the first lookup does.

#![forbid(unsafe_code)]

use core::ffi::CStr;

use crate::config;
use crate::port;
pub use crate::raw::constant::{Constant, Value};

/// Looks a constant up by its name.
///
/// *Callable from* every context.
///
/// # Examples
///
/// ```
/// use micrort::constants::{self, Value};
///
/// micrort::constant! {
///     /// Samples in a buffer.
///     pub SAMPLES: i64 = 4 * 16;
///     _HIDDEN: i64 = 1;
/// }
///
/// const TWICE: i64 = 2 * SAMPLES;
/// assert_eq!(constants::get("SAMPLES"), Some(Value::Int(64)));
/// assert_eq!(constants::get("_HIDDEN"), None);
/// # assert_eq!(TWICE, 128 * _HIDDEN);
/// ```
pub fn get(name: impl AsRef<[u8]>) -> Option<Value> {
    find(name.as_ref())
}

fn find(name: &[u8]) -> Option<Value> {
    let all = all();
    let at = all.binary_search_by(|constant| constant.name().to_bytes().cmp(name));
    all.get(at.ok()?).map(Constant::value)
}

/// Gives all constants, in the order of their names (as bytes).
///
/// *Callable from* every context.
pub fn all() -> &'static [Constant] {
    port::constants()
}

/// Defines constants and registers them by name.
///
/// The type is an integer of at most 64 bits, `bool` or `&CStr`. A name that begins with `_` defines
/// the constant only.
///
/// ```
/// use std::ffi::CStr;
///
/// micrort::constant! {
///     pub(crate) VENDOR: &CStr = c"somebody";
///     MASK: u64 = !0;
///     FAST: bool = MASK > 1;
/// }
/// ```
///
/// ```compile_fail
/// micrort::constant! { RATIO: f32 = 0.5; }
/// ```
#[macro_export]
macro_rules! constant {
    ($($(#[$attribute:meta])* $visibility:vis $name:ident: $type:ty = $value:expr;)*) => {$(
        $(#[$attribute])*
        $visibility const $name: $type = $value;
        const _: () = {
            const LENGTH: usize = $crate::constants::registered(stringify!($name));
            $crate::__constant_entry! {
                $name: LENGTH = $crate::constants::Constant::new(
                    $crate::constants::terminated(concat!(stringify!($name), "\0")),
                    $crate::constants::Of($name).value(),
                );
            }
        };
        // A global symbol of a public name, so that a second one stops the build. It lies in a
        // section that nothing refers to: of the image it is no part. In a module, because inside
        // a function assembly is no item.
        const _: () = {
            mod unique {
                ::core::arch::global_asm!(
                    concat!(
                        ".if {}\n.pushsection .rodata.micrort_const_unique,\"a\"\n",
                        ".globl micrort_const_", stringify!($name), "\n",
                        "micrort_const_", stringify!($name), ":\n.popsection\n.endif"
                    ),
                    const $crate::constants::registered(stringify!($name))
                );
            }
        };
    )*};
}

// The section is the system's: glue/rom_sections.ld sorts by its name, and drops those with `_`; on
// the host port/host_image.rs reads it.
#[doc(hidden)]
#[macro_export]
#[cfg(feature = "zephyr")]
macro_rules! __constant_entry {
    ($name:ident: $length:ident = $value:expr;) => {
        #[used]
        #[link_section = concat!("._micrort_const.static.", stringify!($name))]
        static ENTRY: [$crate::constants::Constant; $length] = [$value; $length];
    };
}

#[doc(hidden)]
#[macro_export]
#[cfg(not(feature = "zephyr"))]
macro_rules! __constant_entry {
    ($name:ident: $length:ident = $value:expr;) => {
        #[used]
        #[link_section = "micrort_const"]
        static ENTRY: [$crate::constants::Constant; $length] = [$value; $length];
    };
}

/// 1 for a name that gets an entry, else 0.
#[doc(hidden)]
pub const fn registered(name: &str) -> usize {
    (config::CONST && !matches!(name.as_bytes(), [b'_', ..])) as usize
}

#[doc(hidden)]
pub const fn terminated(name: &'static str) -> &'static CStr {
    match CStr::from_bytes_with_nul(name.as_bytes()) {
        Ok(name) => name,
        // No identifier has a NUL.
        Err(_) => c"",
    }
}

/// Tells the types that a constant can have.
#[doc(hidden)]
pub struct Of<T>(pub T);

impl Of<bool> {
    #[doc(hidden)]
    pub const fn value(self) -> Value {
        Value::Bool(self.0)
    }
}

impl Of<&'static CStr> {
    #[doc(hidden)]
    pub const fn value(self) -> Value {
        Value::Str(self.0)
    }
}

macro_rules! integers {
    ($($type:ty)*) => {$(
        impl Of<$type> {
            #[doc(hidden)]
            #[allow(clippy::unnecessary_cast, reason = "one of the types is the wide one")]
            pub const fn value(self) -> Value {
                if self.0 as i128 > i64::MAX as i128 {
                    Value::Uint(self.0 as u64)
                } else {
                    Value::Int(self.0 as i64)
                }
            }
        }
    )*};
}

integers!(i8 i16 i32 i64 isize u8 u16 u32 u64 usize);
