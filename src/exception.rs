// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! Exceptions, and the emergency buffer that keeps them where the heap cannot (design: *the rest of
//! the module*).
//!
//! Raising keeps a record: what went wrong and where. It works in every context, because it keeps
//! the arguments of the text and makes no text of them; that is done when the record is read.
//!
//! A record is made on the heap; in an interrupt, and where the heap is locked or full, in the
//! emergency buffer; and if it has no room, of the type alone, for which there is one place. If
//! that is taken as well, the exception is only counted. A record never replaces another one.
//!
//! What does not fit is lost in this order: the return addresses; the thread's name; the end of the
//! text, which then ends in `...`; everything but the type.
//!
//! Records are read oldest first. What is raised in a scheduled function stands apart: the function
//! can take it, and what it has not taken when it returns is printed on the console.

#![forbid(unsafe_code)]

use core::mem::{size_of, size_of_val};

use crate::config;
use crate::executor::SCHEDULER;
pub use crate::format::{render, Argument, Arguments};
use crate::format::{render_packed, render_pointer, Cut, Packed};
use crate::opt_level;
use crate::port::{self, Thread};
use crate::print::{Print, PrintError, Report};
use crate::raw::records::{self, Copied, Cursor, Header, List, Space};
pub use crate::raw::{
    ExceptionType, Literal, ASSERTION_ERROR, INDEX_ERROR, MEMORY_ERROR, OS_ERROR, OVERFLOW_ERROR,
    RUNTIME_ERROR, TYPE_ERROR, VALUE_ERROR,
};
use crate::raw::{Guarded, Locked};

/// Most bytes of a thread's name that are kept.
pub const NAME_MAX: usize = 32;
/// Most return addresses that are kept.
pub const ADDRESSES_MAX: usize = 8;
pub(crate) const ADDRESSES_BYTES: usize = ADDRESSES_MAX * size_of::<usize>();

const IN_INTERRUPT: u8 = 4;
/// The thread has no name: the record has its address instead.
const NAMELESS: u8 = 8;
const LOST_SHIFT: u32 = 4;

const LINE_BITS: u32 = 20;
const LINE_MAX: u32 = (1 << LINE_BITS) - 1;

/// What a record has lost.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Lost(u8);

impl Lost {
    /// Return addresses.
    pub const ADDRESSES: Lost = Lost(1);
    /// The name of the thread.
    pub const THREAD: Lost = Lost(2);
    /// The end of the text.
    pub const TEXT: Lost = Lost(4);
    /// Everything but the type.
    pub const PLACE: Lost = Lost(8);

    /// Whether all of `what` is lost.
    pub const fn contains(self, what: Lost) -> bool {
        self.0 & what.0 == what.0
    }

    /// Whether nothing is lost.
    pub const fn is_nothing(self) -> bool {
        self.0 == 0
    }

    /// The bits of the C API.
    pub const fn bits(self) -> u8 {
        self.0
    }
}

/// There was no place left, not even for the type; the exception was counted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct OnlyCounted;

/// The call is not for interrupts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct InInterrupt;

/// Why the emergency buffer was not replaced. The old one is kept, and what lies in it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum AllocError {
    /// Called from an interrupt.
    Interrupt,
    /// The size is negative.
    Negative,
    /// The heap is locked, or has no such block.
    NoMemory,
    /// Unread exceptions lie in the old one.
    Busy,
}

/// Where an exception was raised.
#[derive(Clone, Copy)]
pub struct Place<'a> {
    /// The file.
    pub file: Option<Literal>,
    /// The line; 0 if it is not known, and at most 1048575.
    pub line: u32,
    /// Number of the interrupt, where the CPU tells; else 0.
    pub interrupt: u32,
    /// Return addresses, innermost first.
    pub addresses: &'a [usize],
}

impl Place<'_> {
    /// A line of a file.
    pub const fn new(file: Option<Literal>, line: u32) -> Self {
        Place {
            file,
            line: if config::OPT_LEVEL < 3 { line } else { 0 },
            interrupt: 0,
            addresses: &[],
        }
    }
}

static UNREAD: List = List::new();
/// What the scheduled function has raised that runs now.
static OF_FUNCTION: List = List::new();
/// Exceptions that were only counted.
static COUNTED: Guarded<u32> = Guarded::new(0);

/// Raises an exception: [`raise!`](crate::raise!) for those who name the place themselves.
///
/// *Callable from* threads, interrupts, and before the kernel has started.
///
/// # Errors
///
/// [`OnlyCounted`]; also without `CONFIG_MICRORT_EXCEPTION`, where nothing is even counted. What a
/// record that was made has lost is no error: the answer tells.
pub fn raise(
    kind: &'static ExceptionType,
    place: Place<'_>,
    format: Literal,
    mut arguments: &[Argument<'_>],
) -> Result<Lost, OnlyCounted> {
    if !config::EXCEPTION {
        return Err(OnlyCounted);
    }
    if port::in_interrupt() {
        raise_without_heap(kind, place, format, &mut arguments)
    } else {
        raise_with_heap(kind, place, format, &mut arguments)
    }
}

/// [`raise`] in a thread.
#[inline(never)]
pub(crate) fn raise_with_heap(
    kind: &'static ExceptionType,
    place: Place<'_>,
    format: Literal,
    arguments: &mut dyn Arguments,
) -> Result<Lost, OnlyCounted> {
    let mut captured = Captured::new(kind, place, format);
    captured.look(arguments);
    port::without_switch(|| {
        let space = records::from_heap(captured.size());
        captured.keep(space)
    })
}

/// [`raise`] in an interrupt, and where nothing may be allocated.
#[inline(never)]
pub(crate) fn raise_without_heap(
    kind: &'static ExceptionType,
    place: Place<'_>,
    format: Literal,
    arguments: &mut dyn Arguments,
) -> Result<Lost, OnlyCounted> {
    let mut captured = Captured::new(kind, place, format);
    captured.look(arguments);
    captured.keep(None)
}

/// An allocation was refused.
#[cold]
pub(crate) fn heap_refused(caller: usize) {
    const FILE: Literal = Literal::new(c"<heap>");
    const TEXT: Literal = Literal::new(c"memory allocation failed, heap is locked");
    let place = Place {
        addresses: &[caller],
        ..Place::new(Some(FILE), 0)
    };
    let mut none: &[Argument<'_>] = &[];
    // Counted if there is no place: the allocation's own answer is the same.
    let _ = raise_without_heap(&MEMORY_ERROR, place, TEXT, &mut none);
}

/// The queue was full.
#[cold]
pub(crate) fn queue_full() {
    const FILE: Literal = Literal::new(c"<schedule>");
    const TEXT: Literal = Literal::new(c"schedule queue full");
    let mut none: &[Argument<'_>] = &[];
    // As above; and schedule() never allocates.
    let _ = raise_without_heap(&RUNTIME_ERROR, Place::new(Some(FILE), 0), TEXT, &mut none);
}

/// All that is known of an exception, on the stack of whoever raises it.
struct Captured<'a> {
    kind: &'static ExceptionType,
    place: Place<'a>,
    format: Literal,
    arguments: Packed,
    thread: Thread,
    name: [u8; NAME_MAX],
    name_length: usize,
    flags: u8,
}

impl<'a> Captured<'a> {
    #[inline]
    fn new(kind: &'static ExceptionType, place: Place<'a>, format: Literal) -> Self {
        Captured {
            kind,
            place,
            format,
            arguments: Packed::new(),
            thread: port::current(),
            name: [0; NAME_MAX],
            name_length: 0,
            flags: 0,
        }
    }

    #[inline(never)]
    fn look(&mut self, arguments: &mut dyn Arguments) {
        self.arguments.capture(self.format.bytes(), arguments);
        if port::in_interrupt() {
            self.flags |= IN_INTERRUPT;
        }
        self.name_length =
            port::thread_name(port::current(), &mut self.name).unwrap_or_else(|| {
                self.flags |= NAMELESS;
                let address = self.thread.address().to_ne_bytes();
                if let Some(name) = self.name.first_chunk_mut() {
                    *name = address;
                }
                address.len()
            });
        if let Some(addresses) = self.place.addresses.get(..ADDRESSES_MAX) {
            self.place.addresses = addresses;
        }
    }

    /// Bytes of the payload.
    fn size(&self) -> usize {
        self.arguments.bytes().len() + self.name_length + size_of_val(self.place.addresses)
    }

    /// Makes the record, in `space` or where else there is room.
    #[inline(never)]
    fn keep(&mut self, space: Option<Space>) -> Result<Lost, OnlyCounted> {
        port::without_switch(|| {
            let size = self.size();
            let space = space.or_else(|| {
                port::locked(|l| {
                    let space = records::reserve(l, size);
                    if space.is_none() {
                        COUNTED.increment(l);
                    }
                    space
                })
            });
            let space = space.ok_or(OnlyCounted)?;
            let lost = self.fill(&space);
            port::locked(|l| {
                let apart = self.flags & IN_INTERRUPT == 0 && SCHEDULER.is_running(l, self.thread);
                if apart {
                    SCHEDULER.after_this_function(l, print_of_function);
                }
                records::publish(l, if apart { &OF_FUNCTION } else { &UNREAD }, space);
            });
            Ok(lost)
        })
    }

    /// Decides what is lost, and writes the rest.
    fn fill(&mut self, space: &Space) -> Lost {
        let type_alone = space.origin == 0;
        self.arguments.shorten(space.room);
        let arguments = self.arguments.bytes();
        let left = space.room.saturating_sub(arguments.len());
        let name_length = if self.name_length <= left {
            self.name_length
        } else {
            0
        };
        let fit = ((left - name_length) / size_of::<usize>()).min(self.place.addresses.len());
        let mut lost = 0;
        for (is_lost, what) in [
            (fit < self.place.addresses.len(), Lost::ADDRESSES),
            (name_length < self.name_length, Lost::THREAD),
            (type_alone || !self.arguments.is_whole(), Lost::TEXT),
            (type_alone, Lost::PLACE),
        ] {
            if is_lost {
                lost |= what.0;
            }
        }
        let header = Header {
            kind: self.kind,
            file: self.place.file.filter(|_| !type_alone),
            format: Some(self.format).filter(|_| !type_alone),
            place: self.place.line.min(LINE_MAX) | self.place.interrupt << LINE_BITS,
            arguments: arguments.len() as u8,
            name: name_length as u8,
            addresses: (fit * size_of::<usize>()) as u8,
            flags: space.origin | self.flags | lost << LOST_SHIFT,
        };
        let name = self.name.get(..name_length).unwrap_or(&[]);
        let addresses = self.place.addresses.get(..fit).unwrap_or(&[]);
        space.fill(header, arguments, name, addresses);
        Lost(lost)
    }
}

/// A record that was taken.
pub struct Exception(Copied);

impl Exception {
    /// A place for one.
    #[allow(clippy::declare_interior_mutable_const)]
    pub(crate) const NONE: Exception = Exception(Copied::new());

    /// Its type; compared by address.
    pub fn kind(&self) -> &'static ExceptionType {
        self.0.header.kind
    }

    /// Whether it is of a type.
    ///
    /// # Examples
    ///
    /// ```
    /// use micrort::exception;
    ///
    /// let _ = micrort::raise!(exception::VALUE_ERROR, "%d", 7);
    /// let taken = exception::take();
    /// assert!(matches!(taken, Ok(Some(taken)) if taken.is(&exception::VALUE_ERROR)));
    /// ```
    pub fn is(&self, kind: &'static ExceptionType) -> bool {
        core::ptr::eq(self.kind(), kind)
    }

    /// The file in which it was raised.
    pub fn file(&self) -> Option<Literal> {
        self.0.header.file
    }

    /// The line; 0 if it is not known, or at level 3.
    pub fn line(&self) -> u32 {
        if self.file().is_none() || opt_level::get() >= 3 {
            return 0;
        }
        self.0.header.place & LINE_MAX
    }

    /// Whether it was raised in an interrupt of the thread.
    pub fn in_interrupt(&self) -> bool {
        self.0.header.flags & IN_INTERRUPT != 0
    }

    /// Number of that interrupt, where the CPU tells; else 0.
    pub fn interrupt(&self) -> u32 {
        self.0.header.place >> LINE_BITS
    }

    /// What is lost of it.
    pub fn lost(&self) -> Lost {
        Lost(self.0.header.flags >> LOST_SHIFT)
    }

    /// Writes the text, cut to the buffer, and returns its length and whether it is whole.
    pub fn text(&self, buffer: &mut [u8]) -> (usize, bool) {
        let mut text = Cut::new(buffer);
        let whole = self.render(&mut |byte| text.push(byte));
        let (length, fits) = text.finish();
        (length, whole && fits)
    }

    /// Name of the thread, as bytes; the address of a thread that has none, in hexadecimal; empty
    /// if it is lost. Returns the length.
    pub fn thread(&self, buffer: &mut [u8]) -> usize {
        let mut text = Cut::new(buffer);
        self.render_thread(&mut |byte| text.push(byte));
        text.finish().0
    }

    /// The return addresses, innermost first.
    pub fn addresses(&self) -> impl Iterator<Item = usize> + '_ {
        let header = &self.0.header;
        let begin = usize::from(header.arguments) + usize::from(header.name);
        self.part(begin, header.addresses)
            .chunks_exact(size_of::<usize>())
            .map(|bytes| bytes.try_into().map_or(0, usize::from_ne_bytes))
    }

    fn part(&self, begin: usize, length: u8) -> &[u8] {
        let end = begin + usize::from(length);
        self.0.payload.get(begin..end).unwrap_or(&[])
    }

    fn name(&self) -> &[u8] {
        let header = &self.0.header;
        self.part(header.arguments.into(), header.name)
    }

    fn render(&self, out: &mut dyn FnMut(u8)) -> bool {
        let header = &self.0.header;
        header.format.is_some_and(|format| {
            render_packed(format.bytes(), self.part(0, header.arguments), out)
        })
    }

    fn render_thread(&self, out: &mut dyn FnMut(u8)) {
        let name = self.name();
        if self.0.header.flags & NAMELESS == 0 {
            name.iter().copied().for_each(out);
        } else if let Ok(address) = name.try_into().map(usize::from_ne_bytes) {
            render_pointer(address, out);
        }
    }

    /// Prints it in the reference's form.
    #[inline(never)]
    fn report(&self, report: &mut Report<'_>) {
        if self.in_interrupt() {
            report.text("Uncaught exception in IRQ callback handler\n");
        }
        if let Some(file) = self.file() {
            report.text("Traceback (most recent call last):\n  File \"");
            report.text(file.bytes()).byte(b'"');
            if self.line() != 0 {
                report.text(", line ").decimal(self.line() as usize);
            }
            report.text(", in ");
            if self.in_interrupt() {
                report.text("interrupt ");
                if self.interrupt() != 0 {
                    report.decimal(self.interrupt() as usize).byte(b' ');
                }
                report.text("of ");
            }
            if self.name().is_empty() {
                report.byte(b'?');
            }
            self.render_thread(&mut |byte| {
                report.byte(byte);
            });
            report.byte(b'\n');
            for address in self.addresses() {
                report.text("    0x").hex(address, 1).byte(b'\n');
            }
        }
        report.text(self.kind().name()).text(": ");
        self.render(&mut |byte| {
            report.byte(byte);
        });
        report.byte(b'\n');
    }
}

/// What the caller reads: first what its own scheduled function has raised.
fn lists() -> [Option<&'static List>; 2] {
    let me = port::current();
    let in_function = port::locked(|l: &Locked| SCHEDULER.is_running(l, me));
    [in_function.then_some(&OF_FUNCTION), Some(&UNREAD)]
}

/// Takes the oldest unread exception.
///
/// Inside a scheduled function, one that this function has raised comes first.
///
/// *Callable from* threads.
///
/// # Errors
///
/// See [`InInterrupt`].
pub fn take() -> Result<Option<Exception>, InInterrupt> {
    let mut taken = Exception::NONE;
    Ok(take_into(&mut taken)?.then_some(taken))
}

/// [`take`] into a place that is there already; false if none is unread.
pub(crate) fn take_into(to: &mut Exception) -> Result<bool, InInterrupt> {
    if port::in_interrupt() {
        return Err(InInterrupt);
    }
    Ok(lists()
        .into_iter()
        .flatten()
        .any(|list| records::take(list, Some(&mut to.0))))
}

/// Prints the unread exceptions, oldest first, and how many were only counted. They stay unread.
///
/// *Callable from* threads. No lock is held while the printer runs; another thread, or the printer,
/// may take and raise exceptions meanwhile. What is raised after the beginning is not printed.
///
/// # Errors
///
/// The printer's.
pub fn print(printer: &mut dyn Print) -> Result<(), PrintError> {
    let mut report = Report::new(printer);
    let mut exception = Exception::NONE;
    for list in lists().into_iter().flatten() {
        let mut cursor = Cursor::new(list);
        while cursor.next(&mut exception.0) {
            exception.report(&mut report);
            if report.is_stopped() {
                return report.finish();
            }
        }
    }
    let counted = counted();
    if counted != 0 {
        report
            .text("Exceptions lost: ")
            .decimal(counted as usize)
            .byte(b'\n');
    }
    report.finish()
}

/// Drops all unread exceptions, and forgets those that were only counted; returns how many there
/// were of both.
///
/// *Callable from* threads; in an interrupt it drops nothing and returns 0.
pub fn clear() -> usize {
    if port::in_interrupt() {
        return 0;
    }
    let mut dropped = port::locked(|l| {
        let counted = COUNTED.get(l);
        COUNTED.set(l, 0);
        counted as usize
    });
    for list in lists().into_iter().flatten() {
        while records::take(list, None) {
            dropped += 1;
        }
    }
    dropped
}

/// Reads how many exceptions were only counted since the last [`clear`].
///
/// *Callable from* every context.
pub fn counted() -> u32 {
    port::locked(|l| COUNTED.get(l))
}

/// Replaces the emergency buffer by one of `size` bytes from micrort's heap; 0 releases it.
///
/// The new one is allocated before the old one is freed. On a 32-bit CPU a record takes 24 bytes,
/// and 40 on a 64-bit one, and then the text's arguments, the thread's name and the addresses.
///
/// *Callable from* threads.
///
/// # Errors
///
/// See [`AllocError`]; the old buffer is kept.
pub fn alloc_emergency_exception_buf(size: isize) -> Result<(), AllocError> {
    let size = usize::try_from(size).map_err(|_| AllocError::Negative)?;
    records::replace_buffer(size).map_err(|error| match error {
        records::BufferError::Interrupt => AllocError::Interrupt,
        records::BufferError::NoMemory => AllocError::NoMemory,
        records::BufferError::Busy => AllocError::Busy,
    })
}

/// Prints on the console what a scheduled function has raised that has returned.
fn print_of_function() {
    let mut console = port::Console;
    let mut report = Report::new(&mut console);
    let mut exception = Exception::NONE;
    while records::take(&OF_FUNCTION, Some(&mut exception.0)) {
        exception.report(&mut report);
    }
    // Nobody is left to tell.
    let _ = report.finish();
}

/// Raises an exception: a type, and a text as in C.
///
/// Answers as [`exception::raise`](fn@crate::exception::raise) does. The conversions are
/// `d i u x X o c s p %`; an integer has the size that the conversion names (`%lld`: 64 bits).
///
/// *Callable from* threads, interrupts, and before the kernel has started.
///
/// # Examples
///
/// ```
/// use micrort::exception;
///
/// let lost = micrort::raise!(exception::OS_ERROR, "%s: error %d", "sensor", -5)?;
/// assert!(lost.is_nothing());
/// let Ok(Some(taken)) = exception::take() else { panic!() };
/// let mut text = [0; 40];
/// let (length, whole) = taken.text(&mut text);
/// assert_eq!((&text[..length], whole), (&b"sensor: error -5"[..], true));
/// # Ok::<(), exception::OnlyCounted>(())
/// ```
#[macro_export]
macro_rules! raise {
    ($kind:expr, $format:literal $(, $argument:expr)* $(,)?) => {{
        const FORMAT: Option<$crate::exception::Literal> =
            $crate::exception::Literal::terminated(concat!($format, "\0"));
        const PLACE: $crate::exception::Place<'static> = $crate::exception::Place::new(
            $crate::exception::Literal::terminated(concat!(file!(), "\0")),
            line!(),
        );
        const { assert!(FORMAT.is_some(), "the format has a NUL inside") };
        match FORMAT {
            Some(format) => $crate::exception::raise(
                &$kind,
                PLACE,
                format,
                &[$($crate::exception::Argument::from($argument)),*],
            ),
            None => Err($crate::exception::OnlyCounted),
        }
    }};
}
