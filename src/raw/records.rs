// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! The memory of records: where one lies, who may read it, and when its memory is free again.
//!
//! ```text
//!          on_heap, reserve and fill (1)     publish (2)         unlink (3)
//!   free  -------------------------------> filled -----> in a list -----> one reader's
//!    ^                                                                         |
//!    |       nobody copies (4)                                                 |
//!    +------------------------------- retired <---------- somebody copies -----+
//! ```
//!
//! 1. [`Records::on_heap`]; or [`Records::reserve`] and [`Space::fill`], which needs no lock, because
//!    a space has one holder. 2. [`Filled::publish`]. 3. [`Records::unlink`] and [`Taken::retire`].
//!    4. [`Cursor::next`] lets a record be copied that stays in its list. The lock is not held during
//!    the copy: `copying` is not 0 meanwhile, and what is retired then waits in `retired`, until
//!    [`Records::reclaim`].
//!
//! The holder of a [`Space`], [`Filled`], [`Taken`] or [`Copying`] must keep its CPU: if its thread
//! ended there, the record's memory would never become free.
//!
//! The emergency buffer is handed out from its beginning, and again from there once no record lies
//! in it.
//!
//! This file alone decides where a record's memory came from, and with that how it becomes free.

use core::cell::UnsafeCell;
use core::marker::PhantomData;
use core::mem::{align_of, size_of, MaybeUninit};
use core::ptr::NonNull;

use super::block::{Block, Heap};
use super::record::{size_with, Origin, Record, RecordRef, PAYLOAD_MAX};
pub use super::record::{Copied, Header, Parts, ADDRESSES_MAX, ARGUMENTS_MAX, NAME_MAX};
use super::{Guarded, Locked};

/// Memory for an emergency buffer.
pub enum BufferMemory<H: Heap> {
    /// No buffer.
    None,
    /// A block of the heap.
    Block(Block<H>),
    /// Memory of somebody else's, which is not used any more once another buffer has replaced it.
    Lent(&'static mut [MaybeUninit<u8>]),
}

/// The emergency buffer.
#[derive(Clone, Copy)]
struct Buffer {
    /// A [`Block`] of `size` bytes, or as many aligned ones that are lent.
    begin: Option<NonNull<u8>>,
    is_lent: bool,
    size: usize,
    used: usize,
    /// Records that lie in it.
    live: usize,
}

// SAFETY: the memory is touched by the holders of its records alone.
unsafe impl Send for Buffer {}

impl Buffer {
    const NONE: Buffer = Buffer {
        begin: None,
        is_lent: false,
        size: 0,
        used: 0,
        live: 0,
    };

    fn of<H: Heap>(memory: BufferMemory<H>) -> Self {
        match memory {
            BufferMemory::None => Buffer::NONE,
            BufferMemory::Block(block) => Buffer {
                size: block.size(),
                begin: Some(block.into_raw()),
                ..Buffer::NONE
            },
            BufferMemory::Lent(memory) => {
                let begin = NonNull::from(&mut *memory).cast::<u8>();
                let skipped = begin.align_offset(align_of::<Record>());
                match memory.len().checked_sub(skipped) {
                    None => Buffer::NONE,
                    Some(size) => Buffer {
                        // SAFETY: no more is skipped than there is.
                        begin: Some(unsafe { begin.add(skipped) }),
                        is_lent: true,
                        size,
                        ..Buffer::NONE
                    },
                }
            }
        }
    }
}

/// One of the two lists of records.
#[derive(Clone, Copy)]
pub enum ListId {
    /// Of most records.
    Common,
    /// Of records that are kept apart.
    Apart,
}

/// Records in the order in which they were published.
struct List {
    first: Guarded<Option<RecordRef>>,
    last: Guarded<Option<RecordRef>>,
    /// How many were published and unlinked. Wide enough never to wrap, which [`Cursor`] needs.
    published: Guarded<u64>,
    unlinked: Guarded<u64>,
}

impl List {
    const fn new() -> Self {
        List {
            first: Guarded::new(None),
            last: Guarded::new(None),
            published: Guarded::new(0),
            unlinked: Guarded::new(0),
        }
    }
}

fn count(l: &Locked, counter: &Guarded<u64>) {
    counter.set(l, counter.get(l).wrapping_add(1));
}

/// All records, and the memory of those that have no block of the heap `H` to themselves.
pub struct Records<H> {
    common: List,
    apart: List,
    buffer: Guarded<Buffer>,
    spare: Spare,
    spare_taken: Guarded<bool>,
    copying: Guarded<u32>,
    retired: Guarded<Option<RecordRef>>,
    heap: PhantomData<fn() -> H>,
}

struct Spare(UnsafeCell<MaybeUninit<Record>>);

// SAFETY: `spare_taken` gives it to one holder at a time.
unsafe impl Sync for Spare {}

impl<H: Heap> Records<H> {
    /// No records, and no buffer.
    pub const fn new() -> Self {
        Records {
            common: List::new(),
            apart: List::new(),
            buffer: Guarded::new(Buffer::NONE),
            spare: Spare(UnsafeCell::new(MaybeUninit::uninit())),
            spare_taken: Guarded::new(false),
            copying: Guarded::new(0),
            retired: Guarded::new(None),
            heap: PhantomData,
        }
    }

    fn list(&self, id: ListId) -> &List {
        match id {
            ListId::Common => &self.common,
            ListId::Apart => &self.apart,
        }
    }

    /// Makes a record of its own block, if there is one.
    pub fn on_heap(&'static self, header: Header, parts: &Parts<'_>) -> Option<Filled<H>> {
        let lengths = parts.lengths(PAYLOAD_MAX);
        let block = Block::<H>::allocate(size_with(lengths.sum()))?;
        // SAFETY: the block is aligned, and has that size.
        let record = unsafe { RecordRef::at(block.into_raw()) };
        // SAFETY: nobody else knows the block, which has room for the sum.
        unsafe { record.write(header, Origin::Heap, parts, lengths) };
        Some(Filled(self, record))
    }

    /// Takes what is left of the buffer, up to what a record needs; or else the place for a type alone.
    pub fn reserve(&'static self, l: &Locked, needed: Needed) -> Option<Space<H>> {
        let mut buffer = self.buffer.get(l);
        let left = buffer.size.wrapping_sub(buffer.used) & !(align_of::<Record>() - 1);
        if let Some(begin) = buffer.begin.filter(|_| left >= size_of::<Record>()) {
            let size = needed.0.min(left);
            // SAFETY: the buffer is aligned, whole records of it are used, and there is room for one
            // more.
            let record = unsafe { RecordRef::at(begin.add(buffer.used)) };
            buffer.used += size;
            buffer.live += 1;
            self.buffer.set(l, buffer);
            return Some(Space {
                records: self,
                record,
                room: size - size_of::<Record>(),
                origin: Origin::Buffer,
            });
        }
        if self.spare_taken.get(l) {
            return None;
        }
        self.spare_taken.set(l, true);
        // SAFETY: it is there for a record, and `self` is never moved.
        let record = unsafe { RecordRef::at(NonNull::new(self.spare.0.get())?.cast()) };
        Some(Space {
            records: self,
            record,
            room: 0,
            origin: Origin::Spare,
        })
    }

    /// Takes the first record out of a list.
    pub fn unlink(&'static self, l: &Locked, id: ListId) -> Option<Taken<H>> {
        let list = self.list(id);
        let record = list.first.get(l)?;
        // SAFETY: the record is in a list, so it is not free, and nobody unlinks it without the lock.
        let next = unsafe { record.next() }.get(l);
        list.first.set(l, next);
        if next.is_none() {
            list.last.set(l, None);
        }
        count(l, &list.unlinked);
        Some(Taken(self, record))
    }

    /// Frees one record that is retired, if there is one and nobody copies. Drop the answer without
    /// the lock.
    pub fn reclaim(&'static self, l: &Locked) -> Option<Freed<H>> {
        let record = self.retired.get(l).filter(|_| self.copying.get(l) == 0)?;
        // SAFETY: a retired record is not free yet.
        self.retired.set(l, unsafe { record.next() }.get(l));
        // SAFETY: it is in no list, nobody copies, and `retired` does not name it any more.
        Some(unsafe { self.free(l, record) })
    }

    /// # Safety
    ///
    /// The record was written, and the caller is the only one that has it.
    unsafe fn free(&'static self, l: &Locked, record: RecordRef) -> Freed<H> {
        // SAFETY: the record was written, and is freed only below.
        let header = unsafe { record.header() };
        match header.origin() {
            Origin::Heap => {
                let size = size_with(header.payload());
                // SAFETY: `on_heap` made it of a block of this size, and nobody else has it.
                return Freed(Some(unsafe { Block::from_raw(record.memory(), size) }));
            }
            Origin::Buffer => {
                let mut buffer = self.buffer.get(l);
                buffer.live -= 1;
                if buffer.live == 0 {
                    buffer.used = 0;
                }
                self.buffer.set(l, buffer);
            }
            Origin::Spare => self.spare_taken.set(l, false),
        }
        Freed(None)
    }

    /// Replaces the buffer. Answers with what is to be dropped without the lock: the block of the old one;
    /// or as an error that of `new`, while records lie in the old one.
    pub fn replace_buffer(&self, l: &Locked, new: BufferMemory<H>) -> Result<Freed<H>, Freed<H>> {
        let old = self.buffer.get(l);
        if old.live != 0 {
            return Err(Freed(match new {
                BufferMemory::Block(block) => Some(block),
                BufferMemory::None | BufferMemory::Lent(_) => None,
            }));
        }
        self.buffer.set(l, Buffer::of(new));
        Ok(Freed(old.begin.filter(|_| !old.is_lent).map(|begin| {
            // SAFETY: it was made of a block of that size, and no record lies in it any more.
            unsafe { Block::from_raw(begin, old.size) }
        })))
    }
}

/// The size of a record with all of its parts. Made without the lock, because it adds up.
#[derive(Clone, Copy)]
pub struct Needed(usize);

impl Needed {
    /// What a record of `parts` needs.
    pub fn of(parts: &Parts<'_>) -> Self {
        Needed(size_with(parts.lengths(PAYLOAD_MAX).sum()))
    }
}

/// Memory for one record: a place in the buffer, or the one for a type alone.
#[must_use = "its memory is lost if it is dropped"]
pub struct Space<H: 'static> {
    records: &'static Records<H>,
    record: RecordRef,
    room: usize,
    origin: Origin,
}

impl<H: Heap> Space<H> {
    /// Bytes of its room for parts.
    pub fn room(&self) -> usize {
        self.room
    }

    /// Whether it is for a type alone.
    pub fn is_for_type_alone(&self) -> bool {
        self.origin == Origin::Spare
    }

    /// Writes the record. What of its parts is beyond the room is left out.
    pub fn fill(self, header: Header, parts: &Parts<'_>) -> Filled<H> {
        let lengths = parts.lengths(self.room);
        // SAFETY: a space has one holder, and `reserve` saw to the room.
        unsafe { self.record.write(header, self.origin, parts, lengths) };
        Filled(self.records, self.record)
    }
}

/// A record that is in no list yet.
#[must_use = "its memory is lost if it is dropped"]
pub struct Filled<H: 'static>(&'static Records<H>, RecordRef);

impl<H: Heap> Filled<H> {
    /// Puts it at the end of a list.
    pub fn publish(self, l: &Locked, id: ListId) {
        let Filled(records, record) = self;
        let list = records.list(id);
        match list.last.get(l) {
            // SAFETY: it is in a list, so it is not free, and nobody unlinks it without the lock.
            Some(last) => unsafe { last.next() }.set(l, Some(record)),
            None => list.first.set(l, Some(record)),
        }
        list.last.set(l, Some(record));
        count(l, &list.published);
    }
}

/// A record that was taken out of its list, and that some may be copying.
#[must_use = "its memory is lost if it is dropped"]
pub struct Taken<H: 'static>(&'static Records<H>, RecordRef);

impl<H: Heap> Taken<H> {
    /// Copies it.
    pub fn copy(&self, to: &mut Copied) {
        // SAFETY: it was in a list, so it is written; it becomes free after `retire`, which takes this.
        unsafe { self.1.copy(to) };
    }

    /// Frees it, or leaves that to those who copy. Drop the answer without the lock.
    pub fn retire(self, l: &Locked) -> Option<Freed<H>> {
        let Taken(records, record) = self;
        if records.copying.get(l) == 0 {
            // SAFETY: it is in no list and nobody copies, so this was the only one that had it.
            return Some(unsafe { records.free(l, record) });
        }
        // SAFETY: it was in a list and is not free yet. Its link is free to use: a cursor follows it
        // only while the record is in its list.
        unsafe { record.next() }.set(l, records.retired.get(l));
        records.retired.set(l, Some(record));
        None
    }
}

/// What was the memory of a record or of a buffer. Dropping it gives it back to the heap, so drop it
/// without the lock.
pub struct Freed<H: Heap>(#[allow(dead_code, reason = "it is dropped")] Option<Block<H>>);

/// A walk over the records that were in a list when it began. Others may take them meanwhile.
pub struct Cursor<H: 'static> {
    records: &'static Records<H>,
    id: ListId,
    /// The record before the next one, and its number: how many were unlinked before it.
    last: Option<(RecordRef, u64)>,
    end: u64,
}

impl<H: Heap> Cursor<H> {
    /// Begins a walk.
    pub fn new(l: &Locked, records: &'static Records<H>, id: ListId) -> Self {
        Cursor {
            records,
            id,
            last: None,
            end: records.list(id).published.get(l),
        }
    }

    /// Keeps the next record from becoming free.
    pub fn next(&mut self, l: &Locked) -> Option<Copying<H>> {
        let list = self.records.list(self.id);
        let unlinked = list.unlinked.get(l);
        let (record, number) = match self.last {
            Some((last, number)) if number >= unlinked => {
                // SAFETY: records leave a list in order, and not so many were unlinked, so it is in
                // the list still, and nobody unlinks it without the lock.
                let next = unsafe { last.next() }.get(l)?;
                (next, number + 1)
            }
            _ => (list.first.get(l)?, unlinked),
        };
        if number >= self.end {
            return None;
        }
        // More copies than can be counted are one too many.
        let copying = self.records.copying.get(l).checked_add(1)?;
        self.records.copying.set(l, copying);
        self.last = Some((record, number));
        Some(Copying(self.records, record))
    }
}

/// A record that cannot become free until [`Copying::end`].
#[must_use = "no record becomes free any more if it is dropped"]
pub struct Copying<H: 'static>(&'static Records<H>, RecordRef);

impl<H: Heap> Copying<H> {
    /// Copies it.
    pub fn copy(&self, to: &mut Copied) {
        // SAFETY: it was in a list, so it is written; `copying` keeps it from becoming free.
        unsafe { self.1.copy(to) };
    }

    /// Lets it go. [`Records::reclaim`] then frees what was retired meanwhile.
    pub fn end(self, l: &Locked) {
        let copying = &self.0.copying;
        copying.set(l, copying.get(l).wrapping_sub(1));
    }
}
