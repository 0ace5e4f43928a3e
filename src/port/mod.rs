// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! The one place that knows the system underneath.
//!
//! A system supplies, with these names:
//!
//! * `locked(f)`: runs `f` with the one lock held that guards all of the library's state, against
//!   other CPUs, threads and interrupts. From any context; never nested.
//! * `current()`, `in_interrupt()`: who is running.
//! * `wake_executor()`: makes `executor::Scheduler::pass` run soon. From any context.
//! * `wake_sleepers()`: makes every `sleep()` look again. From any context.
//! * `pass_try_lock()`, `pass_unlock()`, `pass_wait()`: the mutex that the executor holds for a
//!   pass and that lends it the priority of a thread in `pass_wait()`.
//! * `pass_abandoned()`: has the mutex unlocked, whose thread has ended, and then calls
//!   `executor::Scheduler::abandoned`.
//! * `default_foreground()`: the foreground thread while none is attached.
//! * `qstr_image()`, `qstr_image_index()`: the strings of the image, and the index of their hashes.
//! * `constants()`: the constants of the image, in the order of their names.
//! * `Console`: where reports go that name no printer.
//! * `heap()`: the heaps, for reports; `own_stack()`, and `own_usage()`, `main_usage()`,
//!   `executor_usage()`, `interrupt_usage()`: the stacks; `main_thread()`, `executor_thread()`.
//! * `allocate()`, `free()`: micrort's heap behind the heap lock; not from an interrupt.
//! * `without_switch(f)`: runs `f`, which is short, without another thread on this CPU.
//! * `thread_name(thread, buffer)`: the length of a thread's name, or `None` where it has none.
//! * `commands()`: the subcommands of `micrort`, in the order of their names; `errno`: numbers of errors.
//! * `sleep()`, `cycles()`, the warnings, and the memory behind `heap_lock::Allocator`.

mod word;

pub use word::Word;

#[cfg(feature = "zephyr")]
mod zephyr;
#[cfg(feature = "zephyr")]
pub use zephyr::*;

#[cfg(feature = "zephyr")]
pub mod near;

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

#[cfg(not(any(feature = "zephyr", loom)))]
mod host_memory;
#[cfg(not(any(feature = "zephyr", loom)))]
pub use host_memory::*;

#[cfg(loom)]
pub mod loom;
#[cfg(loom)]
pub use loom::*;

#[cfg(not(any(feature = "zephyr", loom)))]
mod host_image;
#[cfg(not(any(feature = "zephyr", loom)))]
pub use host_image::*;

use core::num::NonZeroUsize;
use core::sync::atomic::AtomicU32;

use crate::config;
use crate::depths::Depths;
use crate::heap_lock::Refusals;
use crate::raw::Guarded;

/// A thread of the system: its address, made odd, so that there is one before the first thread.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Thread(NonZeroUsize);

impl Thread {
    /// The thread at an even address; 0 for the one flow of control before there is a thread.
    #[inline(always)]
    pub(crate) fn at(address: usize) -> Self {
        Thread(NonZeroUsize::MIN | address)
    }

    /// A number that no other thread has; never 0.
    #[inline(always)]
    pub(crate) fn number(self) -> usize {
        self.0.get()
    }

    /// Its address.
    #[inline(always)]
    #[cfg(not(loom))]
    pub(crate) fn address(self) -> usize {
        self.0.get() ^ 1
    }
}

/// The name of a thread, in a buffer that holds the longest, or `?`.
#[cfg(not(loom))]
pub fn name_or_unknown(thread: Option<Thread>, buffer: &mut [u8; 31]) -> &[u8] {
    let length = thread.and_then(|thread| thread_name(thread, buffer));
    length
        .and_then(|length| buffer.get(..length))
        .unwrap_or(b"?")
}

/// The heap locks of threads. The system's allocation functions look at the first word.
#[cfg_attr(feature = "zephyr", export_name = "micrort_heap_depths")]
pub static HEAP_DEPTHS: HeapDepths = Depths::new();

/// See [`HEAP_DEPTHS`].
pub type HeapDepths = Depths<{ config::THREADS_MAX }>;

/// Depth of the whole system's heap lock, where that is configured. 0 lets every allocation through
/// without another look, so it is read without the lock, by the system's allocation functions, too.
#[cfg_attr(feature = "zephyr", export_name = "micrort_heap_lock_depth")]
pub static HEAP_LOCK_DEPTH: AtomicU32 = AtomicU32::new(0);

/// The record of refused allocations. Under a name that others could know, so that the compiler
/// leaves it in one piece.
#[cfg_attr(feature = "zephyr", export_name = "micrort_refusals")]
pub static REFUSALS: Guarded<Refusals> = Guarded::new(Refusals::NONE);
