// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! The queue against a plain deque, over random sequences of operations.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]
#![cfg(not(loom))]

use std::cell::RefCell;
use std::collections::VecDeque;
use std::ffi::c_void;

use micrort::host::locked;
use micrort::queue::{Full, Node, Pushed, Queue};
use micrort::{Arg, Callback};
use proptest::prelude::*;

const SLOTS: usize = 3;
const TASKS: usize = 4;

thread_local! {
    static RAN: RefCell<Vec<usize>> = const { RefCell::new(Vec::new()) };
}

unsafe extern "C" fn record(id: *mut c_void) {
    RAN.with_borrow_mut(|ran| ran.push(id.addr()));
}

fn callback(id: usize) -> Callback {
    // SAFETY: `Arg` is passed as a pointer is.
    let func =
        unsafe { std::mem::transmute::<unsafe extern "C" fn(*mut c_void), micrort::Func>(record) };
    // SAFETY: `record` takes any argument.
    unsafe { Callback::new(Some(func), Arg::new(std::ptr::without_provenance_mut(id))) }
}

#[derive(Clone, Debug)]
enum Op {
    Push,
    PushTask(usize),
    Pop,
}

fn op() -> impl Strategy<Value = Op> {
    prop_oneof![
        3 => Just(Op::Push),
        3 => (0..TASKS).prop_map(Op::PushTask),
        4 => Just(Op::Pop),
    ]
}

#[derive(Default)]
struct Model {
    entries: VecDeque<(usize, Option<usize>)>,
    slots_used: usize,
    accepted: u32,
    run: u32,
    refused: u32,
    coalesced: u32,
    high_water: u32,
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: if cfg!(miri) { 8 } else { 2000 },
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    /// "Every accepted function runs exactly once, in the order of acceptance"; "Tasks and
    /// functions share one order"; the counters.
    #[test]
    fn behaves_as_a_deque(ops in prop::collection::vec(op(), 0..if cfg!(miri) { 20 } else { 200 })) {
        let queue: &'static Queue<SLOTS> = Box::leak(Box::default());
        let tasks: &'static [Node; TASKS] =
            Box::leak(Box::new([const { Node::new(Callback::NONE) }; TASKS]));
        let mut model = Model::default();
        for (id, op) in ops.into_iter().enumerate() {
            match op {
                Op::Push => {
                    let pushed = locked(|l| queue.push(l, callback(id)));
                    if model.slots_used == SLOTS {
                        prop_assert_eq!(pushed, Err(Full));
                        model.refused += 1;
                    } else {
                        prop_assert_eq!(pushed, Ok(()));
                        model.entries.push_back((id, None));
                        model.slots_used += 1;
                        model.accepted += 1;
                    }
                }
                Op::PushTask(task) => {
                    let pushed =
                        locked(|l| queue.push_task(l, tasks.get(task).unwrap(), callback(id)));
                    if model.entries.iter().any(|(_, queued)| *queued == Some(task)) {
                        prop_assert_eq!(pushed, Pushed::Joined);
                        model.coalesced += 1;
                    } else {
                        prop_assert_eq!(pushed, Pushed::New);
                        model.entries.push_back((id, Some(task)));
                        model.accepted += 1;
                    }
                }
                Op::Pop => {
                    RAN.take();
                    let popped = locked(|l| queue.pop(l));
                    let expected = model.entries.pop_front();
                    prop_assert_eq!(popped.is_some(), expected.is_some());
                    if let (Some(popped), Some((id, task))) = (popped, expected) {
                        popped.call();
                        prop_assert_eq!(RAN.take(), vec![id]);
                        model.slots_used -= usize::from(task.is_none());
                        model.run += 1;
                    }
                }
            }
            model.high_water = model.high_water.max(model.entries.len() as u32);
            let stats = locked(|l| queue.stats(l));
            prop_assert_eq!(stats.accepted, model.accepted);
            prop_assert_eq!(stats.run, model.run);
            prop_assert_eq!(stats.refused, model.refused);
            prop_assert_eq!(stats.coalesced, model.coalesced);
            prop_assert_eq!(stats.high_water, model.high_water);
            prop_assert_eq!(locked(|l| queue.len(l)) as usize, model.entries.len());
            prop_assert_eq!(locked(|l| queue.is_empty(l)), model.entries.is_empty());
        }
    }
}
