// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! Runtime controls for firmware on Zephyr.
//!
//! * [`mod@schedule`]: run a function very soon, outside the interrupt that asks for it.
//! * [`heap_lock`]: forbid heap allocation for a while.
//! * [`kbd_intr`]: turn a character on the console into an interrupt of the running program.
//! * [`exception`]: keep what went wrong and where, in interrupts and with the heap locked.
//! * [`opt_level`]: how much checking and reporting is done.
//! * [`commands`]: all of it in a console, as the command `micrort`.
//!
//! The same library runs on Zephyr (feature `zephyr`) and on a development machine (the host
//! port). Applications in C use it through `include/micrort/`.
//!
//! The layout: one file for each control; what decides is safe code in [`queue`], [`executor`],
//! `depths`, and in the files of the controls; `port` is the one place that knows the system
//! underneath; `ffi` is the C API.

#![no_std]

#[cfg(not(feature = "zephyr"))]
extern crate std;

#[cfg_attr(
    loom,
    allow(dead_code, reason = "the models are of the scheduler alone")
)]
mod config;
#[cfg(feature = "zephyr")]
mod ffi;
mod port;
mod raw;
#[cfg_attr(loom, allow(dead_code))]
mod release;

#[cfg(not(loom))]
pub mod commands;
#[cfg(not(loom))]
pub mod constants;
mod depths;
#[cfg(not(loom))]
pub mod exception;
pub mod executor;
#[cfg(not(loom))]
pub mod format;
#[cfg_attr(loom, allow(dead_code))]
pub mod heap_lock;
#[cfg(not(loom))]
pub mod heap_walk;
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
pub mod queue;
pub mod schedule;
#[cfg(not(loom))]
pub mod stack_use;

#[cfg(not(any(feature = "zephyr", loom)))]
pub use port::host;
#[cfg(loom)]
pub use port::loom;
pub use port::Thread;
pub use raw::{Arg, Callback, Func, Locked};

pub use release::{at_prompt, before_command};
pub use schedule::{poll, schedule, sleep, Region, Task};
