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

use micrort::schedule::{self, PollError};
use micrort::{host, kbd_intr, Region, Task};

static RUNS: AtomicU32 = AtomicU32::new(0);

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
}
