// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! include/micrort/heap_lock.h

use core::alloc::Layout;
use core::ffi::c_void;
use core::ptr::{self, NonNull};

use super::{errno, sys};
use crate::heap_lock::{self, LockError, NotLocked};
use crate::port::{self, Thread};

#[no_mangle]
extern "C" fn z_impl_micrort_heap_lock() -> i32 {
    heap_lock::lock_level().map_or_else(|LockError| errno(sys::EOVERFLOW), |()| 0)
}

#[no_mangle]
extern "C" fn z_impl_micrort_heap_unlock() -> i32 {
    heap_lock::unlock_level().map_or_else(|NotLocked| errno(sys::EPERM), i32::from)
}

#[no_mangle]
extern "C" fn z_impl_micrort_heap_locked() -> i32 {
    heap_lock::depth().into()
}

/// # Safety
///
/// `out` may be written.
#[no_mangle]
unsafe extern "C" fn micrort_heap_refusals_get(out: *mut sys::micrort_heap_refusals) {
    let refusals = heap_lock::refusals();
    // SAFETY: promised by the caller.
    unsafe {
        out.write(sys::micrort_heap_refusals {
            count: refusals.count,
            size: refusals.size as _,
            caller: refusals.caller as *mut c_void,
            thread: refusals.thread.map_or(ptr::null_mut(), Thread::to_pointer),
            in_isr: refusals.in_interrupt,
        });
    }
}

#[no_mangle]
extern "C" fn micrort_heap_refuse(size: usize, caller: *mut c_void) -> bool {
    heap_lock::is_refused_at(size, caller as usize)
}

/// In front of each block of the C API: its size, which free() needs and the caller does not give.
#[repr(C, align(8))]
struct Header {
    size: usize,
}

fn layout(size: usize) -> Option<Layout> {
    let size = size.checked_add(size_of::<Header>())?;
    Layout::from_size_align(size, align_of::<Header>()).ok()
}

#[no_mangle]
extern "C" fn micrort_arena_alloc(size: usize) -> *mut c_void {
    let Some(layout) = layout(size) else {
        return ptr::null_mut();
    };
    let Some(header) = NonNull::new(port::allocate(layout).cast::<Header>()) else {
        return ptr::null_mut();
    };
    // SAFETY: the block begins with room for the header.
    unsafe {
        header.write(Header { size });
        header.add(1).as_ptr().cast()
    }
}

/// # Safety
///
/// `block` came from [`micrort_arena_alloc`], or is null.
#[no_mangle]
unsafe extern "C" fn micrort_arena_free(block: *mut c_void) {
    let Some(block) = NonNull::new(block.cast::<Header>()) else {
        return;
    };
    // SAFETY: `micrort_arena_alloc` put a header in front.
    unsafe {
        let header = block.sub(1);
        if let Some(layout) = layout(header.as_ref().size) {
            port::free(header.cast(), layout);
        }
    }
}
