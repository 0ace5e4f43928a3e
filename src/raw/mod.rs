// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! Building blocks whose memory is handled by hand. They know no system: what they need of one
//! is handed in.

mod callback;
mod fifo;
mod guarded;
#[cfg(feature = "embassy")]
mod made_once;
mod task;

#[cfg(feature = "c-api")]
pub use callback::Func2;
pub use callback::{Arg, Call, Callback, Closure, Func, Function, Given, Hook, Shown};
#[cfg(not(loom))]
pub use core::sync::atomic::{AtomicU32, Ordering};
#[cfg(not(feature = "zephyr"))]
pub use fifo::Slots;
pub use fifo::{Damaged, Entry, Fifo, Pool, Popped};
#[cfg(feature = "zephyr")]
pub use fifo::{Slot, WideSlot};
pub use guarded::{Guarded, Locked};
#[cfg(loom)]
pub use loom::sync::atomic::{AtomicU32, Ordering};
#[cfg(feature = "embassy")]
pub use made_once::MadeOnce;
pub use task::{Task, TaskRef};

pub mod arena;
mod arena_map;
pub mod block;
pub mod constant;
mod literal;
pub mod pool;
mod record;
pub mod records;

pub use literal::*;
