// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! Memory of strings that are never moved and never freed, so that readers need no lock.
//!
//! A pool is one block: a header, room for entries, and an index over the entries of all pools up
//! to this one. Entries have one numbering over all pools.
//!
//! Readers on other CPUs and in interrupts see whole entries only: an entry is written, then counted,
//! then named in a slot of the index. So a number below the count, or from a slot, names a whole
//! entry. A pool is linked once its index is complete.

use core::marker::PhantomData;
use core::ptr::{self, NonNull};
use core::sync::atomic::{AtomicPtr, AtomicU16, AtomicUsize, Ordering};

use super::block::{Block, Heap, BLOCK_ALIGN};
use super::Locked;

/// A string with a NUL behind it; as `struct micrort_qstr` in C.
#[repr(C)]
pub struct Entry {
    text: *const u8,
    length: u8,
    /// A part of the hash, which tells most strings apart; 0 in the image. Padding in C.
    tag: u8,
}

// SAFETY: an entry and its text are not written while a reference to it exists.
unsafe impl Send for Entry {}
// SAFETY: the same: threads only read it.
unsafe impl Sync for Entry {}

impl Entry {
    /// An entry for text that ends in a NUL, which does not count.
    ///
    /// # Panics
    ///
    /// If there is no NUL at the end, or more than 255 bytes before it.
    pub const fn new(text: &'static str) -> Self {
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
    pub(crate) fn bytes(&self) -> &[u8] {
        // SAFETY: `new`, `Text::copy` or the macro of the C API made the entry for text of this length,
        // which lives as long as the entry: for ever, or as long as the `Pools`.
        unsafe { core::slice::from_raw_parts(self.text, self.length.into()) }
    }
}

/// A copy of a string, in no pool yet.
pub struct Text<H: Heap> {
    block: Block<H>,
    length: u8,
    tag: u8,
}

/// Bytes of a text with its NUL.
const fn size_of_text(length: u8) -> usize {
    length as usize + 1
}

impl<H: Heap> Text<H> {
    /// Copies a string of at most 255 bytes into a block, if `allocate` gives one of this size.
    pub fn copy(
        allocate: impl FnOnce(usize) -> Option<Block<H>>,
        bytes: &[u8],
        tag: u8,
    ) -> Option<Self> {
        let length = u8::try_from(bytes.len()).ok()?;
        let size = size_of_text(length);
        let block = allocate(size).filter(|block| block.size() == size)?;
        let to = block.as_ptr();
        // SAFETY: the block has room for the bytes and the NUL, and nobody else knows it.
        unsafe {
            ptr::copy_nonoverlapping(bytes.as_ptr(), to.as_ptr(), bytes.len());
            to.add(bytes.len()).write(0);
        }
        Some(Text { block, length, tag })
    }

    fn into_entry(self) -> Entry {
        Entry {
            text: self.block.into_raw().as_ptr(),
            length: self.length,
            tag: self.tag,
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
    /// Size of the block, and where the slots begin.
    fn size(capacity: u16, mask: u32) -> Option<(usize, usize)> {
        let entries = usize::from(capacity).checked_mul(size_of::<Entry>())?;
        let slots_at = size_of::<Header>().checked_add(entries)?;
        let slots = (mask as usize).checked_add(1)?.checked_mul(2)?;
        Some((slots_at.checked_add(slots)?, slots_at))
    }
}

const _: () = assert!(
    size_of::<Header>() % align_of::<Entry>() == 0 && align_of::<Header>() <= BLOCK_ALIGN,
    "the entries begin where the header ends"
);

/// A pool that exists as long as `'a`.
#[derive(Clone, Copy)]
pub struct Pool<'a> {
    header: NonNull<Header>,
    lifetime: PhantomData<&'a Header>,
}

impl<'a> Pool<'a> {
    /// # Safety
    ///
    /// `header` is null, or that of a pool which exists as long as `'a`.
    unsafe fn new(header: *mut Header) -> Option<Self> {
        Some(Pool {
            header: NonNull::new(header)?,
            lifetime: PhantomData,
        })
    }

    fn header(&self) -> &'a Header {
        // SAFETY: the pool exists as long as `'a`, and `link`, which writes the header, has no `Pool`
        // of it, but owns it.
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
        Header::size(header.capacity, header.mask).map_or(0, |(size, _)| size)
    }

    /// The pool that was the newest before it.
    pub fn older(&self) -> Option<Self> {
        // SAFETY: `link` put it there, and pools are freed together.
        unsafe { Pool::new(self.header().older) }
    }

    /// The index of this and all older pools: 0, or one more than the number of an entry.
    pub fn slots(&self) -> &'a [AtomicU16] {
        let header = self.header();
        let Some((_, slots_at)) = Header::size(header.capacity, header.mask) else {
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
pub struct NewPool<H: Heap> {
    /// It begins with a header.
    block: Block<H>,
}

impl<H: Heap> NewPool<H> {
    /// Makes a pool with an empty index in a block, if `allocate` gives one of this size; `slots` is a
    /// power of two.
    pub fn new(
        allocate: impl FnOnce(usize) -> Option<Block<H>>,
        base: u16,
        capacity: u16,
        slots: u32,
    ) -> Option<Self> {
        let mask = slots.checked_sub(1)?;
        let (size, _) = Header::size(capacity, mask)?;
        let block = allocate(size).filter(|block| block.size() == size)?;
        // SAFETY: the block is of that size and begins with room for the header, it is aligned, and
        // nobody else knows it.
        unsafe {
            block.as_ptr().write_bytes(0, size);
            block.as_ptr().cast().write(Header {
                older: ptr::null_mut(),
                base,
                capacity,
                mask,
            });
        }
        Some(NewPool { block })
    }

    fn pool(&self) -> Pool<'_> {
        Pool {
            header: self.block.as_ptr().cast(),
            lifetime: PhantomData,
        }
    }

    /// The index, to be filled with what older pools hold.
    pub fn slots(&self) -> &[AtomicU16] {
        self.pool().slots()
    }
}

/// All pools of one interner, the newest first, in blocks of the heap `H`.
pub struct Pools<H: Heap> {
    newest: AtomicPtr<Header>,
    count: AtomicUsize,
    heap: PhantomData<fn() -> H>,
}

impl<H: Heap> Pools<H> {
    /// No pool.
    pub const fn new() -> Self {
        Pools {
            newest: AtomicPtr::new(ptr::null_mut()),
            count: AtomicUsize::new(0),
            heap: PhantomData,
        }
    }

    /// Takes all pools out; dropping them frees the strings.
    ///
    /// # Safety
    ///
    /// Nobody uses a string of theirs any more, or looks one up meanwhile.
    #[cfg(feature = "c-api")]
    pub unsafe fn take(&self, _: &Locked) -> Self {
        // Not swapped: the lock keeps other writers out, and ARMv6-M has no atomic exchange.
        let taken = Pools {
            newest: AtomicPtr::new(self.newest.load(Ordering::Relaxed)),
            count: AtomicUsize::new(self.count.load(Ordering::Relaxed)),
            heap: PhantomData,
        };
        self.newest.store(ptr::null_mut(), Ordering::Release);
        self.count.store(0, Ordering::Release);
        taken
    }

    /// Number of entries.
    pub fn count(&self) -> u16 {
        // Never more than 65535 by `append`.
        self.count.load(Ordering::Acquire) as u16
    }

    /// The pool that was linked last.
    pub fn newest(&self) -> Option<Pool<'_>> {
        // SAFETY: `link` put it there, and it is freed when this is dropped.
        unsafe { Pool::new(self.newest.load(Ordering::Acquire)) }
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

    fn entry(&self, number: u16) -> Option<&Entry> {
        if number >= self.count() {
            return None;
        }
        let mut pool = self.newest()?;
        while number < pool.base() {
            pool = pool.older()?;
        }
        // SAFETY: the number is below the count, so `append` has written the entry, and to this place:
        // a pool begins at what the count was when it was linked. It is not written again.
        Some(unsafe { &*pool.place(number)? })
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
        text: Text<H>,
    ) -> Result<u16, Text<H>> {
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
    /// Gives it back, and changes nothing, if `newest` is not the newest pool any more, or there are
    /// not as many entries as the pool's first number says. A constant number of instructions.
    pub fn link(
        &self,
        l: &Locked,
        newest: Option<Pool<'_>>,
        pool: NewPool<H>,
    ) -> Result<(), NewPool<H>> {
        let count = self.count.load(Ordering::Relaxed);
        if !self.is_newest(l, newest) || usize::from(pool.pool().base()) != count {
            return Err(pool);
        }
        let header = pool.block.into_raw().cast::<Header>().as_ptr();
        // SAFETY: the header is there, and nobody else knows the pool yet.
        unsafe { (*header).older = self.newest.load(Ordering::Relaxed) };
        self.newest.store(header, Ordering::Release);
        Ok(())
    }

    fn is_newest(&self, _: &Locked, pool: Option<Pool<'_>>) -> bool {
        let newest = self.newest.load(Ordering::Relaxed);
        newest == pool.map_or(ptr::null_mut(), |pool| pool.header.as_ptr())
    }
}

impl<H: Heap> Drop for Pools<H> {
    fn drop(&mut self) {
        let mut end = self.count();
        while let Some(pool) = self.newest() {
            for number in pool.base()..end {
                if let Some(place) = pool.place(number) {
                    // SAFETY: `append` wrote the entry, for a text that `Text::copy` made, in a block of
                    // this size and heap. It is freed once, and nobody can read it any more.
                    unsafe {
                        let Entry { text, length, .. } = place.read();
                        let text = NonNull::new_unchecked(text.cast_mut());
                        drop(Block::<H>::from_raw(text, size_of_text(length)));
                    }
                }
            }
            end = pool.base();
            self.newest.store(pool.header().older, Ordering::Relaxed);
            // SAFETY: `NewPool::new` made it in a block of that size and heap, `link` kept that, and
            // now no pool leads to it.
            drop(unsafe { Block::<H>::from_raw(pool.header.cast(), pool.size()) });
        }
    }
}
