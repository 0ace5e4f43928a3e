// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! The heap lock and the arena on the host port, through the Rust API.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]
#![cfg(not(loom))]

use std::alloc::{GlobalAlloc, Layout};
use std::sync::Mutex;
use std::thread;

use micrort::heap::Allocator;
use micrort::heap_lock::{self, LockError};
use micrort::host;

/// The record of refusals and the arena are one for all tests.
static ALONE: Mutex<()> = Mutex::new(());

fn layout(size: usize) -> Layout {
    Layout::from_size_align(size, 8).unwrap()
}

fn can_allocate() -> bool {
    // SAFETY: the layout has a size, and what is allocated is freed.
    unsafe {
        let block = Allocator.alloc(layout(16));
        Allocator.dealloc(block, layout(16));
        !block.is_null()
    }
}

/// micropython/heap_lock.py, micropython/heap_locked.py
#[test]
fn nests_and_recovers() {
    let _alone = ALONE.lock().unwrap();
    assert!(can_allocate());
    let outer = heap_lock::lock().unwrap();
    let inner = heap_lock::lock().unwrap();
    assert_eq!(heap_lock::depth(), 2);
    assert!(!can_allocate());
    drop(inner);
    assert_eq!(heap_lock::depth(), 1);
    assert!(!can_allocate());
    drop(outer);
    assert_eq!(heap_lock::depth(), 0);
    assert!(can_allocate());
}

/// thread/thread_heap_lock.py: a lock of one thread does not affect another.
#[test]
fn belongs_to_its_thread() {
    let _alone = ALONE.lock().unwrap();
    let _guard = heap_lock::lock().unwrap();
    assert!(thread::spawn(can_allocate).join().unwrap());
    assert_eq!(thread::spawn(heap_lock::depth).join().unwrap(), 0);
}

/// Threads that lock and unlock all the time.
#[test]
fn threads_do_not_disturb_each_other() {
    let _alone = ALONE.lock().unwrap();
    let threads = [(); 4].map(|()| {
        thread::spawn(|| {
            for _ in 0..if cfg!(miri) { 30 } else { 100_000 } {
                let outer = heap_lock::lock().unwrap();
                let inner = heap_lock::lock().unwrap();
                assert_eq!(heap_lock::depth(), 2);
                assert!(!can_allocate());
                drop(inner);
                assert_eq!(heap_lock::depth(), 1);
                drop(outer);
                assert_eq!(heap_lock::depth(), 0);
            }
        })
    });
    for thread in threads {
        thread.join().unwrap();
    }
}

#[test]
fn thread_that_ends_leaves_nothing() {
    let _alone = ALONE.lock().unwrap();
    for _ in 0..20 {
        thread::spawn(|| std::mem::forget(heap_lock::lock().unwrap()))
            .join()
            .unwrap();
    }
    assert!(can_allocate());
}

/// "lock at the largest depth is refused with -EOVERFLOW (the reference wraps to unlocked)".
#[test]
#[cfg_attr(miri, ignore = "65535 locks take minutes under miri")]
fn largest_depth() {
    let _alone = ALONE.lock().unwrap();
    thread::spawn(|| {
        for _ in 0..u16::MAX {
            std::mem::forget(heap_lock::lock().unwrap());
        }
        assert_eq!(heap_lock::lock().err(), Some(LockError));
        assert_eq!(heap_lock::depth(), u16::MAX);
        assert!(!can_allocate());
    })
    .join()
    .unwrap();
}

/// A destructor of the thread's storage that runs after micrort's own: it is a thread of its own there.
#[test]
fn destructor_that_runs_late() {
    struct Late;
    impl Drop for Late {
        fn drop(&mut self) {
            let guard = heap_lock::lock().unwrap();
            assert!(micrort::poll().is_ok());
            drop(guard);
        }
    }
    thread_local!(static LATE: Late = const { Late });
    thread::spawn(|| {
        LATE.with(|_| ());
        drop(heap_lock::lock().unwrap());
    })
    .join()
    .unwrap();
}

/// "A refused allocation leaves a record: how many, and of the last one its size".
#[test]
fn record() {
    let _alone = ALONE.lock().unwrap();
    let before = heap_lock::refusals();
    let guard = heap_lock::lock().unwrap();
    // SAFETY: the layout has a size.
    assert!(unsafe { Allocator.alloc(layout(123)) }.is_null());
    drop(guard);
    let after = heap_lock::refusals();
    assert_eq!(after.count, before.count + 1);
    assert_eq!(after.size, 123);
    assert!(!after.in_interrupt);
}

/// "A realloc is refused and the block stays valid. Freeing works."
#[test]
fn realloc_and_free() {
    let _alone = ALONE.lock().unwrap();
    // SAFETY: the layouts have sizes and belong to the blocks.
    unsafe {
        let block = Allocator.alloc(layout(32));
        block.write_bytes(0x5a, 32);
        let guard = heap_lock::lock().unwrap();
        assert!(Allocator.realloc(block, layout(32), 64).is_null());
        assert_eq!(block.add(31).read(), 0x5a);
        Allocator.dealloc(block, layout(32));
        drop(guard);
    }
    assert!(can_allocate());
}

/// What an interrupt frees becomes available again; an interrupt cannot allocate from the arena.
#[test]
fn arena_and_interrupts() {
    let _alone = ALONE.lock().unwrap();
    assert!(!host::interrupt(can_allocate));
    let mut blocks = vec![];
    // SAFETY: the layout has a size, and belongs to every block.
    unsafe {
        while blocks.len() < if cfg!(miri) { 12 } else { 100 } {
            let block = Allocator.alloc(layout(4096));
            if block.is_null() {
                break;
            }
            block.write_bytes(0xff, 4096);
            blocks.push(block);
        }
        assert!(blocks.len() > 10);
        let count = blocks.len();
        for block in blocks.drain(..) {
            host::interrupt(|| Allocator.dealloc(block, layout(4096)));
        }
        for _ in 0..count {
            let block = Allocator.alloc(layout(4096));
            assert!(!block.is_null());
            blocks.push(block);
        }
        for block in blocks {
            Allocator.dealloc(block, layout(4096));
        }
    }
}
