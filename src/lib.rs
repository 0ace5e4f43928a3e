// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! Runtime controls for firmware on Zephyr.
//!
//! * [`mod@schedule`]: run a function very soon, outside the interrupt that asks for it.
//! * [`heap_lock`]: forbid heap allocation for a while.
//! * [`kbd_intr`]: turn a character on the console into an interrupt of the running program.
//! * [`exception`]: keep what went wrong and where, in interrupts and with the heap locked.
//! * [`opt_level`]: how much checking and reporting is done.
//! * [`runtime`]: what a language runtime asks for beside that.
//! * [`commands`]: all of it in a console, as the command `micrort`.
//! * `embassy`, a feature: async tasks in the same order.
//!
//! The same library runs on Zephyr (feature `zephyr`) and on a development machine (the host
//! port). Applications in C use it through `include/micrort/`.
//!
//! The layout: one file for each control, and `queue` and `executor` under [`mod@schedule`], all safe
//! code that decides; `raw` has the building blocks that handle memory by hand; `port` is the one place
//! that knows the system underneath; `ffi` is the C API.

#![no_std]
#![cfg_attr(
    loom,
    allow(
        dead_code,
        unused_imports,
        reason = "the models are of the scheduler alone"
    )
)]
#![cfg_attr(
    not(any(feature = "c-api", feature = "internals")),
    allow(
        dead_code,
        unused_imports,
        reason = "what only the C API and the tests use"
    )
)]

#[cfg(not(feature = "zephyr"))]
extern crate std;

#[cfg(feature = "c-api")]
#[macro_use]
mod layout;

mod config;
mod executor;
#[cfg(feature = "c-api")]
mod ffi;
mod pending;
mod port;
mod queue;
mod raw;

#[cfg(not(loom))]
pub mod commands;
#[cfg(not(loom))]
pub mod constants;
#[cfg(all(feature = "embassy", not(loom)))]
pub mod embassy;
#[cfg(all(feature = "embassy-time", not(loom)))]
mod embassy_time;
#[cfg(not(loom))]
pub mod exception;
#[cfg(not(loom))]
pub mod format;
#[cfg(not(loom))]
pub mod heap;
#[cfg(not(loom))]
pub mod heap_lock;
#[cfg(not(loom))]
pub mod heap_walk;
#[cfg(not(loom))]
pub mod kbd_intr;
#[cfg(not(loom))]
pub mod mem_info;
#[cfg(not(loom))]
pub mod opt_level;
#[cfg(not(loom))]
pub mod print;
#[cfg(not(loom))]
pub mod qstr;
#[cfg(not(loom))]
mod qstr_index;
#[cfg(not(loom))]
mod release;
#[cfg(not(loom))]
pub mod runtime;
#[cfg(not(loom))]
pub mod schedule;
#[cfg(not(loom))]
pub mod stack_use;

#[cfg(not(any(feature = "zephyr", loom)))]
pub use port::host;
pub use port::Thread;

#[cfg(not(loom))]
pub use release::{at_prompt, at_prompt_of, before_command};
#[cfg(not(loom))]
pub use schedule::{poll, schedule, sleep, Region, Task};

/// The scheduler from the inside, for its models and tests. No application needs it.
#[cfg(any(loom, feature = "internals"))]
pub mod internals {
    pub use crate::executor::{Cancelled, ResetError, Scheduler};
    #[cfg(loom)]
    pub use crate::port::loom;
    pub use crate::port::{locked, own};
    pub use crate::queue::{Pushed, Queue, Stats};
    pub use crate::raw::{
        Arg, Call, Callback, Entry, Func, Function, Given, Locked, Pool, TaskRef,
    };
}
