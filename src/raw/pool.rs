// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! Memory of strings that are never moved and never freed, so that readers need no lock.
//!
//! A pool is one block: a header, room for entries, and an index over the entries of all pools up
//! to this one. Entries have one numbering over all pools.
//!
//! What orders readers on other CPUs and in interrupts: an entry is written, then it is counted,
//! then a slot of the index names it. A number below the count, or read from a slot, therefore
//! names an entry that is whole. A pool is linked when its index is complete.

use core::alloc::{GlobalAlloc, Layout};
use core::marker::PhantomData;
use core::ptr::{self, NonNull};
use core::sync::atomic::{AtomicPtr, AtomicU16, AtomicUsize, Ordering};

use super::Locked;
use crate::config;
use crate::port::Allocator;

/// A string with a NUL behind it; as `struct micrort_qstr` in C.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct Entry {
    text: *const u8,
    length: u8,
    /// A part of the hash, which tells most strings apart; 0 in the image. Padding in C.
    tag: u8,
}

// SAFETY: what it points to is never written again.
unsafe impl Send for Entry {}
// SAFETY: as above.
unsafe impl Sync for Entry {}

impl Entry {
    /// An entry for text that ends in a NUL, which does not count.
    ///
    /// # Panics
    ///
    /// If there is no NUL at the end, or more than 255 bytes before it, or no CONFIG_MICRORT_QSTR.
    #[allow(clippy::assertions_on_constants, reason = "stops only who calls it")]
    pub const fn new(text: &'static str) -> Self {
        assert!(config::QSTR, "CONFIG_MICRORT_QSTR is off");
        let text = text.as_bytes();
        let (end, string) = match text.split_last() {
            Some(parts) => parts,
            None => (&1, text),
        };
        assert!(*end == 0, "a NUL ends the text");
        assert!(string.len() <= 255, "a string has at most 255 bytes");
        Entry {
            text: text.as_ptr(),
            length: string.len() as u8,
            tag: 0,
        }
    }

    /// The string.
    pub(crate) fn bytes<'a>(self) -> &'a [u8] {
        // SAFETY: by construction, here or in C; strings live for ever, or as long as the `Pools`,
        // whose `get` shortens the lifetime.
        unsafe { core::slice::from_raw_parts(self.text, self.length.into()) }
    }
}

/// A copy of a string, in no pool yet.
pub struct Text(Entry);

impl Text {
    /// Allocates; none if that fails, or if the string is longer than 255 bytes.
    pub fn copy(bytes: &[u8], tag: u8) -> Option<Self> {
        let length = u8::try_from(bytes.len()).ok()?;
        let layout = Self::layout(length)?;
        // SAFETY: the layout has a size.
        let block = NonNull::new(unsafe { Allocator.alloc(layout) })?;
        // SAFETY: the block has room for the bytes and the NUL, and nobody else knows it.
        unsafe {
            ptr::copy_nonoverlapping(bytes.as_ptr(), block.as_ptr(), bytes.len());
            block.add(bytes.len()).write(0);
        }
        Some(Text(Entry {
            text: block.as_ptr(),
            length,
            tag,
        }))
    }

    fn layout(length: u8) -> Option<Layout> {
        Layout::from_size_align(usize::from(length) + 1, 1).ok()
    }

    fn into_entry(self) -> Entry {
        let entry = self.0;
        core::mem::forget(self);
        entry
    }
}

impl Drop for Text {
    fn drop(&mut self) {
        if let Some(layout) = Self::layout(self.0.length) {
            // SAFETY: allocated by `copy` with this layout; the entry is in no pool.
            unsafe { Allocator.dealloc(self.0.text.cast_mut(), layout) }
        }
    }
}

/// What a pool begins with. The entries follow, then the slots.
#[repr(C)]
struct Header {
    older: *mut Header,
    /// Number of its first entry.
    base: u16,
    capacity: u16,
    /// One less than the number of slots, which is a power of two.
    mask: u32,
}

impl Header {
    /// Layout of the block, and where the slots begin.
    fn layout(capacity: u16, mask: u32) -> Option<(Layout, usize)> {
        let entries = usize::from(capacity).checked_mul(size_of::<Entry>())?;
        let slots_at = size_of::<Header>().checked_add(entries)?;
        let slots = (mask as usize).checked_add(1)?.checked_mul(2)?;
        let size = slots_at.checked_add(slots)?;
        let layout = Layout::from_size_align(size, align_of::<Header>()).ok()?;
        Some((layout, slots_at))
    }
}

/// The entries begin where the header ends.
const _: () = assert!(size_of::<Header>() % align_of::<Entry>() == 0);

/// A pool that exists as long as `'a`.
#[derive(Clone, Copy)]
pub struct Pool<'a> {
    header: NonNull<Header>,
    lifetime: PhantomData<&'a Pools>,
}

impl<'a> Pool<'a> {
    fn new(header: *mut Header) -> Option<Self> {
        Some(Pool {
            header: NonNull::new(header)?,
            lifetime: PhantomData,
        })
    }

    fn header(&self) -> &'a Header {
        // SAFETY: not written after the pool was linked; the pool exists as long as `'a`.
        unsafe { self.header.as_ref() }
    }

    /// Number of its first entry.
    pub fn base(&self) -> u16 {
        self.header().base
    }

    /// How many entries it has room for.
    pub fn capacity(&self) -> u16 {
        self.header().capacity
    }

    /// Bytes of the heap that it takes.
    pub fn size(&self) -> usize {
        let header = self.header();
        Header::layout(header.capacity, header.mask).map_or(0, |(layout, _)| layout.size())
    }

    /// The pool that was the newest before it.
    pub fn older(&self) -> Option<Self> {
        Pool::new(self.header().older)
    }

    /// The index of this and all older pools: 0, or one more than the number of an entry.
    pub fn slots(&self) -> &'a [AtomicU16] {
        let header = self.header();
        let Some((_, slots_at)) = Header::layout(header.capacity, header.mask) else {
            return &[];
        };
        // SAFETY: the slots lie at that place of the block, and were zeroed before anything else.
        unsafe {
            let slots = self.header.byte_add(slots_at).cast::<AtomicU16>();
            core::slice::from_raw_parts(slots.as_ptr(), header.mask as usize + 1)
        }
    }

    /// Place of an entry by its number; there may be no entry yet.
    #[inline]
    fn place(&self, number: u16) -> Option<*mut Entry> {
        let header = self.header();
        let at = number.checked_sub(header.base)?;
        (at < header.capacity).then(|| {
            // SAFETY: the block has that many entries behind the header.
            unsafe { self.header.as_ptr().add(1).cast::<Entry>().add(at.into()) }
        })
    }
}

/// A pool without entries, not linked yet.
pub struct NewPool(Pool<'static>);

impl NewPool {
    /// Allocates a pool with an empty index; `slots` is a power of two.
    pub fn allocate(base: u16, capacity: u16, slots: u32) -> Option<Self> {
        let mask = slots.checked_sub(1)?;
        let (layout, _) = Header::layout(capacity, mask)?;
        // SAFETY: the layout has a size.
        let header = NonNull::new(unsafe { Allocator.alloc_zeroed(layout) })?.cast::<Header>();
        // SAFETY: the block begins with room for the header, and nobody else knows it.
        unsafe {
            header.write(Header {
                older: ptr::null_mut(),
                base,
                capacity,
                mask,
            });
        }
        Some(NewPool(Pool {
            header,
            lifetime: PhantomData,
        }))
    }

    /// The index, to be filled with what older pools hold.
    pub fn slots(&self) -> &[AtomicU16] {
        self.0.slots()
    }
}

impl Drop for NewPool {
    fn drop(&mut self) {
        let header = self.0.header();
        if let Some((layout, _)) = Header::layout(header.capacity, header.mask) {
            // SAFETY: allocated with this layout, and not linked.
            unsafe { Allocator.dealloc(self.0.header.as_ptr().cast(), layout) }
        }
    }
}

/// All pools of one interner, the newest first.
pub struct Pools {
    newest: AtomicPtr<Header>,
    count: AtomicUsize,
}

impl Pools {
    /// No pool.
    pub const fn new() -> Self {
        Pools {
            newest: AtomicPtr::new(ptr::null_mut()),
            count: AtomicUsize::new(0),
        }
    }

    /// Number of entries.
    pub fn count(&self) -> u16 {
        // Never more than 65535 by `append`.
        self.count.load(Ordering::Acquire) as u16
    }

    /// The pool that was linked last.
    pub fn newest(&self) -> Option<Pool<'_>> {
        Pool::new(self.newest.load(Ordering::Acquire))
    }

    /// The string with a number.
    pub fn get(&self, number: u16) -> Option<&[u8]> {
        self.entry(number).map(Entry::bytes)
    }

    /// Whether the entry with a number is this string, which has this tag.
    pub fn is(&self, number: u16, tag: u8, text: &[u8]) -> bool {
        self.entry(number)
            .is_some_and(|entry| entry.tag == tag && entry.bytes() == text)
    }

    fn entry(&self, number: u16) -> Option<Entry> {
        if number >= self.count() {
            return None;
        }
        let mut pool = self.newest()?;
        while number < pool.base() {
            pool = pool.older()?;
        }
        // SAFETY: the number is below the count, so the entry was written before.
        Some(unsafe { pool.place(number)?.read() })
    }

    /// Adds a string to the newest pool, and names it in a slot of its index.
    ///
    /// Gives the text back, and changes nothing, if `pool` is not the newest any more, has no room,
    /// or its slot is taken. A constant number of instructions.
    pub fn append(
        &self,
        l: &Locked,
        pool: Pool<'_>,
        slot: &AtomicU16,
        text: Text,
    ) -> Result<u16, Text> {
        let count = self.count.load(Ordering::Relaxed);
        let place = u16::try_from(count)
            .ok()
            .filter(|number| *number != u16::MAX && self.is_newest(l, Some(pool)))
            .and_then(|number| Some((number, pool.place(number)?)))
            .filter(|_| slot.load(Ordering::Relaxed) == 0);
        let Some((number, place)) = place else {
            return Err(text);
        };
        // SAFETY: the place lies in the pool, and no reader looks at it before it is counted.
        unsafe { place.write(text.into_entry()) };
        self.count.store(count + 1, Ordering::Release);
        slot.store(number + 1, Ordering::Release);
        Ok(number)
    }

    /// Links a pool whose index names all that is in older ones.
    ///
    /// Gives it back, and changes nothing, if `newest` is not the newest pool any more. A constant
    /// number of instructions.
    pub fn link(&self, l: &Locked, newest: Option<Pool<'_>>, pool: NewPool) -> Result<(), NewPool> {
        if !self.is_newest(l, newest) {
            return Err(pool);
        }
        let header = pool.0.header.as_ptr();
        // SAFETY: nobody else knows the pool yet.
        unsafe { (*header).older = self.newest.load(Ordering::Relaxed) };
        self.newest.store(header, Ordering::Release);
        core::mem::forget(pool);
        Ok(())
    }

    fn is_newest(&self, _: &Locked, pool: Option<Pool<'_>>) -> bool {
        let newest = self.newest.load(Ordering::Relaxed);
        newest == pool.map_or(ptr::null_mut(), |pool| pool.header.as_ptr())
    }
}

impl Drop for Pools {
    fn drop(&mut self) {
        for number in 0..*self.count.get_mut() {
            let mut pool = Pool::new(*self.newest.get_mut());
            let place = loop {
                match pool {
                    Some(older) if number < older.base().into() => pool = older.older(),
                    _ => break pool.and_then(|pool| pool.place(number as u16)),
                }
            };
            if let Some(place) = place {
                // SAFETY: the entry was written by `append`, and nobody can reach it any more.
                drop(Text(unsafe { place.read() }));
            }
        }
        let mut pool = Pool::new(*self.newest.get_mut());
        while let Some(newest) = pool {
            pool = newest.older();
            drop(NewPool(newest));
        }
    }
}
