// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! The poll executor on the host port. One test function, because there is one scheduler.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]
#![cfg(not(loom))]

use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use micrort::runtime::{self, Dropped, ResetError};
use micrort::schedule::{self, PollError};
use micrort::{heap_lock, host, kbd_intr, Region, Task};

static RUNS: AtomicU32 = AtomicU32::new(0);
static TOLD: AtomicU32 = AtomicU32::new(0);

fn run() {
    RUNS.fetch_add(1, Ordering::Relaxed);
}

#[test]
fn in_this_order() {
    host::start();

    // "in the thread that calls micrort_poll()".
    schedule::schedule(run).unwrap();
    thread::sleep(Duration::from_millis(5));
    assert_eq!(RUNS.load(Ordering::Relaxed), 0);
    assert_eq!(schedule::poll(), Ok(1));
    assert_eq!(schedule::poll(), Ok(0));
    assert_eq!(RUNS.swap(0, Ordering::Relaxed), 1);

    // micropython/schedule_sleep.py: a sleep of zero length drains.
    schedule::schedule(run).unwrap();
    schedule::sleep(Duration::ZERO).unwrap();
    assert_eq!(RUNS.swap(0, Ordering::Relaxed), 1);

    // extmod/asyncio_event_queue.py: one pass runs only what was queued when it began.
    static AGAIN: Task = Task::new((), |task| {
        run();
        task.schedule();
    });
    AGAIN.schedule();
    assert_eq!(schedule::poll(), Ok(1));
    assert_eq!(schedule::poll(), Ok(1));
    RUNS.store(0, Ordering::Relaxed);

    // "A scheduled function never preempts another one": a poll inside one does nothing.
    let region = Region::enter().unwrap();
    assert_eq!(schedule::poll(), Ok(0), "the caller's own region");
    drop(region);
    schedule::schedule(|| assert_eq!(schedule::poll(), Ok(0))).unwrap();
    assert_eq!(schedule::poll(), Ok(2));

    // "It comes before functions that are still queued"; "never taken inside a scheduled function
    // and never lost there".
    schedule::schedule(|| {
        kbd_intr::raise().unwrap();
        assert_eq!(kbd_intr::check(), Ok(()));
    })
    .unwrap();
    assert_eq!(schedule::poll(), Ok(2));
    assert_eq!(schedule::poll(), Err(PollError::Interrupted));
    assert_eq!(schedule::poll(), Ok(1));

    // A sleep wakes for work that another thread schedules.
    RUNS.store(0, Ordering::Relaxed);
    let begin = Instant::now();
    let producer = thread::spawn(|| {
        thread::sleep(Duration::from_millis(20));
        kbd_intr::raise().unwrap();
    });
    assert_eq!(
        schedule::sleep(Duration::from_secs(60)),
        Err(PollError::Interrupted)
    );
    assert!(begin.elapsed() < Duration::from_secs(30));
    producer.join().unwrap();

    // "Is there anything for this thread to do?", and a way to be told.
    fn tell() {
        TOLD.fetch_add(1, Ordering::Relaxed);
    }
    assert!(runtime::pending(), "the task that queues itself");
    assert!(AGAIN.cancel().was_queued);
    assert!(!runtime::pending());
    runtime::on_pending(Some(tell));
    assert_eq!(TOLD.load(Ordering::Relaxed), 0);
    for told in [1, 1, 1] {
        schedule::schedule(run).unwrap();
        assert_eq!(TOLD.load(Ordering::Relaxed), told);
    }
    assert!(runtime::pending());

    // What a region of another thread keeps is told at its end, and what comes behind a cancel anew.
    let told = || TOLD.swap(0, Ordering::Relaxed);
    assert_eq!(told(), 1);
    let other = thread::spawn(|| {
        let _region = Region::enter().unwrap();
        assert!(!runtime::pending());
    });
    other.join().unwrap();
    assert_eq!(told(), 1);
    assert!(runtime::pending());
    assert_eq!(schedule::poll(), Ok(3));
    for _ in 0..2 {
        AGAIN.schedule();
        assert_eq!(told(), 1);
        assert!(AGAIN.cancel().was_queued);
        assert!(!runtime::pending());
    }
    schedule::schedule(run).unwrap();
    schedule::schedule(run).unwrap();
    schedule::schedule(run).unwrap();
    assert!(!thread::spawn(|| host::interrupt(runtime::pending))
        .join()
        .unwrap());

    // At most so many; the others stay queued. "without taking the interrupt".
    RUNS.store(0, Ordering::Relaxed);
    assert_eq!(runtime::poll_max(1), Ok(1));
    kbd_intr::raise().unwrap();
    assert_eq!(runtime::poll_functions(1), 1);
    assert_eq!(runtime::poll_max(1), Err(PollError::Interrupted));
    assert_eq!(RUNS.load(Ordering::Relaxed), 2);
    assert!(runtime::pending());

    // An endless function can be stopped.
    schedule::schedule(|| {
        kbd_intr::raise().unwrap();
        assert!(!runtime::pending());
        assert_eq!(kbd_intr::check(), Ok(()));
        assert!(kbd_intr::check_here().is_err());
    })
    .unwrap();
    assert_eq!(schedule::poll(), Ok(2));
    assert_eq!(kbd_intr::check_here(), Ok(()));

    // A soft reset says what it dropped.
    schedule::schedule(run).unwrap();
    schedule::schedule(|| assert_eq!(runtime::reset(), Err(ResetError::Inside))).unwrap();
    assert_eq!(runtime::poll_max(2), Ok(2));
    std::mem::forget(Region::enter().unwrap());
    schedule::schedule(run).unwrap();
    AGAIN.schedule();
    heap_lock::lock_level().unwrap();
    kbd_intr::raise().unwrap();
    let _ = micrort::raise!(micrort::exception::VALUE_ERROR, "unread");
    assert_eq!(host::interrupt(runtime::reset), Err(ResetError::Interrupt));
    assert_eq!(
        runtime::reset(),
        Ok(Dropped {
            functions: 2,
            regions: 1,
            heap_depth: 1,
            exceptions: 1,
            strings: 0,
            interrupt: true,
        })
    );
    assert_eq!(runtime::reset(), Ok(Dropped::default()));
    assert!(!runtime::pending());
    // What comes behind one is told anew.
    let _ = told();
    for _ in 0..2 {
        schedule::schedule(run).unwrap();
        assert_eq!(told(), 1);
        assert!(runtime::pending());
        assert_eq!(runtime::reset().map(|dropped| dropped.functions), Ok(1));
        assert!(!runtime::pending());
    }
    assert_eq!(schedule::poll(), Ok(0));
    assert!(schedule::stats().cancelled >= 2);
}
