// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! include/micrort/mem_info.h

use super::{errno, print, sys};
use crate::mem_info::{self, HeapId, HeapInfoError, MemInfoError};
use crate::port;
use crate::print::PrintError;

/// # Safety
///
/// `printer` is null or may be read.
#[no_mangle]
unsafe extern "C" fn micrort_mem_info(printer: *const sys::micrort_printer, verbose: bool) -> i32 {
    if !port::config().mem_info {
        return errno(sys::ENOTSUP);
    }
    // SAFETY: null, or it may be read, by the contract.
    unsafe {
        print::report(printer, |printer| {
            mem_info::print(printer, verbose).map_err(|error| match error {
                MemInfoError::Interrupt => PrintError(errno(sys::EWOULDBLOCK)),
                MemInfoError::Printer(error) => error,
            })
        })
    }
}

/// # Safety
///
/// `out` is null or may be written.
#[no_mangle]
unsafe extern "C" fn micrort_heap_info_get(which: i32, out: *mut sys::micrort_heap_info) -> i32 {
    if !port::config().mem_info {
        return errno(sys::ENOTSUP);
    }
    let id = match which {
        0 => HeapId::System,
        1 => HeapId::Arena,
        _ => return errno(sys::EINVAL),
    };
    if out.is_null() {
        return errno(sys::EINVAL);
    }
    let info = match mem_info::heap(id) {
        Ok(info) => info,
        Err(HeapInfoError::NoHeap) => return errno(sys::ENOTSUP),
        Err(HeapInfoError::Interrupt) => return errno(sys::EWOULDBLOCK),
    };
    // SAFETY: not null, so it may be written, by the contract.
    unsafe {
        out.write(sys::micrort_heap_info {
            total: info.total as _,
            used: info.used as _,
            free: info.free as _,
            block_size: info.block_size as _,
            one_blocks: info.one_blocks as _,
            two_blocks: info.two_blocks as _,
            max_block: info.max_block as _,
            max_free: info.max_free as _,
            allocated: info.allocated.unwrap_or(0) as _,
            peak: info.peak.unwrap_or(0) as _,
        });
    }
    0
}
