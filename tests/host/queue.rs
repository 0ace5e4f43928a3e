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

use std::ptr::NonNull;

use micrort::internals::{locked, Arg, Callback, Entry, Given, Pool, Pushed, Queue, TaskRef};
use proptest::prelude::*;

const SLOTS: usize = 3;
const TASKS: usize = 4;

thread_local! {
    static RAN: RefCell<Vec<usize>> = const { RefCell::new(Vec::new()) };
}

/// Notes the address that it is called with.
unsafe extern "C" fn record(arg: Arg) {
    // SAFETY: both here and in a task the argument is a pointer.
    let at = unsafe { std::mem::transmute::<Arg, *mut c_void>(arg) };
    RAN.with_borrow_mut(|ran| ran.push(at.addr()));
}

fn callback(id: usize) -> Callback {
    // SAFETY: `record` takes any pointer.
    unsafe { Callback::new(record, Arg::new(std::ptr::without_provenance_mut(id))) }
}

#[derive(Clone, Debug)]
enum Op {
    Push,
    PushTask(usize),
    Remove(usize),
    Pop,
    BeginPass,
    EndPass,
    Visit,
}

fn op() -> impl Strategy<Value = Op> {
    prop_oneof![
        3 => Just(Op::Push),
        3 => (0..TASKS).prop_map(Op::PushTask),
        1 => (0..TASKS).prop_map(Op::Remove),
        4 => Just(Op::Pop),
        1 => Just(Op::BeginPass),
        1 => Just(Op::EndPass),
        1 => Just(Op::Visit),
    ]
}

#[derive(Default)]
struct Model {
    /// What will be recorded, and whether it is a slot's.
    entries: VecDeque<(usize, bool)>,
    /// How many stand before the mark.
    mark: Option<usize>,
    slots_used: usize,
    accepted: u32,
    run: u32,
    refused: u32,
    coalesced: u32,
    high_water: u32,
}

fn tasks() -> Vec<TaskRef> {
    (0..TASKS)
        .map(|_| {
            let entry = NonNull::from(Box::leak(Box::new(Entry::new(Some(record)))));
            // SAFETY: the entry is never freed, and `record` takes any pointer.
            unsafe { TaskRef::new(entry) }
        })
        .collect()
}

fn address(task: TaskRef) -> usize {
    // SAFETY: a `TaskRef` is one pointer.
    unsafe { std::mem::transmute::<TaskRef, *mut c_void>(task) }.addr()
}

/// A task that is pushed twice is in the list once.
#[test]
fn a_task_is_queued_once() {
    let queue: &'static Queue = Box::leak(Box::new(Queue::new(Pool::leak::<SLOTS>())));
    let task = tasks()[0];
    locked(|l| {
        assert_eq!(queue.push_task(l, task), Pushed::New);
        assert_eq!(queue.push_task(l, task), Pushed::Joined);
        queue.begin_pass(l);
        assert!(queue.pop(l).unwrap().is_some());
        for _ in 0..4 {
            assert!(queue.pop(l).unwrap().is_none());
        }
    });
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: if cfg!(miri) { 8 } else { 2000 },
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    /// "Every accepted function runs exactly once, in the order of acceptance"; "Tasks and
    /// functions share one order"; what is removed does not run; the counters.
    #[test]
    fn behaves_as_a_deque(ops in prop::collection::vec(op(), 0..if cfg!(miri) { 20 } else { 200 })) {
        let queue: &'static Queue = Box::leak(Box::new(Queue::new(Pool::leak::<SLOTS>())));
        let tasks = tasks();
        let mut model = Model::default();
        for (id, op) in ops.into_iter().enumerate() {
            match op {
                Op::Push => {
                    let pushed = locked(|l| queue.push(l, callback(id))).is_ok();
                    prop_assert_eq!(pushed, model.slots_used < SLOTS);
                    if pushed {
                        model.entries.push_back((id, true));
                        model.slots_used += 1;
                        model.accepted += 1;
                    } else {
                        model.refused += 1;
                    }
                }
                Op::PushTask(task) => {
                    let at = address(tasks[task]);
                    let joined = model.entries.contains(&(at, false));
                    let pushed = locked(|l| queue.push_task(l, tasks[task]));
                    prop_assert_eq!(pushed == Pushed::Joined, joined);
                    if joined {
                        model.coalesced += 1;
                    } else {
                        model.entries.push_back((at, false));
                        model.accepted += 1;
                    }
                }
                Op::Remove(task) => {
                    let at = address(tasks[task]);
                    let place = model.entries.iter().position(|entry| *entry == (at, false));
                    prop_assert_eq!(locked(|l| queue.is_queued(l, tasks[task])), place.is_some());
                    prop_assert_eq!(locked(|l| queue.remove(l, tasks[task])), place.is_some());
                    if let Some(place) = place {
                        model.entries.remove(place);
                        if model.mark.is_some_and(|mark| place < mark) {
                            model.mark = model.mark.map(|mark| mark - 1);
                        }
                    }
                }
                Op::BeginPass => {
                    locked(|l| queue.begin_pass(l));
                    model.mark = model.mark.or(Some(model.entries.len()));
                }
                Op::EndPass => {
                    let was_whole = locked(|l| queue.end_pass(l));
                    prop_assert_eq!(was_whole, model.mark.take() == Some(0));
                }
                Op::Pop if model.mark.is_none() => {
                    prop_assert!(locked(|l| queue.pop(l)).unwrap().is_none());
                }
                Op::Pop => {
                    let popped = locked(|l| queue.pop(l)).unwrap();
                    let expected = if model.mark == Some(0) { None } else { model.entries.pop_front() };
                    prop_assert_eq!(popped.is_some(), expected.is_some());
                    if let (Some(popped), Some((id, is_slot))) = (popped, expected) {
                        prop_assert_eq!(popped.task.is_none(), is_slot);
                        popped.call.call();
                        prop_assert_eq!(RAN.with_borrow_mut(std::mem::take), [id]);
                        model.slots_used -= usize::from(is_slot);
                        model.mark = model.mark.map(|mark| mark - 1);
                        model.run += 1;
                    }
                }
                Op::Visit => {
                    let mut shown = Vec::new();
                    let mut given = locked(|l| queue.visit(l, true));
                    while let Some(Given { func, arg, .. }) = given {
                        // SAFETY: as in `record`, which takes any pointer.
                        unsafe { func(arg) };
                        shown.append(&mut RAN.with_borrow_mut(std::mem::take));
                        given = locked(|l| queue.visit(l, false));
                    }
                    let expected: Vec<_> = model.entries.iter().map(|(id, _)| *id).collect();
                    prop_assert_eq!(shown, expected);
                }
            }
            model.high_water = model.high_water.max(model.entries.len() as u32);
            let stats = locked(|l| queue.stats(l));
            prop_assert_eq!(
                (stats.accepted, stats.run, stats.refused, stats.coalesced, stats.high_water),
                (model.accepted, model.run, model.refused, model.coalesced, model.high_water)
            );
            prop_assert_eq!(locked(|l| queue.is_empty(l)), model.entries.is_empty());
        }
    }

    /// A task that its owner overwrites while it is queued is found, and costs nothing but itself.
    #[test]
    fn an_overwritten_task_costs_no_other(
        overwritten in 0..TASKS,
        again in any::<bool>(),
        first in 0..TASKS,
    ) {
        let queue: &'static Queue = Box::leak(Box::new(Queue::new(Pool::leak::<SLOTS>())));
        let entries: Vec<NonNull<Entry>> = (0..TASKS)
            .map(|_| NonNull::from(Box::leak(Box::new(Entry::new(Some(record))))))
            .collect();
        // SAFETY: as in `tasks`; that they are overwritten below is what is tested.
        let tasks: Vec<_> = entries.iter().map(|entry| unsafe { TaskRef::new(*entry) }).collect();
        for task in tasks.iter().cycle().skip(first).take(TASKS) {
            locked(|l| queue.push_task(l, *task));
        }
        // SAFETY: the entry was leaked above, and no reference to it is in use.
        unsafe { entries[overwritten].write(Entry::new(Some(record))) };
        if again {
            locked(|l| queue.push_task(l, tasks[overwritten]));
        }
        let _ = locked(|l| queue.push(l, callback(1)));
        locked(|l| queue.begin_pass(l));
        let mut ran = Vec::new();
        let mut damaged = 0;
        for _ in 0..4 * TASKS {
            match locked(|l| queue.pop(l)) {
                Ok(Some(popped)) => {
                    popped.call.call();
                    ran.append(&mut RAN.with_borrow_mut(std::mem::take));
                }
                Ok(None) => break,
                Err(_) => damaged += 1,
            }
        }
        for (at, task) in tasks.iter().enumerate() {
            let times = ran.iter().filter(|id| **id == address(*task)).count();
            prop_assert!(times == 1 || (at == overwritten && times == 0), "{} ran {} times", at, times);
        }
        prop_assert_eq!(ran.last(), Some(&1));
        prop_assert_eq!(damaged, 1);
        prop_assert!(locked(|l| queue.is_empty(l)));
    }
}
