// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! Interned strings: equal strings have the same small number (reference: *qstr_info*).
//!
//! Strings that are known when the image is built ([`qstr!`](crate::qstr!), in C
//! `MICRORT_QSTR_DEFINE()`) lie in read-only memory, together with an index of their hashes that the
//! build makes; they come first in the numbering. Strings that are interned at run time live in pools
//! of micrort's heap. Nothing is moved or freed, so a lookup takes no lock, in any context.
//!
//! Interning is optimistic. What the string needs is allocated before the lock is taken, and is
//! entered under it:
//!
//! 1. Probe the newest pool's index: the string is there, or an empty slot is where it would be.
//! 2. Copy the string. Link a larger pool if the newest one is full, and go to 1.
//! 3. With the lock held: if the slot is still empty and the pool still the newest, then nobody has
//!    interned the string meanwhile; append it. Else go to 1.
//!
//! A thread goes back only where another one got ahead.

#![forbid(unsafe_code)]

use core::num::NonZeroU16;
use core::sync::atomic::{AtomicU16, Ordering};

use crate::config;
use crate::heap;
use crate::port::{self, in_interrupt, OwnHeap};
use crate::print::{Print, PrintError, Report};
use crate::qstr_index::{hash, probe, tag};
use crate::raw::pool::{NewPool, Pool, Pools, Text};

/// Longest string, in bytes.
pub const LENGTH_MAX: usize = 255;

/// Most strings, of both kinds together.
pub const COUNT_MAX: u16 = u16::MAX;

/// Entries of the first pool; each further pool has twice as many as the one before.
const FIRST_POOL: u16 = 20;

/// Why a string could not be interned. Nothing was changed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum InternError {
    /// It has more than [`LENGTH_MAX`] bytes.
    TooLong,
    /// It is new, and the heap is locked or full.
    NoMemory,
    /// It is new, and there are [`COUNT_MAX`] strings already.
    TooMany,
    /// It is new, and the caller is an interrupt.
    Interrupt,
}

/// Memory that the strings interned at run time take.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
#[repr(C)]
pub struct Stats {
    /// Number of pools.
    pub pools: u32,
    /// Number of strings in them.
    pub strings: u32,
    /// Bytes of the strings, with a NUL each.
    pub data_bytes: usize,
    /// The same and the pools.
    pub total_bytes: usize,
}

/// An interned string.
///
/// # Examples
///
/// ```
/// use micrort::qstr::{self, Qstr};
///
/// let name = qstr::intern(b"name")?;
/// assert_eq!(qstr::intern(b"name"), Ok(name));
/// assert_eq!(name.as_bytes(), b"name");
/// assert_eq!(Qstr::from_id(name.id()), Some(name));
/// assert_eq!(micrort::qstr!("known at build time").as_bytes(), b"known at build time");
/// # Ok::<(), qstr::InternError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Qstr(NonZeroU16);

impl Qstr {
    /// Gives the string that has a number; none if the number was never given.
    ///
    /// *Callable from* every context.
    pub fn from_id(id: u16) -> Option<Self> {
        STRINGS.get(id)?;
        NonZeroU16::new(id).map(Qstr)
    }

    /// Its number, 1 to 65535.
    pub fn id(self) -> u16 {
        self.0.get()
    }

    /// Its bytes. A NUL follows them, which does not count.
    ///
    /// *Callable from* every context.
    pub fn as_bytes(self) -> &'static [u8] {
        STRINGS.get(self.id()).unwrap_or(&[])
    }
}

/// The strings of the image.
static STRINGS: Interner = Interner {
    pools: Pools::new(),
    image: true,
};

/// Gives the string its number, a new one if need be.
///
/// *Callable from* threads and before the kernel has started; from interrupts, for strings that are
/// there already.
///
/// # Errors
///
/// See [`InternError`]; a string that is there already is found whatever the heap is like.
pub fn intern(text: &[u8]) -> Result<Qstr, InternError> {
    let id = STRINGS.intern(text)?;
    NonZeroU16::new(id).map(Qstr).ok_or(InternError::TooMany)
}

/// The pools of what was interned at run time.
#[cfg(feature = "c-api")]
pub(crate) fn pools() -> &'static Pools<OwnHeap> {
    &STRINGS.pools
}

/// Looks a string up.
///
/// *Callable from* every context.
pub fn find(text: &[u8]) -> Option<Qstr> {
    STRINGS.find(text).and_then(NonZeroU16::new).map(Qstr)
}

/// Counts what was interned at run time.
///
/// *Callable from* every context; takes as long as there are strings.
pub fn stats() -> Stats {
    STRINGS.stats()
}

/// Reports what was interned at run time; `verbose` adds the strings, the newest pool first.
///
/// A byte that is not printable ASCII is shown as `\xNN`, and a backslash as two.
///
/// *Callable from* every context that the printer can be called from. Works with the heap locked.
///
/// # Errors
///
/// The printer's first one, which ends the report.
pub fn info(printer: &mut dyn Print, verbose: bool) -> Result<(), PrintError> {
    STRINGS.info(printer, verbose)
}

/// A set of interned strings of its own; what the functions of this module use is one of these.
///
/// It has only strings that are interned at run time. They live as long as it does.
///
/// # Examples
///
/// ```
/// use micrort::qstr::Interner;
///
/// let words = Interner::new();
/// assert_eq!(words.intern(b"first"), Ok(1));
/// assert_eq!(words.intern(b"second"), Ok(2));
/// assert_eq!(words.intern(b"first"), Ok(1));
/// assert_eq!(words.get(2), Some(&b"second"[..]));
/// ```
pub struct Interner {
    pools: Pools<OwnHeap>,
    /// Whether the strings of the image come first.
    image: bool,
}

/// Where a string would be that is not there.
struct Missing<'a> {
    newest: Option<Pool<'a>>,
    slot: Option<&'a AtomicU16>,
}

impl Interner {
    /// A set without strings. Costs no memory yet.
    pub const fn new() -> Self {
        Interner {
            pools: Pools::new(),
            image: false,
        }
    }

    /// Gives the string its number; see [`intern`].
    ///
    /// # Errors
    ///
    /// See [`InternError`].
    pub fn intern(&self, text: &[u8]) -> Result<u16, InternError> {
        if text.len() > LENGTH_MAX {
            return Err(InternError::TooLong);
        }
        let hash = hash(text);
        if let Some(id) = self.find_in_image(hash, text) {
            return Ok(id);
        }
        match self.probe_pools(hash, text) {
            Ok(id) => Ok(id),
            Err(_) if in_interrupt() => Err(InternError::Interrupt),
            Err(missing) => self.add(hash, text, missing),
        }
    }

    /// [`Interner::intern`] of a new string, in a thread. Apart, so that what an interrupt runs is
    /// seen not to allocate (scripts/proofs.py).
    #[inline(never)]
    fn add<'a>(
        &'a self,
        hash: u32,
        text: &[u8],
        mut missing: Missing<'a>,
    ) -> Result<u16, InternError> {
        let mut copy = None;
        loop {
            let Missing { newest, slot } = missing;
            // Room for the numbers: of this string, and of those that an index must tell from 0.
            let count = self.pools.count();
            if count >= COUNT_MAX - self.in_image() {
                return Err(InternError::TooMany);
            }
            let copied = match copy.take() {
                Some(copied) => copied,
                None => Text::copy(heap::allocate, text, tag(hash)).ok_or(InternError::NoMemory)?,
            };
            let end = newest.map_or(0, |pool| {
                u32::from(pool.base()) + u32::from(pool.capacity())
            });
            copy = match (newest, slot) {
                (Some(pool), Some(slot)) if u32::from(count) < end => {
                    match port::locked(|l| self.pools.append(l, pool, slot, copied)) {
                        Ok(number) => return Ok(self.id(number)),
                        Err(copied) => Some(copied),
                    }
                }
                _ => {
                    self.grow(newest).ok_or(InternError::NoMemory)?;
                    Some(copied)
                }
            };
            // Meanwhile somebody else may have added it.
            missing = match self.probe_pools(hash, text) {
                Ok(id) => return Ok(id),
                Err(missing) => missing,
            };
        }
    }

    /// Looks a string up; see [`find`].
    pub fn find(&self, text: &[u8]) -> Option<u16> {
        if text.len() > LENGTH_MAX {
            return None;
        }
        let hash = hash(text);
        self.find_in_image(hash, text)
            .or_else(|| self.probe_pools(hash, text).ok())
    }

    /// The string that has a number; see [`Qstr::from_id`].
    pub fn get(&self, id: u16) -> Option<&[u8]> {
        let number = id.checked_sub(1)?;
        match number.checked_sub(self.in_image()) {
            Some(number) => self.pools.get(number),
            // The second of two equal strings in the image has no number.
            None => in_image(number).filter(|text| self.find(text) == Some(id)),
        }
    }

    /// Counts; see [`stats`].
    pub fn stats(&self) -> Stats {
        let count = self.pools.count();
        let data_bytes = (0..count)
            .filter_map(|number| self.pools.get(number))
            .fold(0usize, |sum, text| sum.saturating_add(text.len() + 1));
        let mut stats = Stats {
            pools: 0,
            strings: count.into(),
            data_bytes,
            total_bytes: data_bytes,
        };
        let mut pool = self.pools.newest();
        while let Some(this) = pool {
            stats.pools = stats.pools.saturating_add(1);
            stats.total_bytes = stats.total_bytes.saturating_add(this.size());
            pool = this.older();
        }
        stats
    }

    /// Reports; see [`info`].
    ///
    /// # Errors
    ///
    /// The printer's first one.
    pub fn info(&self, printer: &mut dyn Print, verbose: bool) -> Result<(), PrintError> {
        let stats = self.stats();
        let mut report = Report::new(printer);
        report
            .text("qstr pool: n_pool=")
            .decimal(stats.pools as usize);
        report.text(", n_qstr=").decimal(stats.strings as usize);
        report.text(", n_str_data_bytes=").decimal(stats.data_bytes);
        report
            .text(", n_total_bytes=")
            .decimal(stats.total_bytes)
            .byte(b'\n');
        let mut pool = self.pools.newest().filter(|_| verbose);
        let mut end = stats.strings as u16;
        while let Some(this) = pool {
            for text in (this.base()..end).map_while(|number| self.pools.get(number)) {
                if report.is_stopped() {
                    break;
                }
                line(&mut report, text);
            }
            end = end.min(this.base());
            pool = this.older();
        }
        report.finish()
    }

    /// Number of strings in the image, equal ones counted.
    fn in_image(&self) -> u16 {
        if self.image {
            port::qstr_image().len().min(COUNT_MAX.into()) as u16
        } else {
            0
        }
    }

    fn id(&self, number: u16) -> u16 {
        // `intern` keeps the sum in range.
        number.wrapping_add(self.in_image()).wrapping_add(1)
    }

    fn find_in_image(&self, hash: u32, text: &[u8]) -> Option<u16> {
        if !self.image {
            return None;
        }
        let number = probe(port::qstr_image_index(), hash, |number| {
            in_image(number) == Some(text)
        });
        number.ok().map(|number| number.wrapping_add(1))
    }

    fn probe_pools(&self, hash: u32, text: &[u8]) -> Result<u16, Missing<'_>> {
        let newest = self.pools.newest();
        let slots = newest.map_or(&[][..], |pool| pool.slots());
        probe(slots, hash, |number| self.pools.is(number, tag(hash), text))
            .map(|number| self.id(number))
            .map_err(|slot| Missing { newest, slot })
    }

    /// Links a pool with room, after the full one; somebody else may have done it first.
    fn grow(&self, newest: Option<Pool<'_>>) -> Option<()> {
        let base = newest.map_or(0, |pool| pool.base().saturating_add(pool.capacity()));
        let capacity = newest
            .map_or(FIRST_POOL, |pool| pool.capacity().saturating_mul(2))
            .min(COUNT_MAX - self.in_image().min(COUNT_MAX - base) - base);
        let end = u32::from(base) + u32::from(capacity);
        // At most three of four slots are taken.
        let slots = (end + end / 3 + 1).next_power_of_two();
        let pool = NewPool::new(heap::allocate, base, capacity, slots)?;
        for number in 0..base {
            let text = self.pools.get(number)?;
            if let Err(Some(slot)) = probe(pool.slots(), hash(text), |_| false) {
                slot.store(number + 1, Ordering::Relaxed);
            }
        }
        drop(port::locked(|l| self.pools.link(l, newest, pool)));
        Some(())
    }
}

impl Default for Interner {
    fn default() -> Self {
        Interner::new()
    }
}

/// Interns a string at build time, and gives it.
///
/// The string lies in read-only memory; looking it up takes no RAM and cannot fail. An image holds
/// equal ones more than once, but they have one number.
///
/// ```
/// let name = micrort::qstr!("name");
/// assert_eq!(name.as_bytes(), b"name");
/// ```
#[macro_export]
macro_rules! qstr {
    ($text:literal) => {{
        $crate::__qstr_entry!(
            ENTRY = $crate::qstr::Entry::new($crate::qstr::configured(concat!($text, "\0")))
        );
        $crate::qstr::of_image(&ENTRY)
    }};
}

// The section is the system's: glue/rom_sections.ld, or on the host what port/host_image.rs reads.
#[doc(hidden)]
#[macro_export]
#[cfg(feature = "zephyr")]
macro_rules! __qstr_entry {
    ($entry:ident = $value:expr) => {
        #[used]
        #[link_section = "._micrort_qstr.static.rust_"]
        static $entry: $crate::qstr::Entry = $value;
    };
}

#[doc(hidden)]
#[macro_export]
#[cfg(not(feature = "zephyr"))]
macro_rules! __qstr_entry {
    ($entry:ident = $value:expr) => {
        #[used]
        #[link_section = "micrort_qstr"]
        static $entry: $crate::qstr::Entry = $value;
    };
}

#[doc(hidden)]
pub use crate::raw::pool::Entry;

/// Stops a build that has no index of its strings.
#[doc(hidden)]
#[allow(clippy::assertions_on_constants, reason = "only where it is called")]
pub const fn configured(text: &'static str) -> &'static str {
    assert!(config::QSTR, "CONFIG_MICRORT_QSTR is off");
    text
}

/// The string of an entry that is in the image.
#[doc(hidden)]
pub fn of_image(entry: &'static Entry) -> Qstr {
    // The build's index names every entry; the other number keeps a panic out of the image.
    find(entry.bytes()).unwrap_or(Qstr(NonZeroU16::MIN))
}

fn in_image(number: u16) -> Option<&'static [u8]> {
    port::qstr_image()
        .get(usize::from(number))
        .map(|entry| entry.bytes())
}

fn line(report: &mut Report<'_>, text: &[u8]) {
    report.text("Q(");
    for &byte in text {
        match byte {
            b'\\' => report.text("\\\\"),
            b' '..=b'~' => report.byte(byte),
            _ => report.text("\\x").hex(byte.into(), 2),
        };
    }
    report.text(")\n");
}
