// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! What Kconfig decides on Zephyr: its defaults, and what costs nothing here.

use core::sync::atomic::{AtomicI16, AtomicU8};

use crate::raw::arena::{words, Memory, Room};
use crate::raw::{Pool, Slots};

/// Choices.
pub struct Config {
    pub passes_max: u32,
    pub opt_level: u8,
    pub executor_poll: bool,
    pub schedule_timing: bool,
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
        schedule_timing: true,
        heap_lock_system: false,
        heap_lock_isr: false,
        heap_arena: true,
        mem_info: true,
        stack_use: true,
    }
}

const DEPTH: usize = 8;

/// The slots of the one queue.
pub const fn pool() -> &'static Pool {
    static SLOTS: Slots<DEPTH> = Slots::free();
    static POOL: Pool = Pool::of(&SLOTS);
    &POOL
}

const ARENA_SIZE: usize = 16 * 1024 * 1024;

/// The memory of the one arena.
pub const fn arena_memory() -> &'static Memory {
    static ROOM: Room<ARENA_SIZE, { words(ARENA_SIZE) }> = Room::new();
    static MEMORY: Memory = Memory::of(&ROOM);
    &MEMORY
}

pub fn kbd_intr_char() -> &'static AtomicI16 {
    static CHARACTER: AtomicI16 = AtomicI16::new(3);
    &CHARACTER
}

pub fn opt_level() -> &'static AtomicU8 {
    static LEVEL: AtomicU8 = AtomicU8::new(crate::config::OPT_LEVEL);
    &LEVEL
}

/// No exception here.
pub fn allocation_refused(_caller: usize) {}

/// No exception here.
pub fn queue_was_full() {}
