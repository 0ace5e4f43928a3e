// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! include/micrort/exception.h

use core::ffi::{c_char, c_void};
use core::slice;

use super::{errno, print, sys};
use crate::exception::{
    self, AllocError, Arguments, Exception, ExceptionType, InInterrupt, Literal, Lost, OnlyCounted,
    Place, ADDRESSES_MAX, NAME_MAX,
};
use crate::port;
use crate::raw::{Arg, Func, Hook};

const _: () = {
    assert!(size_of::<ExceptionType>() == size_of::<sys::micrort_exception_type>());
    assert!(ADDRESSES_MAX == sys::MICRORT_EXCEPTION_ADDRESSES_MAX as usize);
    assert!(NAME_MAX == sys::MICRORT_EXCEPTION_THREAD_MAX as usize);
    assert!(Lost::ADDRESSES.bits() as u32 == sys::MICRORT_EXCEPTION_LOST_ADDRESSES);
    assert!(Lost::THREAD.bits() as u32 == sys::MICRORT_EXCEPTION_LOST_THREAD);
    assert!(Lost::TEXT.bits() as u32 == sys::MICRORT_EXCEPTION_LOST_TEXT);
    assert!(Lost::PLACE.bits() as u32 == sys::MICRORT_EXCEPTION_LOST_PLACE);
};

/// A `va_list` of C's.
struct List(*mut c_void);

impl Arguments for List {
    fn number(&mut self, wide: bool) -> Option<u64> {
        // SAFETY: the list is the caller's for the whole call, and has what the format names: that is
        // the contract of `micrort_raise_at()`.
        Some(unsafe { sys::micrort_port_number_argument(self.0, wide) })
    }

    fn text(&mut self, limit: usize) -> Option<&[u8]> {
        let mut length = 0;
        // SAFETY: the list has what the format names, which is a string here.
        let text = unsafe { sys::micrort_port_text_argument(self.0, limit as _, &raw mut length) };
        // SAFETY: C has just read so many bytes of the string, which the caller keeps for the call.
        Some(unsafe { slice::from_raw_parts(text.cast(), length) })
    }
}

type Raise =
    fn(&'static ExceptionType, Place<'_>, Literal, &mut dyn Arguments) -> Result<Lost, OnlyCounted>;

/// # Safety
///
/// The contract of `micrort_raise_at()`; `kind` and `format` are not null.
#[inline]
unsafe fn raise(
    kind: *const sys::micrort_exception_type,
    place: *const sys::micrort_port_place,
    format: *const c_char,
    arguments: *mut c_void,
    raise: Raise,
) -> i32 {
    // SAFETY: the arguments of `micrort_raise_at()`: each is null or may be read, and types and formats
    // live for ever. The layouts of a type agree, as asserted above.
    let (kind, place, format) = unsafe {
        (
            kind.cast::<ExceptionType>().as_ref(),
            place.as_ref(),
            Literal::from_pointer(format),
        )
    };
    let (Some(kind), Some(from), Some(format)) = (kind, place, format) else {
        return errno(sys::EINVAL);
    };
    let place = Place {
        // SAFETY: null or text that lives for ever: `__FILE__`, or as `micrort_raise_at()` asks for.
        file: unsafe { Literal::from_pointer(from.file) },
        line: from.line,
        interrupt: from.interrupt,
        addresses: from.addresses.get(..from.address_count).unwrap_or(&[]),
    };
    match raise(kind, place, format, &mut List(arguments)) {
        Ok(lost) => lost.bits().into(),
        Err(OnlyCounted) => errno(sys::ENOBUFS),
    }
}

#[no_mangle]
unsafe extern "C" fn micrort_exception_raise(
    kind: *const sys::micrort_exception_type,
    place: *const sys::micrort_port_place,
    format: *const c_char,
    arguments: *mut c_void,
) -> i32 {
    // SAFETY: called by `micrort_raise_at()`.
    unsafe { raise(kind, place, format, arguments, exception::raise_with_heap) }
}

#[no_mangle]
unsafe extern "C" fn micrort_exception_raise_isr(
    kind: *const sys::micrort_exception_type,
    place: *const sys::micrort_port_place,
    format: *const c_char,
    arguments: *mut c_void,
) -> i32 {
    // SAFETY: called by `micrort_raise_at()`.
    unsafe {
        raise(
            kind,
            place,
            format,
            arguments,
            exception::raise_without_heap,
        )
    }
}

/// # Safety
///
/// `out` is null, or may be read and written and names a buffer of the size that it says.
#[no_mangle]
unsafe extern "C" fn micrort_exception_take(out: *mut sys::micrort_exception) -> i32 {
    // SAFETY: null, or it may be read and written, by the contract.
    let Some(out) = (unsafe { out.as_mut() }) else {
        return errno(sys::EINVAL);
    };
    let mut taken = Exception::NONE;
    match exception::take_into(&mut taken) {
        Err(InInterrupt) => return errno(sys::EWOULDBLOCK),
        Ok(false) => return errno(sys::ENODATA),
        Ok(true) => {}
    }
    let buffer: &mut [u8] = if out.text.is_null() {
        &mut []
    } else {
        // SAFETY: the buffer has that size, by the contract, and is not null.
        unsafe { slice::from_raw_parts_mut(out.text.cast(), out.text_size) }
    };
    let mut lost = taken.lost().bits();
    // The last byte is for the NUL.
    if let Some((last, text)) = buffer.split_last_mut() {
        let (length, whole) = taken.text(text);
        if !whole {
            lost |= Lost::TEXT.bits();
        }
        *text.get_mut(length).unwrap_or(last) = 0;
    }
    let mut name = [0; NAME_MAX];
    taken.thread(&mut name);
    out.thread
        .iter_mut()
        .zip(name.into_iter().chain([0]))
        .for_each(|(to, from)| *to = from as _);
    out.address_count = 0;
    for (to, from) in out.addresses.iter_mut().zip(taken.addresses()) {
        *to = from as *mut c_void;
        out.address_count += 1;
    }
    out.type_ = core::ptr::from_ref(taken.kind()).cast();
    out.file = taken.file().map_or(core::ptr::null(), Literal::as_ptr);
    out.line = taken.line();
    out.in_isr = taken.in_interrupt();
    out.interrupt = taken.interrupt();
    out.lost = lost.into();
    0
}

/// # Safety
///
/// `printer` is null or may be read.
#[no_mangle]
unsafe extern "C" fn micrort_exception_print(printer: *const sys::micrort_printer) -> i32 {
    if port::in_interrupt() {
        return errno(sys::EWOULDBLOCK);
    }
    // SAFETY: null, or it may be read, by the contract.
    unsafe { print::report(printer, exception::print) }
}

#[no_mangle]
extern "C" fn micrort_exception_clear() -> i32 {
    if port::in_interrupt() {
        return errno(sys::EWOULDBLOCK);
    }
    i32::try_from(exception::clear()).unwrap_or(i32::MAX)
}

#[no_mangle]
extern "C" fn micrort_exception_counted() -> u32 {
    exception::counted()
}

fn alloc_result(result: Result<(), AllocError>) -> i32 {
    match result {
        Ok(()) => 0,
        Err(AllocError::Interrupt) => errno(sys::EWOULDBLOCK),
        Err(AllocError::Negative) => errno(sys::EINVAL),
        Err(AllocError::NoMemory) => errno(sys::ENOMEM),
        Err(AllocError::Busy) => errno(sys::EBUSY),
    }
}

#[no_mangle]
extern "C" fn micrort_alloc_emergency_exception_buf(size: i32) -> i32 {
    alloc_result(exception::alloc_emergency_exception_buf(size as isize))
}

/// # Safety
///
/// `memory` is null, or nobody else uses `size` bytes of it until another buffer has replaced it.
#[no_mangle]
unsafe extern "C" fn micrort_emergency_exception_buf_set(memory: *mut c_void, size: usize) -> i32 {
    if size == 0 {
        return alloc_result(exception::alloc_emergency_exception_buf(0));
    }
    if memory.is_null() {
        return errno(sys::EINVAL);
    }
    // SAFETY: not null, so the memory is this library's until it is not used any more, by the contract.
    let memory = unsafe { slice::from_raw_parts_mut(memory.cast(), size) };
    alloc_result(exception::lend_emergency_exception_buf(memory))
}

/// # Safety
///
/// `reporter` may be called with `arg` in the executor's thread at any time.
#[no_mangle]
unsafe extern "C" fn micrort_exception_report_with(reporter: Option<Func>, arg: *mut c_void) {
    // SAFETY: this function's own contract.
    exception::set_reporter(reporter.map(|func| unsafe { Hook::new(func, Arg::new(arg)) }));
}
