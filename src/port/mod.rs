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
//! * `heap()`: the heaps, for reports; `stack()`, `interrupt_stack()`, `main_thread()`,
//!   `executor_thread()`: the stacks.
//! * `allocate()`, `free()`: micrort's heap behind the heap lock; not from an interrupt.
//! * `without_switch(f)`: runs `f`, which is short, without another thread on this CPU.
//! * `thread_name(buffer)`: the caller's name, or `None` where it has none.
//! * `sleep()`, `cycles()`, the warnings, and the memory behind `heap_lock::Allocator`.

mod callback;
mod guarded;

pub use callback::{Arg, Callback, Func, NotTaken, TaskNode};
pub use guarded::{Guarded, Locked};

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

#[cfg(not(any(feature = "zephyr", loom)))]
mod host_memory;
#[cfg(not(any(feature = "zephyr", loom)))]
pub use host_memory::*;

#[cfg(loom)]
pub mod loom;
#[cfg(loom)]
pub use loom::*;

#[cfg(not(loom))]
mod arena;
#[cfg(not(loom))]
mod arena_map;
#[cfg(not(loom))]
pub mod constant;
#[cfg(not(any(feature = "zephyr", loom)))]
mod host_image;
#[cfg(not(any(feature = "zephyr", loom)))]
pub use host_image::*;
#[cfg(not(loom))]
mod literal;
#[cfg(not(loom))]
pub mod pool;
#[cfg(not(loom))]
pub mod records;
#[cfg(not(loom))]
pub use literal::*;

use core::num::NonZeroUsize;
use core::sync::atomic::AtomicU32;

/// A thread of the system, known by its address.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Thread(pub(crate) NonZeroUsize);

/// The heap lock's word that the system's allocation functions look at first.
#[cfg_attr(feature = "zephyr", export_name = "micrort_heap_lock_holders")]
pub static HEAP_LOCK_HOLDERS: AtomicU32 = AtomicU32::new(0);
