// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! A record as it lies in memory: a link, a header, and a payload of three parts.
//!
//! This file alone computes lengths, so what safe code asks for cannot make a record longer than its
//! memory, or a copy longer than its record.

use core::mem::{align_of, size_of, size_of_val};
use core::ptr::{self, NonNull};

use super::block::BLOCK_ALIGN;
use super::{ExceptionType, Guarded, Literal};

/// Most bytes of packed arguments that are kept.
pub const ARGUMENTS_MAX: usize = 128;
/// Most bytes of a thread's name that are kept.
pub const NAME_MAX: usize = 32;
/// Most return addresses that are kept.
pub const ADDRESSES_MAX: usize = 8;

const ADDRESSES_BYTES: usize = ADDRESSES_MAX * size_of::<usize>();
pub(super) const PAYLOAD_MAX: usize = ARGUMENTS_MAX + NAME_MAX + ADDRESSES_BYTES;

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

    pub(super) fn origin(&self) -> Origin {
        match self.flags & ((1 << ORIGIN_BITS) - 1) {
            ORIGIN_HEAP => Origin::Heap,
            ORIGIN_BUFFER => Origin::Buffer,
            _ => Origin::Spare,
        }
    }

    /// Bytes of the payload.
    pub(super) fn payload(&self) -> usize {
        self.lengths.sum()
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
    pub(super) fn lengths(&self, mut room: usize) -> Lengths {
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
pub(super) struct Lengths([u8; 3]);

impl Lengths {
    pub(super) fn sum(self) -> usize {
        // No loop: a record is freed with the lock held.
        let [arguments, name, addresses] = self.0;
        usize::from(arguments) + usize::from(name) + usize::from(addresses)
    }
}

const _: () = assert!(ARGUMENTS_MAX < 256 && NAME_MAX < 256 && ADDRESSES_BYTES < 256);

#[repr(C)]
pub(super) struct Record {
    next: Guarded<Option<RecordRef>>,
    header: Header,
}

const _: () = assert!(
    size_of::<Record>() <= 6 * size_of::<usize>() && align_of::<Record>() <= BLOCK_ALIGN,
    "the C API's documentation: 24, 40"
);

/// Bytes of a record with so much payload.
pub(super) const fn size_with(payload: usize) -> usize {
    size_of::<Record>() + payload.next_multiple_of(align_of::<Record>())
}

/// Where a record's memory came from.
#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Origin {
    /// The one place that is always there, for a type alone.
    Spare = 0,
    /// The emergency buffer.
    Buffer = 1,
    /// A block of its own.
    Heap = 2,
}

const ORIGIN_BITS: u32 = 2;
const ORIGIN_BUFFER: u8 = Origin::Buffer as u8;
const ORIGIN_HEAP: u8 = Origin::Heap as u8;

#[derive(Clone, Copy)]
pub(super) struct RecordRef(NonNull<Record>);

// SAFETY: a thread touches the record only as the module's documentation says: alone, or its link
// with the lock held, or to read what is not written any more.
unsafe impl Send for RecordRef {}

impl RecordRef {
    /// # Safety
    ///
    /// `memory` is aligned, and has room for a record without a payload as long as this is used.
    pub(super) unsafe fn at(memory: NonNull<u8>) -> Self {
        RecordRef(memory.cast())
    }

    /// The memory of [`RecordRef::at`].
    pub(super) fn memory(self) -> NonNull<u8> {
        self.0.cast()
    }

    /// Writes a record of these lengths.
    ///
    /// # Safety
    ///
    /// It has one holder, and its memory has room for the record and the sum of `lengths`, which are
    /// not more than those of `parts`.
    pub(super) unsafe fn write(
        self,
        mut header: Header,
        origin: Origin,
        parts: &Parts<'_>,
        lengths: Lengths,
    ) {
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
        // SAFETY: by the contract of `at` there is room for a record, so one past it is inside or at
        // the end.
        unsafe { self.0.add(1) }.cast()
    }

    /// The link.
    ///
    /// # Safety
    ///
    /// The record was written, and does not become free while the reference is used.
    pub(super) unsafe fn next<'a>(self) -> &'a Guarded<Option<RecordRef>> {
        // SAFETY: a `Guarded` is there, by the contract, and nobody has a `&mut` to it.
        unsafe { &(*self.0.as_ptr()).next }
    }

    /// # Safety
    ///
    /// The record was written, and does not become free meanwhile.
    pub(super) unsafe fn header(self) -> Header {
        // SAFETY: the header is there, by the contract, and not written after `write`.
        unsafe { (&raw const (*self.0.as_ptr()).header).read() }
    }

    /// # Safety
    ///
    /// The record was written, and does not become free meanwhile.
    pub(super) unsafe fn copy(self, to: &mut Copied) {
        // SAFETY: the contract is the same.
        to.header = unsafe { self.header() };
        let (from, length) = (self.payload(), to.header.payload());
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
