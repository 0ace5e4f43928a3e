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

use micrort::constants::{self, Value};
use micrort::exception::{self, AllocError, ExceptionType, Lost, OnlyCounted};
use micrort::heap::Allocator;
use micrort::heap_lock;
use micrort::schedule::{self, PollError, Pushed};
use micrort::{kbd_intr, opt_level, qstr, Region, Task};

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

static SENSOR_ERROR: ExceptionType = ExceptionType::new(c"SensorError");

/// Whether the oldest exception has this text.
fn taken_is(kind: &'static ExceptionType, text: &[u8]) -> bool {
    let Ok(Some(taken)) = exception::take() else {
        return false;
    };
    let mut buffer = [0; 64];
    let (length, _) = taken.text(&mut buffer);
    taken.is(kind) && &buffer[..length] == text
}

#[no_mangle]
extern "C" fn exceptions_are_raised_and_taken() -> i32 {
    check!(raise_of_lid() == Ok(Lost::default()));
    check!(taken_is(&SENSOR_ERROR, b"lid: -5 after 1234567890123 us"));
    {
        let Ok(_guard) = heap_lock::lock() else {
            return line!() as i32;
        };
        check!(exception::alloc_emergency_exception_buf(64) == Err(AllocError::NoMemory));
        check!(raise_of_lid().is_ok_and(|lost| lost.contains(Lost::PLACE)));
        check!(raise_of_lid() == Err(OnlyCounted));
        check!(taken_is(&SENSOR_ERROR, b""));
    }
    check!(exception::alloc_emergency_exception_buf(64).is_ok());
    {
        let Ok(_guard) = heap_lock::lock() else {
            return line!() as i32;
        };
        check!(raise_of_lid().is_ok_and(|lost| !lost.contains(Lost::TEXT)));
    }
    check!(exception::alloc_emergency_exception_buf(0) == Err(AllocError::Busy));
    check!(exception::clear() == 2);
    check!(exception::alloc_emergency_exception_buf(0).is_ok());
    0
}

fn raise_of_lid() -> Result<Lost, OnlyCounted> {
    micrort::raise!(
        SENSOR_ERROR,
        "%s: %d after %lld us",
        "lid",
        -5,
        1_234_567_890_123_i64
    )
}

#[no_mangle]
extern "C" fn assertions_follow_the_level() -> i32 {
    let check = |speed: u32| micrort::assertion!(speed < 100, "speed %u", speed);
    check!(opt_level::get() == 0 && opt_level::debug());
    check!(check(99) && !check(100));
    check!(taken_is(&exception::ASSERTION_ERROR, b"speed 100"));
    check!(opt_level::set(1).is_ok());
    check!(check(100));
    check!(opt_level::set(4).is_err());
    check!(opt_level::set(0).is_ok());
    check!(matches!(exception::take(), Ok(None)));
    0
}

micrort::constant! {
    FROM_RUST: u32 = 7 * 6;
    _HIDDEN_IN_RUST: u32 = 1;
}

#[no_mangle]
extern "C" fn strings_and_constants_of_both_languages() -> i32 {
    let name = micrort::qstr!("from rust");
    check!(name.as_bytes() == b"from rust");
    check!(qstr::find(b"from rust") == Some(name));
    check!(qstr::find(b"from c").is_some_and(|name| name.as_bytes() == b"from c"));
    check!(qstr::intern(b"at run time").is_ok_and(|name| name.as_bytes() == b"at run time"));
    check!(constants::get("FROM_RUST") == Some(Value::Int(FROM_RUST.into())));
    check!(constants::get("FROM_C") == Some(Value::Int(-1)));
    check!(constants::get("_HIDDEN_IN_RUST").is_none() && _HIDDEN_IN_RUST == 1);
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

/// `u64::MAX` stands for more than that.
#[no_mangle]
extern "C" fn sleep_lasts_until_interrupted(microseconds: u64) -> i32 {
    let duration = match microseconds {
        u64::MAX => Duration::MAX,
        _ => Duration::from_micros(microseconds),
    };
    check!(kbd_intr::attach().is_ok());
    check!(schedule::sleep(duration) == Err(PollError::Interrupted));
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
