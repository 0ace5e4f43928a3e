// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! Exceptions, and the emergency buffer that keeps them where the heap cannot.
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

use core::mem::{size_of, MaybeUninit};

use crate::config;
use crate::executor::SCHEDULER;
pub use crate::format::{render, Argument, Arguments};
use crate::format::{render_packed, render_pointer, Cut, Packed, PACKED_MAX};
use crate::heap_lock::{self, is_refused};
use crate::opt_level;
use crate::port::{self, OwnHeap, Thread};
use crate::print::{Print, PrintError, Report};
use crate::raw::block::Block;
use crate::raw::records::{
    BufferMemory, Copied, Cursor, Header, ListId, Needed, Parts, ARGUMENTS_MAX,
};
pub use crate::raw::records::{ADDRESSES_MAX, NAME_MAX};
pub use crate::raw::{
    ExceptionType, Literal, ASSERTION_ERROR, INDEX_ERROR, MEMORY_ERROR, OS_ERROR, OVERFLOW_ERROR,
    RUNTIME_ERROR, TYPE_ERROR, VALUE_ERROR,
};
use crate::raw::{Guarded, Hook};

type Records = crate::raw::records::Records<OwnHeap>;
type Filled = crate::raw::records::Filled<OwnHeap>;

const _: () = assert!(PACKED_MAX <= ARGUMENTS_MAX);

// Flags of a record.
const IN_INTERRUPT: u8 = 1;
/// The thread has no name: the record has its address instead.
const NAMELESS: u8 = 2;
const LOST_SHIFT: u32 = 2;

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

/// The unread ones; apart from them, what the scheduled function has raised that runs now.
static RECORDS: Records = Records::new();
/// Exceptions that were only counted.
static COUNTED: Guarded<u32> = Guarded::new(0);

/// Raises an exception at a place that the caller names; [`raise!`](crate::raise!) names it itself.
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
    captured.capture(arguments);
    port::without_switch(|| {
        let filled = if heap_lock::depth() == 0 {
            RECORDS.on_heap(captured.header(), &captured.parts())
        } else {
            None
        };
        captured.store(filled)
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
    captured.capture(arguments);
    captured.store(None)
}

/// An allocation was refused: the port calls it where that is configured.
#[cfg(feature = "zephyr")]
pub(crate) fn allocation_refused(caller: usize) {
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

/// The queue was full: the port calls it where that is configured.
#[cfg(feature = "zephyr")]
pub(crate) fn queue_full() {
    const FILE: Literal = Literal::new(c"<schedule>");
    const TEXT: Literal = Literal::new(c"schedule queue full");
    let mut none: &[Argument<'_>] = &[];
    // Counted if there is no place; and schedule() never allocates.
    let _ = raise_without_heap(&RUNTIME_ERROR, Place::new(Some(FILE), 0), TEXT, &mut none);
}

/// All that is known of an exception, on the stack of the caller of [`raise`].
struct Captured<'a> {
    kind: &'static ExceptionType,
    place: Place<'a>,
    format: Option<Literal>,
    arguments: Packed,
    thread: Thread,
    name: [u8; NAME_MAX],
    name_length: usize,
    flags: u8,
    lost: Lost,
}

impl<'a> Captured<'a> {
    #[inline]
    fn new(kind: &'static ExceptionType, place: Place<'a>, format: Literal) -> Self {
        Captured {
            kind,
            place,
            format: Some(format),
            arguments: Packed::new(),
            thread: port::current(),
            name: [0; NAME_MAX],
            name_length: 0,
            flags: 0,
            lost: Lost::default(),
        }
    }

    #[inline(never)]
    fn capture(&mut self, arguments: &mut dyn Arguments) {
        if let Some(format) = self.format {
            self.arguments.capture(format.bytes(), arguments);
        }
        if !self.arguments.is_whole() {
            self.lose(Lost::TEXT);
        }
        if port::in_interrupt() {
            self.flags |= IN_INTERRUPT;
        }
        self.name_length = port::thread_name(self.thread, &mut self.name).unwrap_or_else(|| {
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

    fn header(&self) -> Header {
        Header::new(
            self.kind,
            self.place.file,
            self.format,
            self.place.line.min(LINE_MAX) | self.place.interrupt << LINE_BITS,
            self.flags | self.lost.0 << LOST_SHIFT,
        )
    }

    fn parts(&self) -> Parts<'_> {
        Parts {
            arguments: self.arguments.bytes(),
            name: self.name.get(..self.name_length).unwrap_or(&[]),
            addresses: self.place.addresses,
        }
    }

    /// Publishes the record `filled`, or makes one where else there is room.
    #[inline(never)]
    fn store(&mut self, filled: Option<Filled>) -> Result<Lost, OnlyCounted> {
        port::without_switch(|| {
            let filled = match filled {
                Some(filled) => filled,
                None => self.fill_reserved()?,
            };
            port::locked(|l| {
                let apart = self.flags & IN_INTERRUPT == 0 && SCHEDULER.is_running(l, self.thread);
                let list = if apart {
                    SCHEDULER.after_this_function(l, print_of_function);
                    ListId::Apart
                } else {
                    ListId::Common
                };
                filled.publish(l, list);
            });
            Ok(self.lost)
        })
    }

    fn fill_reserved(&mut self) -> Result<Filled, OnlyCounted> {
        let needed = Needed::of(&self.parts());
        let space = port::locked(|l| {
            let space = RECORDS.reserve(l, needed);
            if space.is_none() {
                COUNTED.increment(l);
            }
            space
        });
        let space = space.ok_or(OnlyCounted)?;
        self.cut(space.room());
        if space.is_for_type_alone() {
            self.place.file = None;
            self.format = None;
            self.lose(Lost::TEXT);
            self.lose(Lost::PLACE);
        }
        Ok(space.fill(self.header(), &self.parts()))
    }

    /// Decides what is lost if there are `room` bytes.
    fn cut(&mut self, room: usize) {
        self.arguments.shorten(room);
        if !self.arguments.is_whole() {
            self.lose(Lost::TEXT);
        }
        let left = room.saturating_sub(self.arguments.bytes().len());
        if self.name_length > left {
            self.name_length = 0;
            self.lose(Lost::THREAD);
        }
        let fit = (left - self.name_length) / size_of::<usize>();
        if fit < self.place.addresses.len() {
            self.place.addresses = self.place.addresses.get(..fit).unwrap_or(&[]);
            self.lose(Lost::ADDRESSES);
        }
    }

    fn lose(&mut self, what: Lost) {
        self.lost.0 |= what.0;
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
        self.0.header().kind
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
        self.0.header().file
    }

    /// The line; 0 if it is not known, or at level 3.
    pub fn line(&self) -> u32 {
        if self.file().is_none() || opt_level::get() >= 3 {
            return 0;
        }
        self.0.header().place & LINE_MAX
    }

    /// Whether it was raised in an interrupt of the thread.
    pub fn in_interrupt(&self) -> bool {
        self.0.header().flags() & IN_INTERRUPT != 0
    }

    /// Number of that interrupt, where the CPU tells; else 0.
    pub fn interrupt(&self) -> u32 {
        self.0.header().place >> LINE_BITS
    }

    /// What is lost of it.
    pub fn lost(&self) -> Lost {
        Lost(self.0.header().flags() >> LOST_SHIFT)
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
        self.0.addresses()
    }

    fn render(&self, out: &mut dyn FnMut(u8)) -> bool {
        let format = self.0.header().format;
        format.is_some_and(|format| render_packed(format.bytes(), self.0.arguments(), out))
    }

    fn render_thread(&self, out: &mut dyn FnMut(u8)) {
        let name = self.0.name();
        if self.0.header().flags() & NAMELESS == 0 {
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
            if self.0.name().is_empty() {
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
fn lists() -> impl Iterator<Item = ListId> {
    let me = port::current();
    let in_function = port::locked(|l| SCHEDULER.is_running(l, me));
    let own = in_function.then_some(ListId::Apart);
    own.into_iter().chain([ListId::Common])
}

/// Takes the first record out of a list; false if there is none.
fn take_from(list: ListId, to: Option<&mut Copied>) -> bool {
    port::without_switch(|| {
        let Some(taken) = port::locked(|l| RECORDS.unlink(l, list)) else {
            return false;
        };
        if let Some(to) = to {
            taken.copy(to);
        }
        drop(port::locked(|l| taken.retire(l)));
        true
    })
}

/// Copies the next record, which stays in its list; false if there is none.
fn copy_next(cursor: &mut Cursor<OwnHeap>, to: &mut Copied) -> bool {
    port::without_switch(|| {
        let Some(copying) = port::locked(|l| cursor.next(l)) else {
            return false;
        };
        copying.copy(to);
        port::locked(|l| copying.end(l));
        // Each is freed by itself, so that the lock is never held long.
        while let Some(freed) = port::locked(|l| RECORDS.reclaim(l)) {
            drop(freed);
        }
        true
    })
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
    Ok(lists().any(|list| take_from(list, Some(&mut to.0))))
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
    for list in lists() {
        let mut cursor = port::locked(|l| Cursor::new(l, &RECORDS, list));
        while copy_next(&mut cursor, &mut exception.0) {
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
    for list in lists() {
        while take_from(list, None) {
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
    if port::in_interrupt() {
        return Err(AllocError::Interrupt);
    }
    replace_buffer(match size {
        0 => BufferMemory::None,
        _ if is_refused(size) => return Err(AllocError::NoMemory),
        _ => BufferMemory::Block(Block::allocate(size).ok_or(AllocError::NoMemory)?),
    })
}

/// [`alloc_emergency_exception_buf`] with memory of the caller's. It is the caller's again once another
/// buffer has replaced it.
///
/// *Callable from* threads.
///
/// # Errors
///
/// [`AllocError::Interrupt`] and [`AllocError::Busy`]; the old buffer is kept.
pub fn lend_emergency_exception_buf(
    memory: &'static mut [MaybeUninit<u8>],
) -> Result<(), AllocError> {
    if port::in_interrupt() {
        return Err(AllocError::Interrupt);
    }
    replace_buffer(BufferMemory::Lent(memory))
}

fn replace_buffer(new: BufferMemory<OwnHeap>) -> Result<(), AllocError> {
    // What is left over is dropped here, without the lock.
    match port::locked(|l| RECORDS.replace_buffer(l, new)) {
        Ok(_) => Ok(()),
        Err(_) => Err(AllocError::Busy),
    }
}

static REPORTER: Guarded<Option<Hook>> = Guarded::new(None);

/// Has `reporter` called where else the exception of a scheduled function is printed that has returned:
/// in the executor's thread, where [`take`] gives that exception first. What it does not take is printed
/// as before. `None` ends that.
///
/// *Callable from* every context.
pub fn report_with(reporter: Option<fn()>) {
    set_reporter(reporter.map(Hook::of));
}

pub(crate) fn set_reporter(reporter: Option<Hook>) {
    port::locked(|l| REPORTER.set(l, reporter));
}

/// Prints on the console what a scheduled function has raised that has returned.
fn print_of_function() {
    if let Some(reporter) = port::locked(|l| REPORTER.get(l)) {
        reporter.call();
    }
    let mut console = port::Console;
    let mut report = Report::new(&mut console);
    let mut exception = Exception::NONE;
    while take_from(ListId::Apart, Some(&mut exception.0)) {
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

/// Whether a condition holds, or is not checked; if it does not hold, an `AssertionError` is
/// raised.
///
/// The condition is evaluated only at level 0. At a higher level of the build nothing of the check
/// is in the image. Without `CONFIG_MICRORT_EXCEPTION` only the answer tells.
///
/// *Callable from* every context.
///
/// # Examples
///
/// ```
/// fn set_speed(speed: u32) -> bool {
///     micrort::assertion!(speed < 100, "speed %u", speed)
/// }
///
/// assert!(set_speed(99));
/// assert!(!set_speed(100));
/// assert_eq!(micrort::exception::clear(), 1);
/// ```
#[macro_export]
macro_rules! assertion {
    ($condition:expr $(,)?) => {
        $crate::assertion!($condition, "")
    };
    ($condition:expr, $format:literal $(, $argument:expr)* $(,)?) => {
        !$crate::opt_level::debug() || $condition || {
            // The answer says it; the record is for whoever looks later.
            let _ = $crate::raise!(
                $crate::exception::ASSERTION_ERROR, $format $(, $argument)*
            );
            false
        }
    };
}
