// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! What Kconfig chooses on Zephyr, where there is none: its defaults, and what costs nothing here.

#![forbid(unsafe_code)]

/// Choices; `struct micrort_port_config` on Zephyr.
pub struct Config {
    pub passes_max: u32,
    pub opt_level: u8,
    pub executor_poll: bool,
    pub schedule_timing: bool,
    pub heap_lock: bool,
    pub heap_lock_system: bool,
    pub heap_lock_isr: bool,
    pub heap_arena: bool,
    pub mem_info: bool,
    pub stack_use: bool,
}

pub const fn config() -> &'static Config {
    &Config {
        passes_max: u32::MAX,
        opt_level: crate::config::OPT_LEVEL,
        executor_poll: cfg!(feature = "host-executor-poll"),
        schedule_timing: cfg!(not(loom)),
        heap_lock: true,
        heap_lock_system: false,
        heap_lock_isr: false,
        heap_arena: true,
        mem_info: true,
        stack_use: true,
    }
}
