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
use micrort::queue::{NoSlot, Node, Queue};
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
    Mark,
    Quieten,
}

fn op() -> impl Strategy<Value = Op> {
    prop_oneof![
        3 => Just(Op::Push),
        3 => (0..TASKS).prop_map(Op::PushTask),
        4 => Just(Op::Pop),
        1 => Just(Op::Mark),
        1 => Just(Op::Quieten),
    ]
}

#[derive(Default)]
struct Model {
    entries: VecDeque<(usize, Option<usize>)>,
    quiet: bool,
    /// The entry behind which the mark stands.
    last_before_mark: Option<usize>,
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
    fn behaves_as_a_deque(
        ops in prop::collection::vec(op(), 0..if cfg!(miri) { 20 } else { 200 }),
        linked_before in 0..SLOTS + 3,
    ) {
        let queue: &'static Queue<SLOTS> = Box::leak(Box::default());
        let tasks: &'static [Node; TASKS] =
            Box::leak(Box::new([const { Node::new(Callback::NONE) }; TASKS]));
        for _ in 0..linked_before {
            locked(|l| queue.link_slot(l));
        }
        let mut model = Model { quiet: true, ..Model::default() };
        let mut mark = None;
        for (id, op) in ops.into_iter().enumerate() {
            match op {
                Op::Push => {
                    let pushed = locked(|l| match queue.push(l, callback(id)) {
                        Err(NoSlot::Unlinked) => {
                            queue.link_slot(l);
                            queue.push(l, callback(id))
                        }
                        pushed => pushed,
                    });
                    if model.slots_used == SLOTS {
                        prop_assert_eq!(pushed, Err(NoSlot::Full));
                        model.refused += 1;
                    } else {
                        prop_assert_eq!(pushed, Ok(model.quiet));
                        model.quiet = false;
                        model.entries.push_back((id, None));
                        model.slots_used += 1;
                        model.accepted += 1;
                    }
                }
                Op::PushTask(task) => {
                    let node = tasks.get(task).unwrap();
                    let joined = model.entries.iter().any(|(_, queued)| *queued == Some(task));
                    prop_assert_eq!(locked(|l| queue.joins(l, node)), joined);
                    if joined {
                        model.coalesced += 1;
                    } else {
                        let was_quiet = locked(|l| queue.push_task(l, node, callback(id)));
                        prop_assert_eq!(was_quiet, model.quiet);
                        model.quiet = false;
                        model.entries.push_back((id, Some(task)));
                        model.accepted += 1;
                    }
                }
                Op::Mark => {
                    // A mark is passed before the next one is set.
                    if model.last_before_mark.is_none() {
                        mark = locked(|l| queue.mark(l));
                        model.quiet &= model.entries.is_empty();
                        prop_assert_eq!(mark.is_some(), !model.quiet);
                        model.last_before_mark = model.entries.back().map(|(id, _)| *id);
                    }
                }
                Op::Quieten => {
                    locked(|l| queue.quieten(l));
                    model.quiet = true;
                }
                Op::Pop => {
                    RAN.take();
                    let popped = locked(|l| {
                        queue.disturb(l);
                        queue.pop(l)
                    });
                    model.quiet &= model.entries.is_empty();
                    let expected = model.entries.pop_front();
                    prop_assert_eq!(popped.is_some(), expected.is_some());
                    if let (Some(popped), Some((id, task))) = (popped, expected) {
                        popped.callback.call();
                        prop_assert_eq!(RAN.take(), vec![id]);
                        if let (Some(mark), Some(last)) = (mark, model.last_before_mark) {
                            prop_assert_eq!(popped.is_before(mark), id == last);
                        }
                        if model.last_before_mark == Some(id) {
                            model.last_before_mark = None;
                        }
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
            prop_assert_eq!(locked(|l| queue.is_empty(l)), model.entries.is_empty());
            prop_assert_eq!(locked(|l| queue.is_quiet(l)), model.quiet);
        }
    }
}
