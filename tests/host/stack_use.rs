// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! stack_use on the host port, and its arithmetic for stacks that grow either way.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]
#![cfg(not(loom))]

use std::hint::black_box;
use std::thread;

use micrort::host;
use micrort::stack_use::{self, high_water, used, StackError};

#[inline(never)]
fn at_depth(depth: usize, found: &mut Vec<usize>) {
    let ballast = black_box([depth; 16]);
    found.push(stack_use::current().unwrap());
    if depth != 0 {
        at_depth(depth - 1, found);
    }
    black_box(ballast);
}

/// micropython/stack_use.py, and that it grows with the depth of calls; the reference has only
/// that it is a number.
#[test]
fn grows_with_depth() {
    let mut found = vec![];
    at_depth(20, &mut found);
    assert!(found
        .windows(2)
        .all(|pair| pair[0] + 16 * size_of::<usize>() <= pair[1]));
    let mut again = vec![];
    at_depth(20, &mut again);
    assert_eq!(found, again);
}

#[test]
fn every_thread_has_its_own() {
    let mut here = vec![];
    at_depth(3, &mut here);
    let there = thread::spawn(|| {
        let mut found = vec![];
        at_depth(3, &mut found);
        found
    });
    let there = there.join().unwrap();
    assert_eq!(here[3] - here[0], there[3] - there[0]);
    assert!(there[3] < 1 << 20);
}

/// In an interrupt it is the stack of the thread that was interrupted; what the host does not tell
/// is an error or not known.
#[test]
fn what_the_host_knows() {
    let before = stack_use::current().unwrap();
    assert!(
        host::interrupt(stack_use::current)
            .unwrap()
            .abs_diff(before)
            < 1 << 16
    );
    let usage = stack_use::usage().unwrap();
    assert_eq!((usage.size, usage.high_water), (None, None));
    assert_eq!(stack_use::interrupt_usage(0), Err(StackError::NotSupported));
    assert_eq!(stack_use::executor_usage(), Err(StackError::NotSupported));
    // The main thread's, in itself and in another one.
    thread::spawn(|| {
        host::start();
        assert!(stack_use::main_usage().unwrap().used.is_some());
    })
    .join()
    .unwrap();
    assert_eq!(stack_use::main_usage(), Err(StackError::NotSupported));
}

/// "Both directions of growth"
#[test]
fn directions() {
    for size in [0, 1, 0x400] {
        for pointer in 0xff0..0x1410_usize {
            let inside = (0x1000..=0x1000 + size).contains(&pointer);
            let down = used(0x1000, Some(size), pointer, false);
            let up = used(0x1000, Some(size), pointer, true);
            assert_eq!(down, inside.then(|| 0x1000 + size - pointer));
            assert_eq!(up, inside.then(|| pointer - 0x1000));
        }
    }
    // At the ends of the address space.
    assert_eq!(used(usize::MAX - 7, Some(7), usize::MAX, false), Some(0));
    assert_eq!(used(usize::MAX - 7, Some(100), 0, true), None);
    assert_eq!(used(0, Some(usize::MAX), 0, false), Some(usize::MAX));
}

#[test]
fn high_water_is_not_less_than_use() {
    assert_eq!(high_water(1024, 1000, 0), 24);
    assert_eq!(high_water(1024, 1000, 24), 24);
    assert_eq!(high_water(1024, 1000, 40), 40);
    assert_eq!(high_water(1024, 2000, 0), 0);
}
