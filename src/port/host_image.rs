// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! What the image holds, on the host: sections that the host's linker gathers, and whose ends it
//! names. There is no build step that would sort and index them, so the first use does.

use std::boxed::Box;
use std::sync::atomic::AtomicU16;
use std::sync::OnceLock;
use std::vec::Vec;

use crate::qstr_index;
use crate::raw::constant::Constant;
use crate::raw::pool::Entry;

/// Without an entry there would be no section and no name for its ends.
#[used]
#[link_section = "micrort_qstr"]
static NO_QSTR: [Entry; 0] = [];

#[used]
#[link_section = "micrort_const"]
static NO_CONSTANT: [Constant; 0] = [];

extern "C" {
    #[link_name = "__start_micrort_qstr"]
    static QSTR_START: [Entry; 0];
    #[link_name = "__stop_micrort_qstr"]
    static QSTR_STOP: [Entry; 0];
    #[link_name = "__start_micrort_const"]
    static CONST_START: [Constant; 0];
    #[link_name = "__stop_micrort_const"]
    static CONST_STOP: [Constant; 0];
}

/// The strings of the image.
pub fn qstr_image() -> &'static [Entry] {
    // SAFETY: the linker's names of the ends of a section that holds only entries.
    unsafe {
        between(
            (&raw const QSTR_START).cast(),
            (&raw const QSTR_STOP).cast(),
        )
    }
}

/// The index of [`qstr_image`].
pub fn qstr_image_index() -> &'static [AtomicU16] {
    static INDEX: OnceLock<Box<[AtomicU16]>> = OnceLock::new();
    INDEX.get_or_init(|| {
        let strings = qstr_image();
        let slots = (strings.len() + strings.len() / 3 + 1).next_power_of_two();
        let index: Box<[_]> = (0..slots).map(|_| AtomicU16::new(0)).collect();
        qstr_index::fill(&index, strings);
        index
    })
}

/// The constants of the image, in the order of their names.
pub fn constants() -> &'static [Constant] {
    static SORTED: OnceLock<Vec<Constant>> = OnceLock::new();
    SORTED.get_or_init(|| {
        // SAFETY: the linker's names of the ends of a section that holds only constants.
        let gathered: &[Constant] = unsafe {
            between(
                (&raw const CONST_START).cast(),
                (&raw const CONST_STOP).cast(),
            )
        };
        let mut sorted = gathered.to_vec();
        // C's hidden ones are there, too: its compiler does not look at names.
        sorted.retain(|constant| !constant.name().to_bytes().starts_with(b"_"));
        sorted.sort_by_key(|constant| constant.name());
        sorted
    })
}

/// # Safety
///
/// All that lies between is of type `T`, and is never written.
unsafe fn between<T>(start: *const T, stop: *const T) -> &'static [T] {
    let bytes = stop.addr().wrapping_sub(start.addr());
    // SAFETY: from one end to the other there are values of the type, by the contract.
    unsafe { core::slice::from_raw_parts(start, bytes / size_of::<T>()) }
}
