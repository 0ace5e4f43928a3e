// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! Text that lives for ever, and the types of exceptions, in the layout of the C API.

use core::ffi::{c_char, CStr};
use core::ptr::NonNull;

/// Text that lives for ever and ends in NUL, as one pointer.
#[repr(transparent)]
#[derive(Clone, Copy)]
pub struct Literal(NonNull<c_char>);

// SAFETY: the text is never written nor freed.
unsafe impl Send for Literal {}
// SAFETY: threads only read the text.
unsafe impl Sync for Literal {}

impl Literal {
    /// Takes a C string.
    pub const fn new(text: &'static CStr) -> Self {
        // SAFETY: a reference is not null.
        Literal(unsafe { NonNull::new_unchecked(text.as_ptr().cast_mut()) })
    }

    /// Takes text that ends in its only NUL; none if it does not. For the macros, which check it at
    /// compile time.
    #[doc(hidden)]
    pub const fn terminated(text: &'static str) -> Option<Self> {
        match CStr::from_bytes_with_nul(text.as_bytes()) {
            Ok(text) => Some(Self::new(text)),
            Err(_) => None,
        }
    }

    /// Takes a pointer of C's.
    ///
    /// # Safety
    ///
    /// Null, or text that ends in NUL and is neither written nor freed any more.
    #[cfg(feature = "c-api")]
    pub(crate) unsafe fn from_pointer(text: *const c_char) -> Option<Self> {
        NonNull::new(text.cast_mut()).map(Literal)
    }

    /// The text as C sees it.
    #[cfg(feature = "c-api")]
    pub(crate) fn as_ptr(self) -> *const c_char {
        self.0.as_ptr()
    }

    /// The text without its NUL.
    pub fn bytes(self) -> &'static [u8] {
        // SAFETY: a C string that lives for ever: the constructors take nothing else.
        unsafe { CStr::from_ptr(self.0.as_ptr()) }.to_bytes()
    }
}

/// A type of exception, known by its address. `struct micrort_exception_type` in C.
///
/// # Examples
///
/// ```
/// use micrort::exception::ExceptionType;
///
/// static SENSOR_ERROR: ExceptionType = ExceptionType::new(c"SensorError");
/// let _ = micrort::raise!(SENSOR_ERROR, "sensor %d is silent", 3);
/// # micrort::exception::clear();
/// ```
#[repr(C)]
pub struct ExceptionType {
    name: Option<Literal>,
}

impl ExceptionType {
    /// A type with a name.
    pub const fn new(name: &'static CStr) -> Self {
        ExceptionType {
            name: Some(Literal::new(name)),
        }
    }

    /// The name.
    pub fn name(&self) -> &'static [u8] {
        self.name.map_or(b"Exception", Literal::bytes)
    }
}

macro_rules! predefined {
    ($($(#[$doc:meta])* $name:ident = $text:literal, $symbol:literal;)*) => {$(
        $(#[$doc])*
        #[cfg_attr(feature = "c-api", export_name = $symbol)]
        pub static $name: ExceptionType = ExceptionType::new($text);
    )*};
}

predefined! {
    /// An allocation failed.
    MEMORY_ERROR = c"MemoryError", "micrort_exc_memory_error";
    /// Something else went wrong at run time.
    RUNTIME_ERROR = c"RuntimeError", "micrort_exc_runtime_error";
    /// An argument's value does not do.
    VALUE_ERROR = c"ValueError", "micrort_exc_value_error";
    /// An argument is of the wrong kind.
    TYPE_ERROR = c"TypeError", "micrort_exc_type_error";
    /// The system answered with an error.
    OS_ERROR = c"OSError", "micrort_exc_os_error";
    /// A check failed.
    ASSERTION_ERROR = c"AssertionError", "micrort_exc_assertion_error";
    /// A result does not fit.
    OVERFLOW_ERROR = c"OverflowError", "micrort_exc_overflow_error";
    /// An index is out of range.
    INDEX_ERROR = c"IndexError", "micrort_exc_index_error";
}
