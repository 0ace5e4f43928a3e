// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! The system underneath, and the only place that knows it.
//!
//! One of `zephyr`, `host` and `loom` is the system of a build; [`contract`] says what it supplies.

use core::num::NonZeroUsize;
use core::sync::atomic::AtomicBool;

use crate::raw::Guarded;

#[cfg(feature = "zephyr")]
mod zephyr;
#[cfg(feature = "zephyr")]
pub use zephyr::*;

#[cfg(feature = "zephyr")]
mod zephyr_memory;
#[cfg(feature = "zephyr")]
pub use zephyr_memory::*;

#[cfg(not(any(feature = "zephyr", loom)))]
pub mod host;
#[cfg(not(any(feature = "zephyr", loom)))]
pub use host::system::*;

#[cfg(not(loom))]
mod arena;
#[cfg(not(loom))]
mod memory;
#[cfg(not(loom))]
pub use memory::*;

#[cfg(all(feature = "zephyr", feature = "critical-section"))]
mod critical_section;
#[cfg(all(feature = "zephyr", feature = "critical-section"))]
pub use critical_section::section_has_woken;

#[cfg(all(feature = "embassy-time", not(any(feature = "zephyr", loom))))]
mod host_alarm;
#[cfg(all(feature = "embassy-time", not(any(feature = "zephyr", loom))))]
pub use host_alarm::*;

#[cfg(not(any(feature = "zephyr", loom)))]
mod host_calls;

#[cfg(not(feature = "zephyr"))]
mod host_choices;
#[cfg(not(feature = "zephyr"))]
pub use host_choices::*;

#[cfg(not(any(feature = "zephyr", loom)))]
mod host_config;
#[cfg(not(any(feature = "zephyr", loom)))]
pub use host_config::*;

#[cfg(not(any(feature = "zephyr", loom)))]
mod host_shared;

#[cfg(not(any(feature = "zephyr", loom)))]
mod host_memory;
#[cfg(not(any(feature = "zephyr", loom)))]
pub use host_memory::*;

#[cfg(not(any(feature = "zephyr", loom)))]
mod host_image;
#[cfg(not(any(feature = "zephyr", loom)))]
pub use host_image::*;

#[cfg(loom)]
pub mod loom;
#[cfg(loom)]
pub use loom::*;

mod contract;

/// A thread of the system: its address, made odd, so that there is one before the first thread. It is
/// a name; the thread behind it may have ended.
#[repr(transparent)]
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Thread(NonZeroUsize);

impl Thread {
    /// Stands for the executor's interrupt. No thread has this name, so none is taken for the one that runs
    /// functions, the interrupted one included.
    #[cfg(any(loom, feature = "zephyr", feature = "internals"))]
    pub(crate) const INTERRUPT: Thread = Thread(NonZeroUsize::MAX);

    /// The thread at an even address; 0 for the one flow of control before there is a thread.
    #[inline]
    pub(crate) fn at(address: usize) -> Self {
        Thread(NonZeroUsize::MIN | address)
    }

    /// Its address.
    #[inline]
    #[cfg(not(loom))]
    pub(crate) fn address(self) -> usize {
        self.0.get() ^ 1
    }

    /// A thread as C names it: a `k_tid_t`.
    #[cfg(feature = "c-api")]
    pub(crate) fn from_pointer<T>(thread: *mut T) -> Option<Self> {
        (!thread.is_null()).then(|| Thread::at(thread.addr()))
    }

    /// C's name for the thread.
    #[cfg(feature = "c-api")]
    pub(crate) fn to_pointer<T>(self) -> *mut T {
        self.address() as *mut T
    }
}

/// What a thread holds. It lives in the thread's own storage, ends with it, and is 0 at its
/// beginning. `struct micrort_thread_state` in C.
#[repr(C)]
pub struct OwnState {
    /// Depth of its heap lock.
    pub heap_depth: Guarded<u16>,
    /// Number of its open regions.
    pub regions: Guarded<u16>,
}

impl OwnState {
    /// Holds nothing.
    #[cfg(not(feature = "zephyr"))]
    pub const fn nothing() -> Self {
        OwnState {
            heap_depth: Guarded::new(0),
            regions: Guarded::new(0),
        }
    }
}

/// Threads that hold a heap lock, or more: a user thread that ends with one stays in it. Read without the
/// lock by the system's allocation functions: 0 lets every allocation through.
#[cfg_attr(feature = "c-api", export_name = "micrort_heap_locks")]
pub static HEAP_LOCKS: Guarded<u32> = Guarded::new(0);

/// Depth of the whole system's heap lock, where that is configured. Read without the lock, too, by the
/// system's allocation functions: 0 lets every allocation through.
#[cfg_attr(feature = "c-api", export_name = "micrort_heap_lock_depth")]
pub static SYSTEM_HEAP_DEPTH: Guarded<u16> = Guarded::new(0);

// Here, and not beside what decides, because a name for C counts as unsafe code.

/// Whether something may be pending for somebody. Read without the lock, in C inline; only
/// `runtime::is_pending` clears it.
#[cfg_attr(feature = "c-api", export_name = "micrort_maybe_pending")]
pub static MAYBE_PENDING: AtomicBool = AtomicBool::new(false);

/// Why a poll, or a sleep, ended early.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PollError {
    /// A keyboard interrupt was pending for the caller and is taken.
    Interrupted,
    /// Called from an interrupt.
    InInterrupt,
}

/// What a sleep calls at each wake-up.
pub type Poll = fn() -> Result<usize, PollError>;

/// The name of a thread, in a buffer that holds the longest, or `?`.
#[cfg(not(loom))]
pub fn name_or_unknown(thread: Option<Thread>, buffer: &mut [u8; 31]) -> &[u8] {
    let length = thread.and_then(|thread| thread_name(thread, buffer));
    length
        .and_then(|length| buffer.get(..length))
        .unwrap_or(b"?")
}
