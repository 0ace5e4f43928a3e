// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! Memory and values that Kconfig decides on Zephyr.

use core::sync::atomic::{AtomicI16, AtomicU8};

use crate::raw::arena::{words, Memory, Room};
use crate::raw::{Pool, Slots};

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
