// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! Building blocks whose memory is handled by hand. They know no system: what they need of one
//! is handed in.

mod callback;
mod guarded;

pub use callback::{Arg, Callback, Func, NotTaken, TaskNode};
pub use guarded::{Guarded, Locked};

#[cfg(not(loom))]
pub mod arena;
#[cfg(not(loom))]
mod arena_map;
#[cfg(not(loom))]
pub mod block;
#[cfg(not(loom))]
pub mod constant;
#[cfg(not(loom))]
mod literal;
#[cfg(not(loom))]
pub mod pool;
#[cfg(not(loom))]
mod record;
#[cfg(not(loom))]
pub mod records;

#[cfg(not(loom))]
pub use literal::*;
