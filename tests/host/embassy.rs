// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! Async tasks on the host port. One test function, because there is one scheduler: first what happens before
//! boot, then the rest.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]
#![cfg(not(any(loom, feature = "host-executor-poll")))]

use std::future::poll_fn;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering::Relaxed};
use std::sync::Mutex;
use std::task::{Poll, Waker};
use std::thread;
use std::time::{Duration, Instant};

use embassy_executor::{task, SpawnError};
use embassy_sync::blocking_mutex::raw::CriticalSectionRawMutex;
use embassy_sync::channel::Channel;
use embassy_sync::signal::Signal;
use embassy_time::Timer;
use micrort::embassy::spawner;
use micrort::runtime;
use micrort::schedule;
use micrort::{host, Region, Task};

type Wish = Signal<CriticalSectionRawMutex, u32>;

static ORDER: Mutex<Vec<u32>> = Mutex::new(Vec::new());

fn note(id: u32) {
    ORDER.lock().unwrap().push(id);
}

fn order() -> Vec<u32> {
    schedule::flush().unwrap();
    std::mem::take(&mut ORDER.lock().unwrap())
}

/// Waits for what no flush waits for: what async tasks wake.
fn wait_until(mut is_true: impl FnMut() -> bool) {
    let end = Instant::now() + Duration::from_secs(20);
    while !is_true() {
        assert!(Instant::now() < end);
        thread::sleep(Duration::from_millis(1));
    }
}

/// Notes each number that it is sent.
#[task(pool_size = 2)]
async fn noter(wish: &'static Wish) {
    loop {
        note(wish.wait().await);
    }
}

static FIRST: Wish = Signal::new();
static SECOND: Wish = Signal::new();

#[test]
fn in_this_order() {
    early_boot();
    full_pool_is_an_error();
    async_tasks_share_the_order_of_functions_and_tasks();
    two_tasks_take_one_turn();
    full_queue_has_room_for_async_tasks();
    region_holds_async_tasks_off();
    interrupt_may_wake();
    wakes_from_many_threads_are_not_lost();
    wakes_join();
    task_that_wakes_itself_starves_nobody();
    reset_forgets_no_async_task();
    channel_between_tasks();
    timers_are_never_early();
    timers_of_one_time_and_for_ever();
    one_thread_polls();
}

fn early_boot() {
    schedule::schedule(|| note(1)).unwrap();
    spawner().spawn(noter(&FIRST).unwrap());
    spawner().spawn(noter(&SECOND).unwrap());
    FIRST.signal(2);
    schedule::schedule(|| note(3)).unwrap();
    assert!(ORDER.lock().unwrap().is_empty());
    host::start();
    assert_eq!(order(), [1, 2, 3]);
}

fn full_pool_is_an_error() {
    let error = noter(&FIRST).map(|_| ()).unwrap_err();
    assert!(matches!(error, SpawnError::Busy));
    assert!(error.to_string().contains("pool_size"));
}

fn async_tasks_share_the_order_of_functions_and_tasks() {
    static TASK: Task = Task::new((), |_| note(4));

    let region = Region::enter().unwrap();
    schedule::schedule(|| note(1)).unwrap();
    FIRST.signal(2);
    schedule::schedule(|| note(3)).unwrap();
    TASK.schedule();
    drop(region);
    assert_eq!(order(), [1, 2, 3, 4]);
}

/// The second one, although it is woken behind the function; and embassy's order among the two.
fn two_tasks_take_one_turn() {
    let region = Region::enter().unwrap();
    FIRST.signal(1);
    schedule::schedule(|| note(3)).unwrap();
    SECOND.signal(2);
    drop(region);
    assert_eq!(order(), [2, 1, 3]);
}

fn full_queue_has_room_for_async_tasks() {
    let region = Region::enter().unwrap();
    while schedule::schedule(|| ()).is_ok() {}
    FIRST.signal(1);
    drop(region);
    assert_eq!(order(), [1]);
}

fn region_holds_async_tasks_off() {
    let region = Region::enter().unwrap();
    FIRST.signal(1);
    thread::sleep(Duration::from_millis(20));
    assert!(ORDER.lock().unwrap().is_empty());
    note(0);
    drop(region);
    assert_eq!(order(), [0, 1]);
}

fn interrupt_may_wake() {
    host::interrupt(|| FIRST.signal(5));
    assert_eq!(order(), [5]);
}

const THREADS: u32 = 8;
const WAKES: u32 = 2000;

static WAKER: Mutex<Option<Waker>> = Mutex::new(None);
static WOKEN: AtomicU32 = AtomicU32::new(0);
static SEEN: AtomicU32 = AtomicU32::new(0);
static POLLS: AtomicU32 = AtomicU32::new(0);

/// Sees how often it was woken. Its waker stays the same.
#[task]
async fn counter() {
    poll_fn(|context| {
        WAKER
            .lock()
            .unwrap()
            .get_or_insert_with(|| context.waker().clone());
        POLLS.fetch_add(1, Relaxed);
        SEEN.store(WOKEN.load(Relaxed), Relaxed);
        Poll::<()>::Pending
    })
    .await;
}

fn wake_counter() {
    let waker = WAKER.lock().unwrap().clone().unwrap();
    WOKEN.fetch_add(1, Relaxed);
    waker.wake();
}

fn wakes_from_many_threads_are_not_lost() {
    spawner().spawn(counter().unwrap());
    schedule::flush().unwrap();
    for _ in 0..5 {
        thread::scope(|scope| {
            for _ in 0..THREADS {
                scope.spawn(|| {
                    for _ in 0..WAKES {
                        wake_counter();
                    }
                });
            }
        });
        // Nothing wakes it any more: the last wake-up was not lost.
        wait_until(|| SEEN.load(Relaxed) == WOKEN.load(Relaxed));
    }
    assert_eq!(WOKEN.load(Relaxed), 5 * THREADS * WAKES);
}

fn wakes_join() {
    schedule::flush().unwrap();
    let before = POLLS.load(Relaxed);
    let accepted = schedule::stats().accepted;
    let region = Region::enter().unwrap();
    for _ in 0..100 {
        wake_counter();
    }
    assert_eq!(schedule::stats().accepted.wrapping_sub(accepted), 1);
    drop(region);
    schedule::flush().unwrap();
    assert_eq!(POLLS.load(Relaxed), before + 1);
}

static STOP: AtomicBool = AtomicBool::new(false);

#[task]
async fn restless() {
    let mut rounds = 0;
    poll_fn(|context| {
        rounds += 1;
        if rounds < 4 {
            // What is queued here comes before the next round of this task.
            schedule::schedule(move || note(rounds)).unwrap();
        }
        if STOP.load(Relaxed) {
            return Poll::Ready(());
        }
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

fn task_that_wakes_itself_starves_nobody() {
    let region = Region::enter().unwrap();
    spawner().spawn(restless().unwrap());
    schedule::schedule(|| note(0)).unwrap();
    drop(region);
    wait_until(|| ORDER.lock().unwrap().len() == 4);
    schedule::schedule(|| STOP.store(true, Relaxed)).unwrap();
    wait_until(|| restless().map(|again| spawner().spawn(again)).is_ok());
    assert_eq!(order()[..4], [0, 1, 2, 3]);
    wait_until(|| schedule::stats().queued() == 0);
    ORDER.lock().unwrap().clear();
}

fn reset_forgets_no_async_task() {
    let region = Region::enter().unwrap();
    schedule::schedule(|| note(1)).unwrap();
    FIRST.signal(2);
    let dropped = runtime::reset().unwrap();
    drop(region);
    assert_eq!(dropped.functions, 2);
    assert_eq!(order(), [2]);
    FIRST.signal(3);
    assert_eq!(order(), [3]);
}

static NUMBERS: Channel<CriticalSectionRawMutex, u32, 2> = Channel::new();

#[task]
async fn sender() {
    for number in 0..20 {
        NUMBERS.send(number).await;
    }
}

#[task]
async fn receiver() {
    loop {
        note(NUMBERS.receive().await);
    }
}

fn channel_between_tasks() {
    spawner().spawn(receiver().unwrap());
    spawner().spawn(sender().unwrap());
    wait_until(|| ORDER.lock().unwrap().len() == 20);
    assert_eq!(order(), (0..20).collect::<Vec<_>>());
}

static LEFT: AtomicU32 = AtomicU32::new(0);

#[task(pool_size = 50)]
async fn sleeper(microseconds: u64) {
    for _ in 0..20 {
        let begin = Instant::now();
        Timer::after_micros(microseconds).await;
        assert!(begin.elapsed() >= Duration::from_micros(microseconds));
    }
    LEFT.fetch_sub(1, Relaxed);
}

fn timers_are_never_early() {
    LEFT.store(50, Relaxed);
    for number in 0..50 {
        spawner().spawn(sleeper(number * 37).unwrap());
    }
    wait_until(|| LEFT.load(Relaxed) == 0);
}

#[task]
async fn of_one_time() {
    let at = embassy_time::Instant::now() + embassy_time::Duration::from_millis(5);
    Timer::at(at).await;
    Timer::at(at).await;
    note(1);
    Timer::at(embassy_time::Instant::from_ticks(0)).await;
    note(2);
    Timer::at(embassy_time::Instant::MAX).await;
    note(3);
}

fn timers_of_one_time_and_for_ever() {
    spawner().spawn(of_one_time().unwrap());
    wait_until(|| ORDER.lock().unwrap().len() == 2);
    thread::sleep(Duration::from_millis(10));
    assert_eq!(order(), [1, 2]);
}

/// Tasks that are not `Send` rely on it.
#[task(pool_size = 8)]
async fn in_thread(name: &'static Mutex<Vec<String>>) {
    let not_send = std::rc::Rc::new(());
    Timer::after_millis(1).await;
    let thread = thread::current().name().unwrap_or("?").to_owned();
    name.lock().unwrap().push(thread);
    drop(not_send);
}

fn one_thread_polls() {
    static NAMES: Mutex<Vec<String>> = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| spawner().spawn(in_thread(&NAMES).unwrap()));
        }
    });
    wait_until(|| NAMES.lock().unwrap().len() == 8);
    assert!(NAMES.lock().unwrap().iter().all(|name| name == "micrort"));
}
