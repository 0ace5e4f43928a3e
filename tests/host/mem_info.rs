// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! mem_info on the host port: on the arena, and on heaps that a test makes up.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails by panicking"
)]
#![cfg(not(loom))]

use std::alloc::{GlobalAlloc, Layout};
use std::cell::{Cell, RefCell};
use std::sync::{Mutex, MutexGuard, PoisonError};

use micrort::heap::Allocator;
use micrort::heap_lock;
use micrort::heap_walk::{walk, Blocks, Piece, Shape, Step, Survey};
use micrort::host;
use micrort::mem_info::{self, HeapId, HeapInfoError, MemInfoError};
use micrort::print::{PrintError, Report};
use proptest::prelude::*;

/// The arena is one for all tests.
static ALONE: Mutex<()> = Mutex::new(());

fn alone() -> MutexGuard<'static, ()> {
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

fn report(verbose: bool) -> String {
    let mut text = Vec::new();
    mem_info::print(
        &mut |piece: &[u8]| {
            text.extend_from_slice(piece);
            Ok(())
        },
        verbose,
    )
    .unwrap();
    String::from_utf8(text).unwrap()
}

/// Text of a map without its frame: one character a unit, collapsed rows spelt out.
fn cells(map: &str) -> String {
    let mut cells = String::new();
    for row in map.lines() {
        if let Some(rows) = row.strip_prefix("       (") {
            let rows: usize = rows
                .strip_suffix(" lines all free)")
                .unwrap()
                .parse()
                .unwrap();
            assert!(rows >= 2, "a single row is not collapsed: {row}");
            cells.push_str(&".".repeat(64 * rows));
        } else {
            let (offset, row) = row.split_once(": ").unwrap();
            assert_eq!(offset.len(), 8);
            assert_eq!(cells.len() % 64, 0, "{map}");
            assert!(row.len() <= 64 && !row.is_empty());
            cells.push_str(row);
        }
    }
    cells
}

/// Numbers of a line in which each `%` of the pattern stands for one.
fn numbers(line: &str, pattern: &str) -> Vec<usize> {
    let mut rest = line;
    let mut numbers = vec![];
    let mut parts = pattern.split('%');
    rest = rest
        .strip_prefix(parts.next().unwrap())
        .unwrap_or_else(|| panic!("{line}"));
    for part in parts {
        let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        numbers.push(rest[..digits].parse().unwrap());
        rest = rest[digits..]
            .strip_prefix(part)
            .unwrap_or_else(|| panic!("{line}"));
    }
    assert_eq!(rest, "", "{line}");
    numbers
}

/// Bytes of the arena on the host.
const ARENA: usize = 16 * 1024 * 1024;

fn layout(size: usize, align: usize) -> Layout {
    Layout::from_size_align(size, align).unwrap()
}

/// micropython/meminfo.py: the reference's lines, in its order, and then micrort's own.
#[test]
fn format() {
    let _alone = alone();
    for verbose in [false, true] {
        let text = report(verbose);
        assert!(text.ends_with('\n'));
        let mut lines = text.lines();
        numbers(lines.next().unwrap(), "stack: %");
        let total = numbers(lines.next().unwrap(), "GC: total: %, used: %, free: %");
        assert_eq!(total[0], ARENA);
        assert_eq!(total[0], total[1] + total[2]);
        numbers(
            lines.next().unwrap(),
            " No. of 1-blocks: %, 2-blocks: %, max blk sz: %, max free sz: %",
        );
        if verbose {
            let base = lines.next().unwrap();
            let base = base.strip_prefix("GC memory layout; from ").unwrap();
            let base = usize::from_str_radix(base.strip_suffix(':').unwrap(), 16).unwrap();
            assert_eq!(base % 16, 0);
        }
        let mut rest: Vec<&str> = lines.collect();
        let lock = rest.pop().unwrap();
        assert!(lock.starts_with("lock: depth: 0, refused: "), "{lock}");
        numbers(rest.pop().unwrap(), "peak: %, allocated: %");
        assert_eq!(
            cells(&rest.join("\n")).len(),
            if verbose { ARENA / 16 } else { 0 }
        );
    }
}

/// "works with the heap locked, inside a scheduled function, and allocates nothing"
#[test]
fn locked_heap_and_refusals() {
    let _alone = alone();
    let before = mem_info::heap(HeapId::Arena).unwrap();
    let guard = heap_lock::lock().unwrap();
    let count = heap_lock::refusals().count;
    let text = report(true);
    assert_eq!(heap_lock::refusals().count, count);
    assert!(text.contains("lock: depth: 1, refused: "));
    // SAFETY: the layout has a size.
    assert!(unsafe { Allocator.alloc(layout(77, 8)) }.is_null());
    let text = report(false);
    let line = text.lines().last().unwrap();
    let found = numbers(line, "lock: depth: %, refused: %, last: %");
    assert_eq!(found, [1, count as usize + 1, 77]);
    drop(guard);
    assert_eq!(mem_info::heap(HeapId::Arena).unwrap(), before);
}

#[test]
fn idle_heap_gives_the_same_report() {
    let _alone = alone();
    let arena = |text: String| text[text.find("GC: ").unwrap()..].to_string();
    assert_eq!(arena(report(true)), arena(report(true)));
}

#[test]
fn errors() {
    let _alone = alone();
    assert_eq!(mem_info::heap(HeapId::System), Err(HeapInfoError::NoHeap));
    host::interrupt(|| {
        assert_eq!(mem_info::heap(HeapId::Arena), Err(HeapInfoError::Interrupt));
        let mut called = false;
        let result = mem_info::print(
            &mut |_: &[u8]| {
                called = true;
                Ok(())
            },
            true,
        );
        assert_eq!(result, Err(MemInfoError::Interrupt));
        assert!(!called);
    });
}

/// "a printer that returns an error half way"
#[test]
fn error_of_the_printer() {
    let _alone = alone();
    let pieces = report(true).lines().count() as i32;
    for stop in 1..=pieces {
        let mut calls = 0;
        let result = mem_info::print(
            &mut |_: &[u8]| {
                calls += 1;
                if calls == stop {
                    Err(PrintError(-100 - stop))
                } else {
                    Ok(())
                }
            },
            true,
        );
        assert_eq!(result, Err(MemInfoError::Printer(PrintError(-100 - stop))));
        assert_eq!(calls, stop);
    }
}

/// "never holds the heap's lock while it prints, and says so if the heap changed between two
/// chunks": a printer that allocates and frees.
#[test]
fn printer_changes_the_arena() {
    let _alone = alone();
    let before = mem_info::heap(HeapId::Arena).unwrap();
    let mut blocks = vec![];
    let mut text = Vec::new();
    mem_info::print(
        &mut |piece: &[u8]| {
            text.extend_from_slice(piece);
            // SAFETY: the layout has a size, and belongs to every block.
            unsafe {
                for _ in 0..3 {
                    let block = Allocator.alloc(layout(2000, 8));
                    assert!(!block.is_null());
                    block.write_bytes(0xff, 2000);
                    blocks.push(block);
                }
                if blocks.len() > 10 {
                    for block in blocks.drain(..5) {
                        Allocator.dealloc(block, layout(2000, 8));
                    }
                }
            }
            Ok(())
        },
        true,
    )
    .unwrap();
    // SAFETY: as above.
    blocks
        .drain(..)
        .for_each(|block| unsafe { Allocator.dealloc(block, layout(2000, 8)) });
    let text = String::from_utf8(text).unwrap();
    assert!(
        text.contains("\nheap changed while it was listed\n"),
        "{text}"
    );
    let map = &text[text.find(":\n0").unwrap() + 2..text.find("\nheap changed").unwrap()];
    assert_eq!(cells(map).len(), ARENA / 16, "every unit once:\n{text}");
    assert!(!report(true).contains("changed"));
    let after = mem_info::heap(HeapId::Arena).unwrap();
    assert_eq!((after.used, after.max_free), (before.used, before.max_free));
}

/// Sizes of blocks, and whether they are used.
type Sizes = Vec<(u32, bool)>;

/// A heap that is a list of blocks.
struct List {
    blocks: RefCell<Sizes>,
    /// What it becomes after so many steps.
    changes: RefCell<Vec<(u32, Sizes)>>,
    steps: Cell<u32>,
}

impl List {
    fn new(blocks: &[(u32, bool)]) -> Self {
        List {
            blocks: RefCell::new(blocks.to_vec()),
            changes: RefCell::new(vec![]),
            steps: Cell::new(0),
        }
    }

    fn units(&self) -> u32 {
        self.blocks.borrow().iter().map(|block| block.0).sum()
    }
}

impl Blocks for List {
    fn shape(&self) -> Shape {
        Shape {
            base: 0x2000_0000,
            unit: 8,
            units: self.units(),
            allocated: None,
            peak: None,
        }
    }

    fn step(&self, from: u32, step: &mut Step) {
        self.steps.set(self.steps.get() + 1);
        let mut changes = self.changes.borrow_mut();
        if changes
            .first()
            .is_some_and(|change| change.0 == self.steps.get())
        {
            *self.blocks.borrow_mut() = changes.remove(0).1;
        }
        let blocks = self.blocks.borrow();
        let begins: Vec<u32> = blocks
            .iter()
            .scan(0, |at, block| {
                *at += block.0;
                Some(*at - block.0)
            })
            .collect();
        let index = begins.iter().position(|begin| *begin == from).unwrap_or(0);
        step.begin(begins.get(index).copied().unwrap_or(0));
        for (size, used) in &blocks[index..] {
            if !step.push(*size, *used) {
                break;
            }
        }
    }
}

fn pieces(heap: &List) -> (Vec<Piece>, bool) {
    let mut pieces = vec![];
    let changed = walk(heap, heap.units(), &mut |piece| {
        pieces.push(piece);
        true
    });
    (pieces, changed)
}

fn text_of(heap: &List) -> String {
    let mut text = Vec::new();
    let mut printer = |piece: &[u8]| {
        assert!(piece.len() <= 80);
        text.extend_from_slice(piece);
        Ok(())
    };
    let mut report = Report::new(&mut printer);
    mem_info::print_heap(&mut report, heap, true);
    report.finish().unwrap();
    String::from_utf8(text).unwrap()
}

#[test]
fn rows_and_collapse() {
    let head = |total, used, free, ones, twos, max, max_free| {
        format!(
            "GC: total: {total}, used: {used}, free: {free}\n No. of 1-blocks: {ones}, 2-blocks: \
             {twos}, max blk sz: {max}, max free sz: {max_free}\n\
             GC memory layout; from 20000000:\n"
        )
    };
    // One row that is free is shown; the rest of a row after the last block too.
    assert_eq!(
        text_of(&List::new(&[
            (1, true),
            (2, true),
            (61, false),
            (64, false),
            (3, true)
        ])),
        head(1048, 48, 1000, 1, 1, 3, 125)
            + &format!(
                "00000000: hh={}\n00000200: {}\n00000400: h==\n",
                ".".repeat(61),
                ".".repeat(64)
            )
    );
    // Two rows, and part of a row at each end.
    assert_eq!(
        text_of(&List::new(&[(62, true), (2 + 128 + 5, false), (1, true)])),
        head(1584, 504, 1080, 1, 0, 62, 135)
            + &format!(
                "00000000: h{}..\n       (2 lines all free)\n00000600: .....h\n",
                "=".repeat(61)
            )
    );
    // Free up to the end, in whole rows.
    assert_eq!(
        text_of(&List::new(&[(64, true), (640, false)])),
        head(5632, 512, 5120, 0, 0, 64, 640)
            + &format!(
                "00000000: h{}\n       (10 lines all free)\n",
                "=".repeat(63)
            )
    );
    assert_eq!(
        text_of(&List::new(&[(128, false)])),
        head(1024, 0, 1024, 0, 0, 0, 128)
            + "\n       (2 lines all free)\n".trim_start_matches('\n')
    );
}

#[test]
fn block_vanishes_under_the_walk() {
    let twelve = [(2, true); 12];
    let heap = List::new(&twelve);
    // Before the second step everything has become one block and a free piece.
    heap.changes
        .borrow_mut()
        .push((2, vec![(17, true), (7, false)]));
    let (found, changed) = pieces(&heap);
    assert!(changed);
    assert_eq!(found[..8], [Piece::Used(2); 8]);
    assert_eq!(found[8..], [Piece::Rest(1), Piece::Free(7)]);

    // The same total and number of blocks, elsewhere: only their order tells.
    let heap = List::new(&[(1, true), (2, true), (5, false)]);
    let first = Survey::new(&heap, 8);
    let second = Survey::new(&List::new(&[(2, true), (1, true), (5, false)]), 8);
    assert!(!first.changed && !second.changed);
    assert_eq!(
        (first.used, first.ones, first.twos),
        (second.used, second.ones, second.twos)
    );
    assert_ne!(first, second);
}

/// A heap whose headers were written over: the walk ends, and says that something is wrong.
#[test]
fn damaged_heap() {
    struct Damaged(u32);
    impl Blocks for Damaged {
        fn shape(&self) -> Shape {
            Shape::default()
        }
        fn step(&self, from: u32, step: &mut Step) {
            let begin = if from < self.0 { from } else { 0 };
            step.begin(begin);
            for _ in begin..self.0 {
                if !step.push(1, true) {
                    break;
                }
            }
        }
    }
    for whole in [0, 1, 8, 20] {
        let mut seen = 0;
        let changed = walk(&Damaged(whole), 100, &mut |piece| {
            assert_eq!(piece, Piece::Used(1));
            seen += 1;
            true
        });
        assert!(changed);
        assert_eq!(seen, whole);
    }
}

fn list() -> impl Strategy<Value = Vec<(u32, bool)>> {
    let size = prop_oneof![6 => 1..12_u32, 1 => 50..400_u32];
    // Free neighbours do not occur in a heap, and are one piece if they do.
    prop::collection::vec((size, any::<bool>()), 1..60)
}

/// The same heap with its blocks cut otherwise: to so many units.
fn fit(mut blocks: Vec<(u32, bool)>, units: u32) -> Vec<(u32, bool)> {
    let mut left = units;
    blocks.retain_mut(|block| {
        block.0 = block.0.min(left);
        left -= block.0;
        block.0 != 0
    });
    if left != 0 {
        blocks.push((left, false));
    }
    blocks
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(if cfg!(miri) { 4 } else { 256 }))]

    /// The map, cell by cell, and the figures are those of the list.
    #[test]
    fn map_is_the_list(blocks in list()) {
        let heap = List::new(&blocks);
        let text = text_of(&heap);
        let mut lines = text.splitn(4, '\n');
        let total = numbers(lines.next().unwrap(), "GC: total: %, used: %, free: %");
        let sizes = numbers(
            lines.next().unwrap(),
            " No. of 1-blocks: %, 2-blocks: %, max blk sz: %, max free sz: %",
        );
        prop_assert_eq!(lines.next().unwrap(), "GC memory layout; from 20000000:");
        let map = cells(lines.next().unwrap().trim_end());
        let mut expected = String::new();
        for &(size, used) in &blocks {
            if used {
                expected.push('h');
                expected.push_str(&"=".repeat(size as usize - 1));
            } else {
                expected.push_str(&".".repeat(size as usize));
            }
        }
        prop_assert_eq!(&map, &expected);
        let used: u32 = blocks.iter().filter(|block| block.1).map(|block| block.0).sum();
        prop_assert_eq!(total, vec![expected.len() * 8, used as usize * 8,
                                    (expected.len() - used as usize) * 8]);
        let count = |size| blocks.iter().filter(|block| **block == (size, true)).count();
        let max_free = expected.split(['h', '=']).map(str::len).max().unwrap();
        let max_used = blocks.iter().filter(|block| block.1).map(|block| block.0).max();
        prop_assert_eq!(sizes, vec![count(1), count(2), max_used.unwrap_or(0) as usize, max_free]);
    }

    /// Whatever the heap becomes between two steps: every unit is visited once, the walk ends, and
    /// a walk that met nothing unusual has pieces that fit together.
    #[test]
    fn heap_changes_between_steps(
        lists in prop::collection::vec((1..4_u32, list()), 1..20)
    ) {
        let units = lists[0].1.iter().map(|block| block.0).sum();
        let heap = List::new(&lists[0].1);
        let mut at = 1;
        for (steps, blocks) in &lists[1..] {
            at += steps;
            heap.changes.borrow_mut().push((at, fit(blocks.clone(), units)));
        }
        let (found, changed) = pieces(&heap);
        let mut sum = 0;
        for piece in &found {
            let (Piece::Free(size) | Piece::Used(size) | Piece::Rest(size)) = piece;
            prop_assert!(*size != 0);
            sum += size;
            if matches!(piece, Piece::Rest(_)) {
                prop_assert!(changed);
            }
        }
        prop_assert_eq!(sum, units);
        prop_assert!(found.windows(2).all(|pair| !matches!(pair, [Piece::Free(_), Piece::Free(_)])));
    }

    /// "The heap map adds up to the totals after any sequence of allocations and frees."
    #[test]
    fn map_adds_up(
        operations in prop::collection::vec((any::<bool>(), 1..3000_usize, 0..9_u32, any::<usize>()),
                                            1..80)
    ) {
        let _alone = alone();
        let before = mem_info::heap(HeapId::Arena).unwrap();
        prop_assert_eq!(before.used, 0);
        let mut blocks: Vec<(*mut u8, Layout)> = vec![];
        for (free, size, align, which) in operations {
            // SAFETY: the layouts have sizes and belong to the blocks.
            unsafe {
                if free && !blocks.is_empty() {
                    let (block, layout) = blocks.swap_remove(which % blocks.len());
                    if which % 3 == 0 {
                        host::interrupt(|| Allocator.dealloc(block, layout));
                    } else {
                        Allocator.dealloc(block, layout);
                    }
                } else {
                    let layout = layout(size, 1 << align);
                    let block = Allocator.alloc(layout);
                    if !block.is_null() {
                        block.write_bytes(0xa5, size);
                        blocks.push((block, layout));
                    }
                }
            }
            let info = mem_info::heap(HeapId::Arena).unwrap();
            let granules = |size: usize| size.max(2 * size_of::<usize>() + 8).div_ceil(16);
            let sizes: Vec<usize> = blocks.iter().map(|block| granules(block.1.size())).collect();
            prop_assert_eq!(info.total, ARENA);
            prop_assert_eq!(info.used, sizes.iter().sum::<usize>() * 16);
            prop_assert_eq!(info.allocated, Some(info.used));
            prop_assert_eq!(info.free, info.total - info.used);
            prop_assert_eq!(info.max_block, sizes.iter().copied().max().unwrap_or(0));
            prop_assert_eq!(info.two_blocks, sizes.iter().filter(|size| **size == 2).count());
            prop_assert!(info.peak.unwrap() >= info.used);
        }
        // Every block is on the map where its address says.
        let text = report(true);
        let begin = text.find("from ").unwrap() + 5;
        let colon = text[begin..].find(':').unwrap() + begin;
        let base = usize::from_str_radix(&text[begin..colon], 16).unwrap();
        let end = text.find("\npeak").unwrap();
        let map = cells(&text[colon + 2..end]);
        prop_assert_eq!(map.len(), ARENA / 16);
        prop_assert_eq!(map.matches('h').count(), blocks.len());
        for (block, _) in &blocks {
            prop_assert_eq!(map.as_bytes()[(block.addr() - base) / 16], b'h');
        }
        for (block, layout) in blocks {
            // SAFETY: the layout belongs to the block.
            unsafe { Allocator.dealloc(block, layout) };
        }
        let after = mem_info::heap(HeapId::Arena).unwrap();
        prop_assert_eq!((after.used, after.max_free), (0, ARENA / 16));
    }
}
