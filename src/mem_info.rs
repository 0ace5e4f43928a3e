// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! What memory is used for. The formats are those of MicroPython's `mem_info()`.
//!
//! Nothing is allocated, and no lock is held while the printer has its turn.

#![forbid(unsafe_code)]

use crate::heap_lock;
use crate::heap_walk::{walk, Blocks, Piece, Shape, Survey};
use crate::port;
pub use crate::port::HeapId;
use crate::print::{Print, PrintError, Report};
use crate::stack_use;

/// The heap behind `micrort_malloc()`, and the other one.
fn heaps() -> [HeapId; 2] {
    if port::config().heap_arena {
        [HeapId::Arena, HeapId::System]
    } else {
        [HeapId::System, HeapId::Arena]
    }
}

/// How a heap is used.
///
/// `used` and `free` are made of whole blocks with their headers, so that their sum is `total`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct HeapInfo {
    /// Bytes that can be used or free.
    pub total: usize,
    /// Bytes in blocks that are used.
    pub used: usize,
    /// Bytes that are free.
    pub free: usize,
    /// Bytes of the heap's unit, in which the sizes of blocks are given here.
    pub block_size: usize,
    /// Number of used blocks of one unit.
    pub one_blocks: usize,
    /// Number of used blocks of two units.
    pub two_blocks: usize,
    /// Units of the largest used block.
    pub max_block: usize,
    /// Units of the largest free piece.
    pub max_free: usize,
    /// Bytes that are handed out, without headers, where the heap counts them.
    pub allocated: Option<usize>,
    /// Largest value of `allocated` since boot.
    pub peak: Option<usize>,
}

/// Why there is no [`HeapInfo`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum HeapInfoError {
    /// The heap is not configured.
    NoHeap,
    /// Called in an interrupt, which may have interrupted the heap.
    Interrupt,
}

/// Why a report was not made, or not to its end.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum MemInfoError {
    /// Called in an interrupt, which may have interrupted a heap. Nothing was printed.
    Interrupt,
    /// The printer's own.
    Printer(PrintError),
}

/// Tells how a heap is used.
///
/// *Callable from* threads.
///
/// # Errors
///
/// See [`HeapInfoError`].
///
/// # Examples
///
/// ```
/// use micrort::mem_info::{heap, HeapId};
///
/// let info = heap(HeapId::Arena).unwrap();
/// assert_eq!(info.used + info.free, info.total);
/// ```
pub fn heap(id: HeapId) -> Result<HeapInfo, HeapInfoError> {
    if port::in_interrupt() {
        return Err(HeapInfoError::Interrupt);
    }
    let heap = port::heap(id).ok_or(HeapInfoError::NoHeap)?;
    let shape = heap.shape();
    if shape.units == 0 {
        return Err(HeapInfoError::NoHeap);
    }
    Ok(heap_info(&shape, &Survey::new(heap, shape.units)))
}

/// Prints how the stack and the heaps are used; if `verbose`, with a map of each heap.
///
/// *Callable from* threads, also with the heap locked and in scheduled functions.
///
/// # Errors
///
/// See [`MemInfoError`].
///
/// # Examples
///
/// ```
/// use micrort::mem_info;
/// use micrort::print::PrintError;
///
/// let mut text = Vec::new();
/// mem_info::print(
///     &mut |piece: &[u8]| -> Result<(), PrintError> {
///         text.extend_from_slice(piece);
///         Ok(())
///     },
///     false,
/// )
/// .unwrap();
/// assert!(String::from_utf8(text).unwrap().contains("GC: total: "));
/// ```
pub fn print(printer: &mut dyn Print, verbose: bool) -> Result<(), MemInfoError> {
    if port::in_interrupt() {
        return Err(MemInfoError::Interrupt);
    }
    let mut report = Report::new(printer);
    port::report_stack(&mut report);
    for (index, id) in heaps().into_iter().enumerate() {
        if let Some(heap) = port::heap(id).filter(|heap| heap.shape().units != 0) {
            if index != 0 {
                report.text("system heap:\n");
            }
            print_heap(&mut report, heap, verbose);
        }
    }
    let refusals = heap_lock::refusals();
    report
        .text("lock: depth: ")
        .decimal(heap_lock::depth().into())
        .text(", refused: ")
        .decimal(refusals.count as usize);
    if refusals.count != 0 {
        report.text(", last: ").decimal(refusals.size);
    }
    report.byte(b'\n');
    report.finish().map_err(MemInfoError::Printer)
}

/// Prints the lines of one heap.
pub fn print_heap(report: &mut Report<'_>, heap: &dyn Blocks, verbose: bool) {
    let shape = heap.shape();
    let survey = Survey::new(heap, shape.units);
    let info = heap_info(&shape, &survey);
    for (text, number) in [
        ("GC: total: ", info.total),
        (", used: ", info.used),
        (", free: ", info.free),
        ("\n No. of 1-blocks: ", info.one_blocks),
        (", 2-blocks: ", info.two_blocks),
        (", max blk sz: ", info.max_block),
        (", max free sz: ", info.max_free),
    ] {
        report.text(text).decimal(number);
    }
    report.byte(b'\n');
    let mut changed = survey.changed;
    if verbose {
        changed |= print_map(report, heap, &shape) != survey;
    }
    if changed {
        report.text("heap changed while it was listed\n");
    }
    if let (Some(allocated), Some(peak)) = (info.allocated, info.peak) {
        report
            .text("peak: ")
            .decimal(peak)
            .text(", allocated: ")
            .decimal(allocated)
            .byte(b'\n');
    }
}

/// The stack's line. The port calls it where stacks are reported.
pub(crate) fn report_stack(report: &mut Report<'_>) {
    let Ok(stack) = stack_use::own() else {
        return;
    };
    let Some(used) = stack.used() else {
        return;
    };
    report.text("stack: ").decimal(used);
    if let Some(size) = stack.size {
        report.text(" out of ").decimal(size);
    }
    report.byte(b'\n');
}

fn heap_info(shape: &Shape, survey: &Survey) -> HeapInfo {
    let bytes = |units: u32| shape.unit.saturating_mul(units as usize);
    HeapInfo {
        total: bytes(shape.units),
        used: bytes(survey.used),
        free: bytes(survey.free),
        block_size: shape.unit,
        one_blocks: survey.ones as usize,
        two_blocks: survey.twos as usize,
        max_block: survey.max_used as usize,
        max_free: survey.max_free as usize,
        allocated: shape.allocated,
        peak: shape.peak,
    }
}

/// Blocks in a row of the map.
const ROW: u32 = 64;

struct Map<'a, 'b> {
    report: &'a mut Report<'b>,
    unit: usize,
    at: u32,
}

/// Prints the map; returns what was seen for it.
fn print_map(report: &mut Report<'_>, heap: &dyn Blocks, shape: &Shape) -> Survey {
    report
        .text("GC memory layout; from ")
        .hex(shape.base, 1)
        .byte(b':');
    let mut seen = Survey::default();
    let mut map = Map {
        report,
        unit: shape.unit,
        at: 0,
    };
    seen.changed = walk(heap, shape.units, &mut |piece| {
        seen.add(piece);
        match piece {
            Piece::Free(size) => map.free(size),
            Piece::Used(size) => {
                map.cell(b'h');
                map.cells(b'=', size.saturating_sub(1));
            }
            Piece::Rest(size) => map.cells(b'=', size),
        }
        !map.report.is_stopped()
    });
    report.byte(b'\n');
    seen
}

impl Map<'_, '_> {
    /// Free memory: rows of nothing else are told in one line, if they are two or more.
    fn free(&mut self, size: u32) {
        let to_row = (ROW - self.at % ROW) % ROW;
        let rows = size.saturating_sub(to_row) / ROW;
        if rows < 2 {
            return self.cells(b'.', size);
        }
        self.cells(b'.', to_row);
        self.report
            .text("\n       (")
            .decimal(rows as usize)
            .text(" lines all free)");
        self.at += rows * ROW;
        self.cells(b'.', size - to_row - rows * ROW);
    }

    fn cells(&mut self, letter: u8, count: u32) {
        for _ in 0..count {
            self.cell(letter);
        }
    }

    fn cell(&mut self, letter: u8) {
        if self.at % ROW == 0 {
            let offset = self.unit.saturating_mul(self.at as usize);
            self.report.byte(b'\n').hex(offset, 8).text(": ");
        }
        self.report.byte(letter);
        self.at += 1;
    }
}
