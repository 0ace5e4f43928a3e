// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! Scheduling on the host port, through the Rust API. One test function, because there is one
//! scheduler: first what happens before boot, then the rest.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]
#![cfg(not(any(loom, feature = "host-executor-poll")))]

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{mpsc, Arc, LazyLock, Mutex};
use std::thread;
use std::time::Duration;

use micrort::internals::{locked, Arg, Callback, Pool, Scheduler};
use micrort::schedule::{self, EnterError, FlushError, PollError, Pushed};
use micrort::{host, Region, Task};

static ORDER: Mutex<Vec<u32>> = Mutex::new(Vec::new());

fn note(id: u32) {
    ORDER.lock().unwrap().push(id);
}

/// Waits until everything that is queued now has run.
fn drain() {
    let (sender, receiver) = mpsc::channel::<()>();
    let sender: &'static Mutex<mpsc::Sender<()>> = Box::leak(Box::new(Mutex::new(sender)));
    while schedule::schedule(move || sender.lock().unwrap().send(()).unwrap()).is_err() {
        thread::yield_now();
    }
    receiver.recv_timeout(Duration::from_secs(10)).unwrap();
}

fn order() -> Vec<u32> {
    drain();
    std::mem::take(&mut ORDER.lock().unwrap())
}

#[test]
fn in_this_order() {
    early_boot();
    full_queue_gives_the_function_back();
    tasks_and_functions_share_one_order();
    joined_call_loses_no_argument();
    scheduled_from_inside_runs_later();
    region_keeps_functions_from_running();
    region_waits_for_a_function_that_runs();
    region_inside_a_function_is_closed_when_it_returns();
    region_of_a_thread_that_ends_is_closed();
    interrupt_may_schedule_and_not_enter();
    exactly_once_in_order_per_producer();
    what_is_called_afterwards_holds_nothing_up();
    interrupted_thread_runs_no_function();
    producer_that_stops_before_it_wakes_holds_up_nobody();
    tasks_can_be_taken_back();
    flush_waits_for_what_was_accepted_before();
    closures_of_two_pointers();
}

/// What CONFIG_MICRORT_SCHEDULE_SECOND_ARGUMENT is in Rust.
fn closures_of_two_pointers() {
    let (first, second) = (&1_u32, Arc::new(2));
    let region = Region::enter().unwrap();
    let alive = Arc::clone(&second);
    schedule::schedule(move || note(first + 10 * *alive)).unwrap();
    schedule::schedule(|| note(3)).unwrap();
    drop(region);
    assert_eq!(order(), [21, 3]);
    assert_eq!(Arc::strong_count(&second), 1);
}

/// "Before the work queue runs (early boot) the call is accepted, and what was queued runs once it
/// starts."
fn early_boot() {
    schedule::schedule(|| note(1)).unwrap();
    static TASK: Task = Task::new((), |_| note(2));
    assert_eq!(TASK.schedule(), Pushed::New);
    assert_eq!(TASK.schedule(), Pushed::Joined);
    assert_eq!(schedule::stats().run, 0);
    host::start();
    assert_eq!(order(), [1, 2]);
}

/// "-ENOBUFS when the queue is full: nothing is queued, nothing already queued is lost, a counter
/// of refusals grows."
fn full_queue_gives_the_function_back() {
    let before = schedule::stats();
    let region = Region::enter().unwrap();
    for id in 0..8u16 {
        schedule::schedule(move || note(id.into())).unwrap();
    }
    let kept = Arc::new(AtomicU32::new(0));
    let counter = Arc::clone(&kept);
    let refused = schedule::schedule(move || {
        counter.fetch_add(1, Ordering::Relaxed);
    });
    assert_eq!(schedule::stats().refused, before.refused + 1);
    (refused.err().unwrap().0)();
    assert_eq!(kept.load(Ordering::Relaxed), 1);
    assert_eq!(Arc::strong_count(&kept), 1);
    drop(region);
    assert_eq!(order(), (0..8).collect::<Vec<_>>());
}

fn tasks_and_functions_share_one_order() {
    static TASK: Task<u32> = Task::new(2, |task| note(**task));
    let region = Region::enter().unwrap();
    schedule::schedule(|| note(1)).unwrap();
    TASK.schedule();
    schedule::schedule(|| note(3)).unwrap();
    assert_eq!(TASK.schedule(), Pushed::Joined);
    drop(region);
    assert_eq!(order(), [1, 2, 3]);
}

fn joined_call_loses_no_argument() {
    static SUM: Task<AtomicU32> = Task::new(AtomicU32::new(0), |sum| {
        note(sum.swap(0, Ordering::Relaxed));
    });
    let region = Region::enter().unwrap();
    for presses in 1..=4 {
        SUM.fetch_add(presses, Ordering::Relaxed);
        SUM.schedule();
    }
    drop(region);
    assert_eq!(order(), [10]);
}

/// micropython/schedule.py: "outer" is printed before "inner".
fn scheduled_from_inside_runs_later() {
    schedule::schedule(|| {
        schedule::schedule(|| note(2)).unwrap();
        note(1);
    })
    .unwrap();
    drain();
    assert_eq!(order(), [1, 2]);
}

fn region_keeps_functions_from_running() {
    let outer = Region::enter().unwrap();
    let inner = Region::enter().unwrap();
    schedule::schedule(|| note(1)).unwrap();
    drop(inner);
    thread::sleep(Duration::from_millis(20));
    assert!(ORDER.lock().unwrap().is_empty());
    drop(outer);
    assert_eq!(order(), [1]);
}

fn region_waits_for_a_function_that_runs() {
    static RUNNING: AtomicBool = AtomicBool::new(false);
    let (sender, started) = mpsc::channel::<()>();
    let sender: &'static Mutex<mpsc::Sender<()>> = Box::leak(Box::new(Mutex::new(sender)));
    schedule::schedule(move || {
        RUNNING.store(true, Ordering::SeqCst);
        sender.lock().unwrap().send(()).unwrap();
        thread::sleep(Duration::from_millis(20));
        RUNNING.store(false, Ordering::SeqCst);
    })
    .unwrap();
    schedule::schedule(|| note(1)).unwrap();
    started.recv().unwrap();
    let region = Region::enter().unwrap();
    assert!(!RUNNING.load(Ordering::SeqCst));
    assert!(ORDER.lock().unwrap().is_empty(), "the pass ends early");
    drop(region);
    assert_eq!(order(), [1]);
}

fn region_inside_a_function_is_closed_when_it_returns() {
    schedule::schedule(|| {
        std::mem::forget(Region::enter().unwrap());
        std::mem::forget(Region::enter().unwrap());
        note(1);
    })
    .unwrap();
    schedule::schedule(|| note(2)).unwrap();
    assert_eq!(order(), [1, 2]);
}

fn region_of_a_thread_that_ends_is_closed() {
    thread::spawn(|| std::mem::forget(Region::enter().unwrap()))
        .join()
        .unwrap();
    schedule::schedule(|| note(1)).unwrap();
    assert_eq!(order(), [1]);
}

fn interrupt_may_schedule_and_not_enter() {
    host::interrupt(|| {
        schedule::schedule(|| note(1)).unwrap();
        assert_eq!(Region::enter().err(), Some(EnterError::Interrupt));
        assert_eq!(schedule::poll(), Err(PollError::InInterrupt));
        assert_eq!(schedule::sleep(Duration::ZERO), Err(PollError::InInterrupt));
    });
    assert_eq!(order(), [1]);
}

/// thread/stress_schedule.py, and "Every accepted function runs exactly once".
fn exactly_once_in_order_per_producer() {
    const PRODUCERS: u32 = 4;
    const EACH: u32 = if cfg!(miri) { 50 } else { 20_000 };
    static LAST: [AtomicU32; PRODUCERS as usize] = [const { AtomicU32::new(0) }; 4];
    let before = schedule::stats();
    let refused: u32 = thread::scope(|scope| {
        let producers: Vec<_> = (0..PRODUCERS)
            .map(|producer| {
                scope.spawn(move || {
                    let mut refused = 0;
                    for number in 1..=EACH {
                        let id = number * PRODUCERS + producer;
                        while schedule::schedule(move || {
                            let last = &LAST[(id % PRODUCERS) as usize];
                            assert_eq!(last.load(Ordering::Relaxed) + 1, id / PRODUCERS);
                            last.store(id / PRODUCERS, Ordering::Relaxed);
                        })
                        .is_err()
                        {
                            refused += 1;
                            thread::yield_now();
                        }
                    }
                    refused
                })
            })
            .collect();
        producers.into_iter().map(|p| p.join().unwrap()).sum()
    });
    drain();
    for last in &LAST {
        assert_eq!(last.load(Ordering::Relaxed), EACH);
    }
    let after = schedule::stats();
    assert!(after.refused - before.refused >= refused);
    assert_eq!(after.accepted, after.run + after.cancelled);
}

/// A pass of another scheduler than the host's own, whose executor may hold the mutex of passes.
fn whole_pass(other: &Scheduler) -> usize {
    loop {
        let ran = other.pass();
        if ran != 0 {
            return ran;
        }
        thread::yield_now();
    }
}

/// An interrupt that runs functions is not the thread that it interrupts: that is not inside a function, and
/// what it holds stays its own.
fn interrupted_thread_runs_no_function() {
    static OTHER: LazyLock<Scheduler> = LazyLock::new(|| Scheduler::new(Pool::leak::<1>()));
    static SEEN: AtomicU32 = AtomicU32::new(0);

    unsafe extern "C" fn function(_: Arg) {
        // A higher interrupt would see as much: somebody runs, no thread does.
        assert!(!OTHER.abandon());
        assert_eq!(OTHER.pass(), 0);
        assert!(OTHER.enter_no_wait().unwrap());
        OTHER.exit().unwrap();
        SEEN.fetch_add(1, Ordering::Relaxed);
    }
    OTHER.start();
    // SAFETY: `function` takes any argument.
    let callback = unsafe { Callback::new(function, Arg::new(std::ptr::null_mut())) };
    assert!(OTHER.enqueue(callback).is_ok_and(|needed| needed.is_some()));
    OTHER.pass_in_interrupt();
    assert_eq!(SEEN.load(Ordering::Relaxed), 1);
    // The pass has ended.
    assert!(!OTHER.enter_no_wait().unwrap());
    OTHER.exit().unwrap();
}

/// What a function wants called when it has returned (its exceptions are printed so) may want the
/// same again, for an exception that came up meanwhile: the executor is woken all the same.
fn what_is_called_afterwards_holds_nothing_up() {
    static OTHER: LazyLock<Scheduler> = LazyLock::new(|| Scheduler::new(Pool::leak::<2>()));
    static CALLS: AtomicU32 = AtomicU32::new(0);

    fn once_more() {
        if CALLS.fetch_add(1, Ordering::Relaxed) == 0 {
            locked(|l| OTHER.after_this_function(l, once_more));
        }
    }
    unsafe extern "C" fn function(_: Arg) {
        locked(|l| OTHER.after_this_function(l, once_more));
    }
    OTHER.start();
    for _ in 0..2 {
        // SAFETY: `function` takes any argument.
        let callback = unsafe { Callback::new(function, Arg::new(std::ptr::null_mut())) };
        assert!(OTHER.enqueue(callback).is_ok_and(|needed| needed.is_some()));
        assert_eq!(whole_pass(&OTHER), 1);
    }
    assert_eq!(CALLS.load(Ordering::Relaxed), 3);
}

/// A thread may be preempted between queueing and waking the executor: whoever queues meanwhile, or
/// joins a task that is queued, wakes it as well. Afterwards nobody need.
fn producer_that_stops_before_it_wakes_holds_up_nobody() {
    static OTHER: LazyLock<Scheduler> = LazyLock::new(|| Scheduler::new(Pool::leak::<2>()));
    unsafe extern "C" fn function(_: Arg) {}

    let needed = || {
        // SAFETY: `function` takes any argument.
        let callback = unsafe { Callback::new(function, Arg::new(std::ptr::null_mut())) };
        OTHER.enqueue(callback).ok().unwrap()
    };

    assert_eq!(needed(), None, "not started");
    OTHER.start();
    assert_eq!(whole_pass(&OTHER), 1);

    let stopped = needed();
    assert!(stopped.is_some());
    let other = host::interrupt(needed);
    assert_eq!(other, stopped, "in its place");
    OTHER.wake(other);
    assert_eq!(whole_pass(&OTHER), 2);

    // What the first one tells late says nothing of what comes now.
    let next = needed();
    assert!(next.is_some() && next != stopped);
    OTHER.wake(stopped);
    assert_eq!(needed(), next);
    OTHER.wake(next);
    assert_eq!(whole_pass(&OTHER), 2);
}

/// "A task can be asked whether it is queued, taken back, and waited for."
fn tasks_can_be_taken_back() {
    static TASK: Task<u32> = Task::new(1, |task| note(**task));
    static OTHER: Task<u32> = Task::new(2, |task| note(**task));

    let region = Region::enter().unwrap();
    assert!(!TASK.cancel().was_queued);
    TASK.schedule();
    OTHER.schedule();
    assert!(TASK.is_queued());
    assert_eq!(schedule::flush(), Err(FlushError::Deadlock));
    let cancelled = TASK.cancel();
    assert!(cancelled.was_queued && !cancelled.is_running);
    assert!(!TASK.is_queued());
    drop(region);
    assert_eq!(OTHER.cancel_sync().map(|_| ()), Ok(()));
    TASK.schedule();
    schedule::flush().unwrap();
    assert!(ORDER.lock().unwrap().ends_with(&[1]));
    assert_eq!(TASK.flush(), Ok(false));
    order();
}

/// A flush waits for what was accepted before, also while others go on.
fn flush_waits_for_what_was_accepted_before() {
    static RAN: AtomicU32 = AtomicU32::new(0);
    static STOP: AtomicBool = AtomicBool::new(false);

    fn again() {
        if !STOP.load(Ordering::Relaxed) {
            schedule::schedule(again).unwrap();
        }
    }

    schedule::schedule(again).unwrap();
    for number in 1..=if cfg!(miri) { 5 } else { 200 } {
        schedule::schedule(|| {
            RAN.fetch_add(1, Ordering::Relaxed);
        })
        .unwrap();
        schedule::flush().unwrap();
        assert_eq!(RAN.load(Ordering::Relaxed), number);
    }
    STOP.store(true, Ordering::Relaxed);
    schedule::flush().unwrap();
}
