// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! The memory of records: where one lies, who may read it, and when its memory is free again.
//!
//! ```text
//!            from_heap, reserve (1)        publish (2)           unlink (3)
//!   free  -------------------------> reserved ------> in a list ------------> read by one
//!    ^                                                                            |
//!    |        nobody copies (4)                                                   |
//!    +---------------------------------- retired <--------- somebody copies ------+
//! ```
//!
//! 1. [`from_heap`], [`reserve`]: a space is its holder's alone, so it is filled without the lock;
//!    an interrupt meanwhile, or another CPU, reserves another one. 2. [`publish`]. 3. [`take`].
//!    4. [`Cursor::next`] copies a record that stays in its list. The lock is not held for that:
//!    `COPYING` is not 0 meanwhile, and a record that is unlinked then waits in `RETIRED`.
//!
//! Both between 1 and 2 and while it copies, a thread keeps its CPU, so that no other thread can
//! end it there.
//!
//! The buffer is handed out from its beginning, and from there again when no record lies in it any
//! more.

use core::alloc::Layout;
use core::cell::UnsafeCell;
use core::mem::{align_of, size_of, size_of_val, MaybeUninit};
use core::ptr::{self, NonNull};

use super::{ExceptionType, Guarded, Literal, Locked};
use crate::heap_lock;

/// A record without its payload and its place in a list.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct Header {
    pub kind: &'static ExceptionType,
    pub file: Option<Literal>,
    pub format: Option<Literal>,
    /// The line, and above it the number of the interrupt.
    pub place: u32,
    /// Bytes of the payload's parts, which follow the record in this order.
    pub arguments: u8,
    pub name: u8,
    pub addresses: u8,
    pub flags: u8,
}

#[repr(C)]
struct Record {
    next: Guarded<Option<RecordRef>>,
    header: Header,
}

#[derive(Clone, Copy)]
struct RecordRef(NonNull<Record>);

// SAFETY: who may touch a record is decided under the lock, as the module's documentation says.
unsafe impl Send for RecordRef {}

/// Largest payload.
pub const PAYLOAD_MAX: usize =
    crate::format::PACKED_MAX + crate::exception::NAME_MAX + crate::exception::ADDRESSES_BYTES;

const _: () = assert!(
    size_of::<Record>() <= 6 * size_of::<usize>(),
    "reference: 24, 48"
);
const _: () = assert!(PAYLOAD_MAX - 64 <= u8::MAX as usize);

/// A record was made in the buffer.
pub const IN_BUFFER: u8 = 1;
/// A record was made on the heap.
pub const IN_HEAP: u8 = 2;
const ORIGIN: u8 = IN_BUFFER | IN_HEAP;

/// The one place that is always there, for a type alone.
struct Spare(UnsafeCell<MaybeUninit<Record>>);

// SAFETY: `SPARE_TAKEN` gives it to one at a time.
unsafe impl Sync for Spare {}

impl Spare {
    const fn place(&self) -> NonNull<Record> {
        // SAFETY: a cell's pointer is not null.
        unsafe { NonNull::new_unchecked(self.0.get()) }.cast()
    }
}

static SPARE: Spare = Spare(UnsafeCell::new(MaybeUninit::uninit()));
static SPARE_TAKEN: Guarded<bool> = Guarded::new(false);

/// The emergency buffer.
#[derive(Clone, Copy)]
struct Buffer {
    begin: Option<NonNull<u8>>,
    size: usize,
    used: usize,
    /// Spaces in it that are not free.
    live: usize,
}

// SAFETY: a buffer's memory belongs to the spaces that are handed out.
unsafe impl Send for Buffer {}

static BUFFER: Guarded<Buffer> = Guarded::new(Buffer {
    begin: None,
    size: 0,
    used: 0,
    live: 0,
});

static COPYING: Guarded<u32> = Guarded::new(0);
static RETIRED: Guarded<Option<RecordRef>> = Guarded::new(None);

/// Records in the order in which they were published.
pub struct List {
    first: Guarded<Option<RecordRef>>,
    last: Guarded<Option<RecordRef>>,
    /// How many were published and taken, since boot; wrap.
    published: Guarded<u32>,
    taken: Guarded<u32>,
}

impl List {
    pub const fn new() -> Self {
        List {
            first: Guarded::new(None),
            last: Guarded::new(None),
            published: Guarded::new(0),
            taken: Guarded::new(0),
        }
    }
}

/// Memory for one record.
pub struct Space {
    record: RecordRef,
    /// Bytes for its payload.
    pub room: usize,
    /// Where it is; for the flags of its header.
    pub origin: u8,
}

/// Size of a record with so much payload.
const fn size_with(payload: usize) -> usize {
    size_of::<Record>() + payload.next_multiple_of(align_of::<Record>())
}

fn layout(size: usize) -> Option<Layout> {
    Layout::from_size_align(size, align_of::<Record>()).ok()
}

/// Allocates, unless the heap is locked or full. From threads.
pub fn from_heap(payload: usize) -> Option<Space> {
    if heap_lock::depth() != 0 {
        return None;
    }
    let block = crate::port::allocate(layout(size_with(payload))?);
    Some(Space {
        record: RecordRef(NonNull::new(block)?.cast()),
        room: payload,
        origin: IN_HEAP,
    })
}

/// Takes what is left of the buffer, up to `payload` bytes behind the record, or else the place
/// for a type alone. From any context.
pub fn reserve(l: &Locked, payload: usize) -> Option<Space> {
    let mut buffer = BUFFER.get(l);
    let left = buffer.size.wrapping_sub(buffer.used) & !(align_of::<Record>() - 1);
    if let Some(begin) = buffer.begin.filter(|_| left >= size_of::<Record>()) {
        let size = size_with(payload).min(left);
        // SAFETY: `used` is less than the buffer's size.
        let record = RecordRef(unsafe { begin.add(buffer.used) }.cast());
        buffer.used += size;
        buffer.live += 1;
        BUFFER.set(l, buffer);
        return Some(Space {
            record,
            room: size - size_of::<Record>(),
            origin: IN_BUFFER,
        });
    }
    if SPARE_TAKEN.get(l) {
        return None;
    }
    SPARE_TAKEN.set(l, true);
    Some(Space {
        record: RecordRef(SPARE.place()),
        room: 0,
        origin: 0,
    })
}

impl Space {
    /// Writes a record, with the payload's parts one behind the other. What is beyond the room is
    /// left out.
    pub fn fill(&self, header: Header, arguments: &[u8], name: &[u8], addresses: &[usize]) {
        let next = Guarded::new(None);
        // SAFETY: the space is this one's alone, aligned, and as large as `room` says.
        unsafe { self.record.0.write(Record { next, header }) };
        let mut at = self.record.payload();
        let mut room = self.room;
        let addresses = (addresses.as_ptr().cast(), size_of_val(addresses));
        for (from, length) in [
            (arguments.as_ptr(), arguments.len()),
            (name.as_ptr(), name.len()),
            addresses,
        ] {
            let length = length.min(room);
            // SAFETY: as above, and the parts do not lie in the space.
            unsafe {
                ptr::copy_nonoverlapping(from, at.as_ptr(), length);
                at = at.add(length);
            }
            room -= length;
        }
    }
}

/// Puts a record that was filled into a list.
pub fn publish(l: &Locked, list: &List, space: Space) {
    let record = space.record;
    match list.last.get(l) {
        Some(last) => last.next().set(l, Some(record)),
        None => list.first.set(l, Some(record)),
    }
    list.last.set(l, Some(record));
    list.published.increment(l);
}

/// A copy of a record.
pub struct Copied {
    pub header: Header,
    pub payload: [u8; PAYLOAD_MAX],
}

impl RecordRef {
    fn payload(self) -> NonNull<u8> {
        // SAFETY: one past the record is inside or at the end of its space.
        unsafe { self.0.add(1) }.cast()
    }

    /// The link. Only with the lock held, while the record is in a list.
    fn next(&self) -> &Guarded<Option<RecordRef>> {
        // SAFETY: the record is not free, so it is filled; the link is only touched under the lock.
        unsafe { &(*self.0.as_ptr()).next }
    }

    /// # Safety
    ///
    /// The record is published and cannot become free.
    unsafe fn copy(self, to: &mut Copied) {
        // SAFETY: promised by the caller; nobody writes these parts of a published record.
        to.header = unsafe { (&raw const (*self.0.as_ptr()).header).read() };
        let length = to.header.payload().min(PAYLOAD_MAX);
        // SAFETY: so much was written, by `Space::fill`.
        unsafe {
            ptr::copy_nonoverlapping(self.payload().as_ptr(), to.payload.as_mut_ptr(), length);
        }
    }
}

impl Copied {
    /// A copy of nothing.
    pub const fn new() -> Self {
        Copied {
            header: Header {
                kind: &super::RUNTIME_ERROR,
                file: None,
                format: None,
                place: 0,
                arguments: 0,
                name: 0,
                addresses: 0,
                flags: 0,
            },
            payload: [0; PAYLOAD_MAX],
        }
    }
}

impl Header {
    /// Bytes of the payload.
    pub fn payload(&self) -> usize {
        usize::from(self.arguments) + usize::from(self.name) + usize::from(self.addresses)
    }
}

fn unlink(l: &Locked, list: &List) -> Option<RecordRef> {
    let record = list.first.get(l)?;
    let next = record.next().get(l);
    list.first.set(l, next);
    if next.is_none() {
        list.last.set(l, None);
    }
    list.taken.increment(l);
    Some(record)
}

/// Takes the first record out of a list. From threads.
pub fn take(list: &List, to: Option<&mut Copied>) -> bool {
    crate::port::without_switch(|| {
        let Some(record) = crate::port::locked(|l| unlink(l, list)) else {
            return false;
        };
        if let Some(to) = to {
            // SAFETY: it is this caller's alone until it is retired.
            unsafe { record.copy(to) };
        }
        retire(record);
        true
    })
}

/// Frees an unlinked record, or leaves that to those who copy.
fn retire(record: RecordRef) {
    let free_now = crate::port::locked(|l| {
        if COPYING.get(l) == 0 {
            return true;
        }
        record.next().set(l, RETIRED.get(l));
        RETIRED.set(l, Some(record));
        false
    });
    if free_now {
        free(record);
    }
}

fn free(record: RecordRef) {
    // SAFETY: the record is unlinked and nobody copies it; this caller is the only one left.
    let header = unsafe { (&raw const (*record.0.as_ptr()).header).read() };
    if header.flags & ORIGIN == IN_HEAP {
        if let Some(layout) = layout(size_with(header.payload())) {
            // SAFETY: `from_heap` allocated it, and a record on the heap is never cut.
            unsafe { crate::port::free(record.0.cast(), layout) };
        }
        return;
    }
    crate::port::locked(|l| {
        if header.flags & ORIGIN != IN_BUFFER {
            SPARE_TAKEN.set(l, false);
            return;
        }
        let mut buffer = BUFFER.get(l);
        buffer.live -= 1;
        if buffer.live == 0 {
            buffer.used = 0;
        }
        BUFFER.set(l, buffer);
    });
}

/// A walk over the records that were in a list when it began. Others may take them meanwhile.
pub struct Cursor<'a> {
    list: &'a List,
    /// The record before the next one, and its number: how many were taken before it.
    last: Option<(RecordRef, u32)>,
    end: u32,
}

impl<'a> Cursor<'a> {
    /// Begins a walk. From threads.
    pub fn new(list: &'a List) -> Self {
        Cursor {
            list,
            last: None,
            end: crate::port::locked(|l| list.published.get(l)),
        }
    }

    /// Copies the next record; false if there is none.
    pub fn next(&mut self, to: &mut Copied) -> bool {
        crate::port::without_switch(|| {
            let record = crate::port::locked(|l| {
                let taken = self.list.taken.get(l);
                // Records leave a list in order: if the last one is still there, so is the next.
                let (record, number) = match self.last {
                    Some((last, number)) if (number.wrapping_sub(taken) as i32) >= 0 => {
                        (last.next().get(l)?, number.wrapping_add(1))
                    }
                    _ => (self.list.first.get(l)?, taken),
                };
                if (self.end.wrapping_sub(number) as i32) <= 0 {
                    return None;
                }
                self.last = Some((record, number));
                COPYING.increment(l);
                Some(record)
            });
            let Some(record) = record else {
                return false;
            };
            // SAFETY: `COPYING` keeps it from becoming free.
            unsafe { record.copy(to) };
            let mut retired = crate::port::locked(|l| {
                COPYING.set(l, COPYING.get(l).wrapping_sub(1));
                if COPYING.get(l) != 0 {
                    return None;
                }
                let retired = RETIRED.get(l);
                RETIRED.set(l, None);
                retired
            });
            while let Some(record) = retired {
                // On no list that others can reach, but the link is only touched under the lock.
                retired = crate::port::locked(|l| record.next().get(l));
                free(record);
            }
            true
        })
    }
}

/// Why the buffer was not replaced; it is kept.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum BufferError {
    /// Called from an interrupt.
    Interrupt,
    /// The heap is locked or has no such block.
    NoMemory,
    /// Unread exceptions lie in the buffer.
    Busy,
}

/// Replaces the buffer by one of `size` bytes; 0 for none.
pub fn replace_buffer(size: usize) -> Result<(), BufferError> {
    if crate::port::in_interrupt() {
        return Err(BufferError::Interrupt);
    }
    let begin = if size == 0 {
        None
    } else {
        if heap_lock::is_refused(size, 0) {
            return Err(BufferError::NoMemory);
        }
        let layout = layout(size).ok_or(BufferError::NoMemory)?;
        Some(NonNull::new(crate::port::allocate(layout)).ok_or(BufferError::NoMemory)?)
    };
    let new = Buffer {
        begin,
        size,
        used: 0,
        live: 0,
    };
    let (result, unused) = crate::port::locked(|l| {
        let old = BUFFER.get(l);
        if old.live != 0 {
            return (Err(BufferError::Busy), new);
        }
        BUFFER.set(l, new);
        (Ok(()), old)
    });
    if let (Some(begin), Some(layout)) = (unused.begin, layout(unused.size)) {
        // SAFETY: allocated above, now or in an earlier call, and no record lies in it.
        unsafe { crate::port::free(begin, layout) };
    }
    result
}
