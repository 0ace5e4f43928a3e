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
//! This file alone decides how long a record is and where its memory came from.

use core::cell::UnsafeCell;
use core::marker::PhantomData;
use core::mem::{align_of, size_of, size_of_val, MaybeUninit};
use core::ptr::{self, NonNull};

use super::block::{Block, Heap, BLOCK_ALIGN};
use super::{ExceptionType, Guarded, Literal, Locked};

/// Most bytes of packed arguments that are kept.
pub const ARGUMENTS_MAX: usize = 128;
/// Most bytes of a thread's name that are kept.
pub const NAME_MAX: usize = 32;
/// Most return addresses that are kept.
pub const ADDRESSES_MAX: usize = 8;

const ADDRESSES_BYTES: usize = ADDRESSES_MAX * size_of::<usize>();
const PAYLOAD_MAX: usize = ARGUMENTS_MAX + NAME_MAX + ADDRESSES_BYTES;

/// A record without its payload.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct Header {
    pub kind: &'static ExceptionType,
    pub file: Option<Literal>,
    pub format: Option<Literal>,
    /// The line, and above it the number of the interrupt.
    pub place: u32,
    lengths: Lengths,
    /// The origin in two bits, above it the flags of [`Header::new`].
    flags: u8,
}

impl Header {
    /// A header, with `flags` of at most six bits.
    pub const fn new(
        kind: &'static ExceptionType,
        file: Option<Literal>,
        format: Option<Literal>,
        place: u32,
        flags: u8,
    ) -> Self {
        Header {
            kind,
            file,
            format,
            place,
            lengths: Lengths([0; 3]),
            flags: flags << ORIGIN_BITS,
        }
    }

    /// The flags of [`Header::new`].
    pub fn flags(&self) -> u8 {
        self.flags >> ORIGIN_BITS
    }
}

/// What varies in length: the payload, in this order.
pub struct Parts<'a> {
    /// At most [`ARGUMENTS_MAX`] bytes; what is beyond is left out.
    pub arguments: &'a [u8],
    /// At most [`NAME_MAX`] bytes.
    pub name: &'a [u8],
    /// At most [`ADDRESSES_MAX`].
    pub addresses: &'a [usize],
}

impl Parts<'_> {
    /// What of them fits into `room` bytes.
    fn lengths(&self, mut room: usize) -> Lengths {
        let lengths = [
            self.arguments.len().min(ARGUMENTS_MAX),
            self.name.len().min(NAME_MAX),
            size_of_val(self.addresses).min(ADDRESSES_BYTES),
        ];
        Lengths(lengths.map(|length| {
            let length = length.min(room);
            room -= length;
            length as u8
        }))
    }
}

/// Bytes of each part. Their sum is at most [`PAYLOAD_MAX`].
#[derive(Clone, Copy)]
struct Lengths([u8; 3]);

impl Lengths {
    fn sum(self) -> usize {
        self.0.into_iter().map(usize::from).sum()
    }
}

const _: () = assert!(ARGUMENTS_MAX < 256 && NAME_MAX < 256 && ADDRESSES_BYTES < 256);

#[repr(C)]
struct Record {
    next: Guarded<Option<RecordRef>>,
    header: Header,
}

const _: () = assert!(
    size_of::<Record>() <= 6 * size_of::<usize>() && align_of::<Record>() <= BLOCK_ALIGN,
    "the C API's documentation: 24, 40"
);

/// Bytes of a record with so much payload.
const fn size_with(payload: usize) -> usize {
    size_of::<Record>() + payload.next_multiple_of(align_of::<Record>())
}

/// Where a record's memory came from.
#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
enum Origin {
    /// The one place that is always there, for a type alone.
    Spare = 0,
    /// The emergency buffer.
    Buffer = 1,
    /// A block of its own.
    Heap = 2,
}

const ORIGIN_BITS: u32 = 2;

#[derive(Clone, Copy)]
struct RecordRef(NonNull<Record>);

// SAFETY: a thread touches the record only as the module's documentation says: alone, or its link
// with the lock held, or to read what is not written any more.
unsafe impl Send for RecordRef {}

impl RecordRef {
    /// Writes a record of these lengths.
    ///
    /// # Safety
    ///
    /// It has one holder, and its memory has room for the record and the sum of `lengths`, which are
    /// not more than those of `parts`.
    unsafe fn write(self, mut header: Header, origin: Origin, parts: &Parts<'_>, lengths: Lengths) {
        header.lengths = lengths;
        header.flags |= origin as u8;
        let next = Guarded::new(None);
        // SAFETY: the caller is the only holder, and the place is large enough and aligned.
        unsafe { self.0.write(Record { next, header }) };
        let sources = [
            parts.arguments.as_ptr(),
            parts.name.as_ptr(),
            parts.addresses.as_ptr().cast(),
        ];
        let mut to = self.payload();
        for (from, length) in sources.into_iter().zip(lengths.0) {
            // SAFETY: the part has so many bytes, and the place has room for the sum of them. A part
            // does not overlap it, because only this holder knows the place.
            unsafe {
                ptr::copy_nonoverlapping(from, to.as_ptr(), length.into());
                to = to.add(length.into());
            }
        }
    }

    fn payload(self) -> NonNull<u8> {
        // SAFETY: every `RecordRef` is to memory with room for a record, so one past it is inside or
        // at the end.
        unsafe { self.0.add(1) }.cast()
    }

    /// The link.
    ///
    /// # Safety
    ///
    /// The record was written, and does not become free while the reference is used.
    unsafe fn next<'a>(self) -> &'a Guarded<Option<RecordRef>> {
        // SAFETY: a `Guarded` is there, by the contract, and nobody has a `&mut` to it.
        unsafe { &(*self.0.as_ptr()).next }
    }

    /// # Safety
    ///
    /// The record was written, and does not become free meanwhile.
    unsafe fn header(self) -> Header {
        // SAFETY: the header is there, by the contract, and not written after `write`.
        unsafe { (&raw const (*self.0.as_ptr()).header).read() }
    }

    /// # Safety
    ///
    /// The record was written, and does not become free meanwhile.
    unsafe fn copy(self, to: &mut Copied) {
        // SAFETY: the contract is the same.
        to.header = unsafe { self.header() };
        let (from, length) = (self.payload(), to.header.lengths.sum());
        // SAFETY: `write` wrote so many bytes, and they are not written again; `Lengths` are at most
        // what `Copied` has room for.
        unsafe { ptr::copy_nonoverlapping(from.as_ptr(), to.payload.as_mut_ptr(), length) };
    }
}

/// A copy of a record.
pub struct Copied {
    header: Header,
    payload: [u8; PAYLOAD_MAX],
}

impl Copied {
    /// A copy of nothing.
    pub const fn new() -> Self {
        Copied {
            header: Header::new(&super::RUNTIME_ERROR, None, None, 0, 0),
            payload: [0; PAYLOAD_MAX],
        }
    }

    /// Its header.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// The packed arguments.
    pub fn arguments(&self) -> &[u8] {
        self.part(0)
    }

    /// The thread's name.
    pub fn name(&self) -> &[u8] {
        self.part(1)
    }

    /// The return addresses.
    pub fn addresses(&self) -> impl Iterator<Item = usize> + '_ {
        self.part(2)
            .chunks_exact(size_of::<usize>())
            .map(|bytes| bytes.try_into().map_or(0, usize::from_ne_bytes))
    }

    fn part(&self, which: usize) -> &[u8] {
        let mut rest = &self.payload[..];
        for (part, length) in self.header.lengths.0.into_iter().enumerate() {
            let Some((this, behind)) = rest.split_at_checked(length.into()) else {
                break;
            };
            if part == which {
                return this;
            }
            rest = behind;
        }
        &[]
    }
}

/// The emergency buffer.
#[derive(Clone, Copy)]
struct Buffer {
    /// A [`Block`] of `size` bytes.
    begin: Option<NonNull<u8>>,
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
        size: 0,
        used: 0,
        live: 0,
    };
}

/// One of the two lists of records.
#[derive(Clone, Copy)]
pub enum ListId {
    /// What anybody can take.
    Common,
    /// What the function that runs has raised.
    OfFunction,
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
    of_function: List,
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
            of_function: List::new(),
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
            ListId::OfFunction => &self.of_function,
        }
    }

    /// Makes a record of its own block, if there is one.
    pub fn on_heap(&'static self, header: Header, parts: &Parts<'_>) -> Option<Filled<H>> {
        let lengths = parts.lengths(PAYLOAD_MAX);
        let block = Block::<H>::allocate(size_with(lengths.sum()))?;
        let record = RecordRef(block.into_raw().cast());
        // SAFETY: nobody else knows the block, which has that size.
        unsafe { record.write(header, Origin::Heap, parts, lengths) };
        Some(Filled(self, record))
    }

    /// Takes what is left of the buffer, up to what a record with `parts` needs; or else the place for
    /// a type alone.
    pub fn reserve(&'static self, l: &Locked, parts: &Parts<'_>) -> Option<Space<H>> {
        let mut buffer = self.buffer.get(l);
        let left = buffer.size.wrapping_sub(buffer.used) & !(align_of::<Record>() - 1);
        if let Some(begin) = buffer.begin.filter(|_| left >= size_of::<Record>()) {
            let size = size_with(parts.lengths(PAYLOAD_MAX).sum()).min(left);
            // SAFETY: `used` is less than the buffer's size, or nothing would be left.
            let record = RecordRef(unsafe { begin.add(buffer.used) }.cast());
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
        Some(Space {
            records: self,
            record: RecordRef(NonNull::new(self.spare.0.get())?.cast()),
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
        let origin = header.flags & ((1 << ORIGIN_BITS) - 1);
        if origin == Origin::Heap as u8 {
            let size = size_with(header.lengths.sum());
            // SAFETY: `on_heap` made it of a block of this size, and nobody else has it.
            return Freed(Some(unsafe { Block::from_raw(record.0.cast(), size) }));
        }
        if origin == Origin::Spare as u8 {
            self.spare_taken.set(l, false);
            return Freed(None);
        }
        let mut buffer = self.buffer.get(l);
        buffer.live -= 1;
        if buffer.live == 0 {
            buffer.used = 0;
        }
        self.buffer.set(l, buffer);
        Freed(None)
    }

    /// Replaces the buffer; `None` is none. Answers with what is to be dropped without the lock: the
    /// old one; or as an error `new`, while records lie in the old one.
    pub fn replace_buffer(&self, l: &Locked, new: Option<Block<H>>) -> Result<Freed<H>, Freed<H>> {
        let old = self.buffer.get(l);
        if old.live != 0 {
            return Err(Freed(new));
        }
        let size = new.as_ref().map_or(0, Block::size);
        let begin = new.map(Block::into_raw);
        self.buffer.set(
            l,
            Buffer {
                begin,
                size,
                ..Buffer::NONE
            },
        );
        Ok(Freed(old.begin.map(|begin| {
            // SAFETY: it was made of a block of that size, and no record lies in it any more.
            unsafe { Block::from_raw(begin, old.size) }
        })))
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
