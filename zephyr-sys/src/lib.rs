// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! Bindings of what micrort uses of the Zephyr kernel, made by bindgen from the headers of the build
//! (`zephyr-sys/bindgen`). They are the same in every configuration for a CPU and a C library.
//!
//! No item has a doc comment of its own: the headers document them.

#![no_std]
#![allow(
    missing_docs,
    non_camel_case_types,
    non_snake_case,
    non_upper_case_globals,
    clippy::all,
    clippy::undocumented_unsafe_blocks
)]

mod cpu;

pub use cpu::{current, in_isr, lock, own_state, unlock};

include!(env!("MICRORT_BINDINGS"));
include!(concat!(env!("OUT_DIR"), "/application.rs"));
