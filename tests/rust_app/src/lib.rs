// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! A Rust application that uses micrort as a crate, on Zephyr. Each function answers 0, or the
//! line of the check that failed.

#![no_std]

extern crate alloc;

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::sync::atomic::{AtomicI32, AtomicU32, Ordering::Relaxed};
use core::time::Duration;

use micrort::heap_lock::{self, Allocator};
use micrort::schedule::{self, PollError, Pushed};
use micrort::{kbd_intr, Region, Task};

#[global_allocator]
static ALLOCATOR: Allocator = Allocator;

#[panic_handler]
fn panic(_: &core::panic::PanicInfo) -> ! {
    loop {}
}

macro_rules! check {
    ($condition:expr) => {
        if !$condition {
            return line!() as i32;
        }
    };
}

static ORDER: AtomicU32 = AtomicU32::new(0);

/// Appends a digit.
fn note(digit: u32) {
    ORDER.store(ORDER.load(Relaxed) * 10 + digit, Relaxed);
}

/// Lets everything run that is queued, and takes the digits.
fn order() -> u32 {
    let _ = schedule::sleep(Duration::from_millis(20));
    ORDER.swap(0, Relaxed)
}

#[no_mangle]
extern "C" fn closures_run_in_order() -> i32 {
    let captured = 2u16;
    check!(schedule::schedule(|| note(1)).is_ok());
    check!(schedule::schedule(move || note(captured.into())).is_ok());
    check!(order() == 12);
    0
}

#[no_mangle]
extern "C" fn full_queue_gives_the_closure_back() -> i32 {
    let Ok(region) = Region::enter() else {
        return line!() as i32;
    };
    for _ in 0..8 {
        check!(schedule::schedule(|| note(1)).is_ok());
    }
    let Err(refused) = schedule::schedule(|| note(2)) else {
        return line!() as i32;
    };
    drop(region);
    check!(order() == 11_111_111);
    (refused.0)();
    check!(order() == 2);
    0
}

#[no_mangle]
extern "C" fn task_keeps_its_data() -> i32 {
    static SUM: Task<AtomicU32> = Task::new(AtomicU32::new(0), |sum| note(sum.swap(0, Relaxed)));
    let Ok(region) = Region::enter() else {
        return line!() as i32;
    };
    SUM.fetch_add(3, Relaxed);
    check!(SUM.schedule() == Pushed::New);
    SUM.fetch_add(4, Relaxed);
    check!(SUM.schedule() == Pushed::Joined);
    drop(region);
    check!(order() == 7);
    0
}

#[no_mangle]
extern "C" fn region_keeps_functions_from_running() -> i32 {
    let Ok(region) = Region::enter() else {
        return line!() as i32;
    };
    check!(schedule::schedule(|| note(1)).is_ok());
    check!(order() == 0);
    drop(region);
    check!(order() == 1);
    0
}

#[no_mangle]
extern "C" fn heap_guard_refuses() -> i32 {
    let before = heap_lock::refusals().count;
    {
        let Ok(_guard) = heap_lock::lock() else {
            return line!() as i32;
        };
        check!(heap_lock::depth() == 1);
        let mut grown = Vec::<u8>::new();
        check!(grown.try_reserve(16).is_err());
    }
    check!(heap_lock::depth() == 0);
    check!(heap_lock::refusals().count == before + 1);
    check!(heap_lock::refusals().size == 16);
    0
}

#[no_mangle]
extern "C" fn boxes_live_in_the_arena() -> i32 {
    let boxed: Vec<Box<u32>> = (0..10).map(Box::new).collect();
    check!(boxed.iter().map(|boxed| **boxed).sum::<u32>() == 45);
    0
}

#[no_mangle]
extern "C" fn sleep_is_interrupted() -> i32 {
    check!(kbd_intr::attach().is_ok());
    check!(schedule::schedule(|| {
        let _ = kbd_intr::raise();
    })
    .is_ok());
    check!(schedule::sleep(Duration::from_secs(60)) == Err(PollError::Interrupted));
    check!(schedule::poll() == Ok(0));
    check!(kbd_intr::detach().is_ok());
    0
}

/// # Safety
///
/// `c_ran` is valid for ever.
#[no_mangle]
unsafe extern "C" fn rust_runs_after_c(c_ran: *const AtomicI32) -> i32 {
    static C_RAN: Task<AtomicU32> = Task::new(AtomicU32::new(0), |seen| {
        note(seen.load(Relaxed));
    });
    // SAFETY: promised by the caller.
    let c_ran: &'static AtomicI32 = unsafe { &*c_ran };
    check!(schedule::schedule(move || C_RAN.store(c_ran.load(Relaxed) as u32, Relaxed)).is_ok());
    C_RAN.schedule();
    check!(order() == 7);
    0
}
