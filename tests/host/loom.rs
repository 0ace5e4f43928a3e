// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! Every interleaving of the scheduler's locked sections and signals, by loom. A lost wake-up
//! shows as a deadlock of the executor's thread.
//!
//! Run with `RUSTFLAGS="--cfg loom" cargo test --release --test loom`.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]
#![cfg(loom)]

use std::env;
use std::sync::{Mutex, PoisonError};

use loom::thread;
use micrort::internals::loom::{go_on, interrupt, stop_before_wake, wait_for_wake};
use micrort::internals::{own, Arg, Callback, Entry, Func, Pool, Pushed, Scheduler, TaskRef};

/// A model with two slots and what its functions note. Its memory is leaked; the queue keeps
/// nodes for ever.
struct Model {
    scheduler: Scheduler,
    ran: Mutex<Vec<usize>>,
    running: Flag,
    in_region: Flag,
}

struct Job {
    model: &'static Model,
    id: usize,
}

#[repr(C)]
struct OwnTask {
    entry: Entry,
    job: Job,
}

unsafe extern "C" fn run(job: &'static Job) {
    let Model {
        running, in_region, ..
    } = job.model;
    assert!(!running.replace(true), "two functions at once");
    assert!(!in_region.get(), "begins in a region");
    thread::yield_now();
    assert!(!in_region.get(), "goes on in a region");
    running.set(false);
    job.model.ran.lock().unwrap().push(job.id);
}

/// [`run`], but no other thread is let run meanwhile that need not.
unsafe extern "C" fn run_at_once(job: &'static Job) {
    job.model.ran.lock().unwrap().push(job.id);
}

/// A flag that is no point of interest to loom, which would try every order of it as well.
#[derive(Default)]
struct Flag(Mutex<bool>);

impl Flag {
    fn get(&self) -> bool {
        *self.0.lock().unwrap()
    }

    fn replace(&self, value: bool) -> bool {
        std::mem::replace(&mut self.0.lock().unwrap(), value)
    }

    fn set(&self, value: bool) {
        self.replace(value);
    }
}

impl Model {
    fn new() -> &'static Self {
        Box::leak(Box::new(Model {
            scheduler: Scheduler::new(Pool::leak::<2>()),
            ran: Mutex::new(Vec::new()),
            running: Flag::default(),
            in_region: Flag::default(),
        }))
    }

    fn callback(&'static self, id: usize) -> Callback {
        self.callback_of(run, id)
    }

    fn callback_of(&'static self, func: unsafe extern "C" fn(&'static Job), id: usize) -> Callback {
        let job: &'static Job = Box::leak(Box::new(Job { model: self, id }));
        // SAFETY: a reference is passed as a pointer is, and the functions may be called from any thread.
        unsafe {
            let func = std::mem::transmute::<unsafe extern "C" fn(&'static Job), Func>(func);
            Callback::new(func, Arg::new(std::ptr::from_ref(job).cast_mut().cast()))
        }
    }

    fn schedule(&'static self, id: usize) {
        assert!(self.scheduler.schedule(self.callback(id)).is_ok());
    }

    fn enqueue(&'static self, callback: Callback) -> Option<u32> {
        let Ok(needed) = self.scheduler.enqueue(callback) else {
            panic!("a slot is free");
        };
        needed
    }

    /// A task whose function is `run`, as job 1.
    fn task(&'static self) -> TaskRef {
        unsafe extern "C" fn run_task(arg: Arg) {
            // SAFETY: the argument is the entry, the first field of an `OwnTask`.
            let task = unsafe { std::mem::transmute::<Arg, &'static OwnTask>(arg) };
            // SAFETY: `run` takes a job.
            unsafe { run(&task.job) };
        }

        let job = Job { model: self, id: 1 };
        let task: &'static OwnTask = Box::leak(Box::new(OwnTask {
            entry: Entry::new(Some(run_task)),
            job,
        }));
        // SAFETY: the task is never freed, and `run_task` takes its address.
        unsafe { TaskRef::new(std::ptr::NonNull::from(task).cast()) }
    }

    /// The executor's thread, until `count` functions have run.
    fn execute(&'static self, count: usize) {
        while self.ran.lock().unwrap().len() < count {
            wait_for_wake();
            self.scheduler.pass();
        }
    }

    fn in_region(&'static self, f: impl FnOnce()) {
        self.scheduler.enter().unwrap();
        assert!(!self.running.get(), "a function runs in a region");
        self.in_region.set(true);
        f();
        self.in_region.set(false);
        self.scheduler.exit().unwrap();
    }
}

/// So many preemptions in the ordinary run, all with `LOOM_ALL=1`: for models that take long without a bound.
fn at_least(preemptions: usize) -> Option<usize> {
    env::var_os("LOOM_ALL").is_none().then_some(preemptions)
}

/// Explores one model at a time: the port's locks and signals are one for all schedulers.
///
/// Without a bound every interleaving is tried; with one, those that preempt a thread as often.
fn model(preemptions: Option<usize>, f: impl Fn() + Sync + Send + 'static) {
    static ALONE: Mutex<()> = Mutex::new(());
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound = preemptions;
    builder.check(f);
}

/// Producers against the executor: each accepted function runs once, none is forgotten.
#[test]
fn producers_against_executor() {
    model(at_least(5), || {
        let model = Model::new();
        model.scheduler.start();
        let first = thread::spawn(move || model.schedule(1));
        let second = thread::spawn(move || model.schedule(2));
        model.execute(2);
        first.join().unwrap();
        second.join().unwrap();
        let mut ran = model.ran.lock().unwrap().clone();
        ran.sort_unstable();
        assert_eq!(ran, [1, 2]);
    });
}

/// A thread and an interrupt against the executor, likewise.
#[test]
fn interrupt_against_executor() {
    model(at_least(5), || {
        let model = Model::new();
        model.scheduler.start();
        let producer = thread::spawn(move || model.schedule(1));
        let interrupt = thread::spawn(move || interrupt(|| model.schedule(2)));
        model.execute(2);
        producer.join().unwrap();
        interrupt.join().unwrap();
        model.schedule(3);
        model.execute(3);
    });
}

/// A producer that is stopped before it wakes the executor holds up nobody; and when it goes on, it
/// takes no wake-up from others.
#[test]
fn producer_that_stops() {
    model(None, || {
        let model = Model::new();
        model.scheduler.start();
        let stopped = model.enqueue(model.callback(1));
        let other = thread::spawn(move || model.schedule(2));
        model.execute(2);
        other.join().unwrap();
        let goes_on = thread::spawn(move || model.scheduler.wake(stopped));
        model.schedule(3);
        model.execute(3);
        goes_on.join().unwrap();
        model.schedule(4);
        model.execute(4);
    });
}

/// Nor does one that is stopped with the decision made, in front of the wake-up itself: until it has woken
/// the executor, it tells nobody that it has.
#[test]
fn producer_that_stops_in_front_of_the_wake() {
    model(None, || {
        let model = Model::new();
        model.scheduler.start();
        let stopped = model.enqueue(model.callback(1));
        let producer = thread::spawn(move || {
            stop_before_wake();
            model.scheduler.wake(stopped);
        });
        model.schedule(2);
        model.execute(2);
        go_on();
        producer.join().unwrap();
        model.schedule(3);
        model.execute(3);
    });
}

/// A producer that goes on after what it woke the executor for has run says nothing for another one,
/// which is stopped before it wakes.
#[test]
fn producer_that_tells_late() {
    model(None, || {
        let model = Model::new();
        model.scheduler.start();
        let late = thread::spawn(move || {
            let first = model.callback_of(run_at_once, 1);
            let needed = model.enqueue(first);
            model.scheduler.wake(needed);
        });
        model.execute(1);
        let stopped = model.enqueue(model.callback(2));
        let other = thread::spawn(move || model.schedule(3));
        model.execute(3);
        model.scheduler.wake(stopped);
        late.join().unwrap();
        other.join().unwrap();
    });
}

/// One producer's functions run in its order.
#[test]
fn order_of_one_producer() {
    model(None, || {
        let model = Model::new();
        model.scheduler.start();
        let producer = thread::spawn(move || {
            model.schedule(1);
            model.schedule(2);
        });
        model.execute(2);
        producer.join().unwrap();
        assert_eq!(*model.ran.lock().unwrap(), [1, 2]);
    });
}

/// Early boot: what is scheduled before, while, or after the executor starts, runs.
#[test]
fn early_boot() {
    model(None, || {
        let model = Model::new();
        let producer = thread::spawn(move || {
            model.schedule(1);
            model.schedule(2);
        });
        model.scheduler.start();
        model.execute(2);
        producer.join().unwrap();
        assert_eq!(*model.ran.lock().unwrap(), [1, 2]);
    });
}

/// A task that two owners schedule at once runs once or twice, as the answers say.
#[test]
fn task_of_two_owners() {
    model(at_least(5), || {
        let model = Model::new();
        let task = model.task();
        let owner = move || model.scheduler.schedule_task(task).unwrap();
        model.scheduler.start();
        let first = thread::spawn(owner);
        let second = thread::spawn(owner);
        model.execute(1);
        let pushed = [first.join().unwrap(), second.join().unwrap()];
        let runs = pushed
            .iter()
            .filter(|pushed| **pushed == Pushed::New)
            .count();
        model.execute(runs);
        assert_eq!(model.ran.lock().unwrap().len(), runs);
    });
}

/// A region against a drain: no function runs inside (asserted in `run`), and after the exit the
/// rest is not forgotten.
#[test]
fn region_against_drain() {
    model(None, || {
        let model = Model::new();
        model.schedule(1);
        model.schedule(2);
        let visitor = thread::spawn(move || model.in_region(thread::yield_now));
        model.scheduler.start();
        model.execute(2);
        visitor.join().unwrap();
        assert_eq!(*model.ran.lock().unwrap(), [1, 2]);
    });
}

/// A region, a producer and the executor.
#[test]
fn region_against_producer() {
    model(Some(4), || {
        let model = Model::new();
        model.scheduler.start();
        let visitor = thread::spawn(move || model.in_region(|| ()));
        let producer = thread::spawn(move || model.schedule(1));
        model.execute(1);
        visitor.join().unwrap();
        producer.join().unwrap();
    });
}

/// Regions of two threads overlap: neither waits for the other.
#[test]
fn regions_overlap() {
    model(None, || {
        let model = Model::new();
        model.scheduler.start();
        model.scheduler.enter().unwrap();
        let other = thread::spawn(move || {
            model.scheduler.enter().unwrap();
            model.schedule(1);
            model.scheduler.exit().unwrap();
        });
        other.join().unwrap();
        assert!(model.ran.lock().unwrap().is_empty());
        model.scheduler.exit().unwrap();
        model.execute(1);
    });
}

/// Nested regions of two threads: none is lost, and none is left.
#[test]
fn nested_regions() {
    model(Some(4), || {
        let model = Model::new();
        model.scheduler.start();
        let nest = move || {
            model.scheduler.enter().unwrap();
            model.scheduler.enter().unwrap();
            model.scheduler.exit().unwrap();
            model.scheduler.exit().unwrap();
            assert!(model.scheduler.exit().is_err());
            model.scheduler.enter().unwrap();
            model.scheduler.exit().unwrap();
        };
        let other = thread::spawn(nest);
        nest();
        other.join().unwrap();
        model.schedule(1);
        model.execute(1);
    });
}

/// With two executors, as when two threads poll, only one runs at a time, and nothing is lost.
#[test]
fn two_pollers() {
    model(None, || {
        let model = Model::new();
        model.scheduler.start();
        model.schedule(1);
        model.schedule(2);
        let poller = thread::spawn(move || {
            model.scheduler.pass();
        });
        model.scheduler.pass();
        poller.join().unwrap();
        while model.ran.lock().unwrap().len() < 2 {
            model.scheduler.pass();
        }
        assert_eq!(*model.ran.lock().unwrap(), [1, 2]);
    });
}

/// A poller that finds another one running leaves everything as it is: a region still waits for
/// the function that runs.
#[test]
fn two_pollers_and_a_region() {
    model(Some(5), || {
        let model = Model::new();
        model.scheduler.start();
        model.schedule(1);
        let poller = thread::spawn(move || {
            model.scheduler.pass();
        });
        let visitor = thread::spawn(move || model.in_region(|| ()));
        model.scheduler.pass();
        poller.join().unwrap();
        visitor.join().unwrap();
        model.execute(1);
    });
}

/// A task that is cancelled while the executor dequeues it: it runs, or it was taken back; and what
/// stands behind it runs. When `cancel_sync` has returned, it does not run any more.
#[test]
fn cancel_against_dequeue() {
    model(Some(4), || {
        let model = Model::new();
        let task = model.task();
        model.scheduler.schedule_task(task).unwrap();
        model.schedule(2);
        let owner = thread::spawn(move || {
            let was_queued = model.scheduler.cancel_sync(task).unwrap();
            assert!(!model.running.get() || model.ran.lock().unwrap().contains(&1));
            was_queued
        });
        model.scheduler.start();
        model.execute(1);
        while !model.ran.lock().unwrap().contains(&2) {
            wait_for_wake();
            model.scheduler.pass();
        }
        let was_queued = owner.join().unwrap();
        assert_eq!(model.ran.lock().unwrap().contains(&1), !was_queued);
    });
}

/// Everything is cancelled between the wake-up and the pass: the next push wakes again.
#[test]
fn cancel_leaves_nothing() {
    model(None, || {
        let model = Model::new();
        let task = model.task();
        model.scheduler.start();
        let owner = thread::spawn(move || {
            model.scheduler.schedule_task(task).unwrap();
            model.scheduler.cancel(task);
            model.schedule(2);
        });
        while !model.ran.lock().unwrap().contains(&2) {
            wait_for_wake();
            model.scheduler.pass();
        }
        owner.join().unwrap();
    });
}

/// A flush waits for what was accepted before, also where a region ends a pass early.
#[test]
fn flush_against_region() {
    model(Some(3), || {
        let model = Model::new();
        model.scheduler.start();
        let waiter = thread::spawn(move || {
            model.schedule(1);
            model.scheduler.flush().unwrap();
            assert!(model.ran.lock().unwrap().contains(&1));
        });
        let visitor = thread::spawn(move || model.in_region(|| ()));
        model.execute(1);
        // The flush may need one pass more, for which it is waited for.
        waiter.join().unwrap();
        visitor.join().unwrap();
    });
}

/// A thread ends in a region: what was queued meanwhile runs.
#[test]
fn thread_ends_in_a_region() {
    model(None, || {
        let model = Model::new();
        model.scheduler.start();
        let visitor = thread::spawn(move || {
            model.scheduler.enter().unwrap();
            model.schedule(1);
            let me = micrort::internals::loom::current();
            let regions = own(|own| model.scheduler.thread_ending(own));
            assert!(model.scheduler.exit().is_err());
            model.scheduler.thread_ended(me, regions);
        });
        model.execute(1);
        visitor.join().unwrap();
    });
}

/// A function is left without a return: its pass ends, its region is closed, and the rest runs.
#[test]
fn function_is_abandoned() {
    model(Some(4), || {
        let model = Model::new();
        model.schedule(1);
        model.scheduler.start();
        let producer = thread::spawn(move || model.schedule(2));
        let visitor = thread::spawn(move || model.in_region(|| ()));
        // The pass as far as the function that does not return.
        wait_for_wake();
        let left = model.scheduler.claim();
        if left {
            model.scheduler.enter().unwrap();
            assert!(model.scheduler.abandon());
        }
        producer.join().unwrap();
        model.execute(2);
        visitor.join().unwrap();
    });
}

/// A reset beside a pass and a producer: what it does not drop runs once, what it drops does not run, and
/// no function is running when it returns.
#[test]
fn reset_during_a_pass() {
    model(Some(3), || {
        let model = Model::new();
        let dropped: &'static Mutex<usize> = Box::leak(Box::default());
        model.schedule(1);
        model.scheduler.start();
        let producer = thread::spawn(move || model.schedule(2));
        let resetter = thread::spawn(move || {
            let (functions, regions) = model.scheduler.reset().unwrap();
            assert_eq!(regions, 0);
            assert!(functions >= 1 || model.ran.lock().unwrap().contains(&1));
            *dropped.lock().unwrap() += functions as usize;
            model.schedule(3);
        });
        loop {
            wait_for_wake();
            model.scheduler.pass();
            let ran = model.ran.lock().unwrap();
            if ran.contains(&3) && ran.len() + *dropped.lock().unwrap() == 3 {
                break;
            }
        }
        producer.join().unwrap();
        resetter.join().unwrap();
    });
}

/// What is queued while a reset is under way is dropped, or waits for its end and is not forgotten then.
#[test]
fn reset_against_producer() {
    model(None, || {
        let model = Model::new();
        model.scheduler.start();
        let resetter = thread::spawn(move || model.scheduler.reset().unwrap().0 as usize);
        model.schedule(1);
        let dropped = resetter.join().unwrap();
        model.execute(1 - dropped);
        assert_eq!(model.ran.lock().unwrap().len(), 1 - dropped);
    });
}

/// A function is left in one of two threads that poll: the other one, which is woken at the end of that
/// pass, finds the mutex free, and does not ask for it again and again.
#[test]
fn function_is_abandoned_beside_a_poller() {
    model(Some(4), || {
        let model = Model::new();
        model.schedule(1);
        model.scheduler.start();
        let leaver = thread::spawn(move || {
            if model.scheduler.claim() {
                assert!(model.scheduler.abandon());
            }
        });
        model.execute(1);
        leaver.join().unwrap();
    });
}

/// A function that was left is not shown as one that runs.
#[test]
fn abandoned_function_does_not_run() {
    /// Leaves itself, and goes on as what stands behind a longjmp does.
    unsafe extern "C" fn leave(job: &'static Job) {
        let Model { scheduler, ran, .. } = job.model;
        assert!(scheduler.abandon());
        let mut shown = 0;
        scheduler.for_each(|_| shown += 1).unwrap();
        ran.lock().unwrap().push(shown);
    }

    model(None, || {
        let model = Model::new();
        let function = model.callback_of(leave, 1);
        assert!(model.scheduler.schedule(function).is_ok());
        model.scheduler.start();
        model.execute(1);
        assert_eq!(*model.ran.lock().unwrap(), [0]);
    });
}
