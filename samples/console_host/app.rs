// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! The command `app`, as in samples/console/src/main.c: functions that a timer interrupt schedules, a
//! storm of them, a button that bounces, a task that is taken back, exceptions, interned words, and
//! commands that Ctrl-C stops.

use std::alloc::{GlobalAlloc, Layout};
use std::ffi::CStr;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::sync::Mutex;
use std::time::{Duration, Instant};
use std::{str, thread};

use micrort::commands::{Command, Failure, Offer, Outcome};
use micrort::exception::VALUE_ERROR;
use micrort::heap::Allocator;
use micrort::heap_lock;
use micrort::print::Report;
use micrort::schedule::{self, Pushed};
use micrort::{host, kbd_intr, named, qstr, raise, Region, Task};

micrort::constant! {
    pub TICK_PERIOD_MS: u32 = 100;
    BURST_DEFAULT: u32 = 100;
    LOOP_SECONDS: u32 = 60;
    STORM_DEFAULT: u32 = 1000;
    SAMPLE_NAME: &CStr = c"console";
    HAS_BUTTON: bool = true;
    _NUMBERS_PER_STEP: u32 = 16;
}

static TICKS_SCHEDULED: AtomicU32 = AtomicU32::new(0);
static TICKS_RUN: AtomicU32 = AtomicU32::new(0);

/// The timer's interrupt.
pub fn on_tick_interrupt() {
    let tick = || _ = TICKS_RUN.fetch_add(1, Relaxed);
    if schedule::schedule(tick).is_ok() {
        TICKS_SCHEDULED.fetch_add(1, Relaxed);
    }
}

/// The argument of a joined call is not lost: it waits in the task's data.
struct Button {
    pressed: AtomicU32,
    joined: AtomicU32,
    counted: AtomicU32,
    runs: AtomicU32,
}

static BUTTON: Task<Button> = Task::new(
    Button {
        pressed: AtomicU32::new(0),
        joined: AtomicU32::new(0),
        counted: AtomicU32::new(0),
        runs: AtomicU32::new(0),
    },
    |button| {
        let pressed = button.pressed.swap(0, Relaxed);
        button.counted.fetch_add(pressed, Relaxed);
        button.runs.fetch_add(1, Relaxed);
    },
);

fn on_button_interrupt(presses: u32) {
    for _ in 0..presses {
        BUTTON.pressed.fetch_add(1, Relaxed);
        if BUTTON.schedule() == Pushed::Joined {
            BUTTON.joined.fetch_add(1, Relaxed);
        }
    }
}

/// Interrupts that call until the queue is full. A call that is refused is made again by the next.
struct Storm {
    called: AtomicU32,
    interrupts: AtomicU32,
    refused: AtomicU32,
    ran: AtomicU32,
    in_order: AtomicU32,
}

static STORM: Storm = Storm {
    called: AtomicU32::new(0),
    interrupts: AtomicU32::new(0),
    refused: AtomicU32::new(0),
    ran: AtomicU32::new(0),
    in_order: AtomicU32::new(0),
};

fn on_storm_interrupt(calls: u32) {
    STORM.interrupts.fetch_add(1, Relaxed);
    while STORM.called.load(Relaxed) < calls {
        let number = STORM.called.load(Relaxed);
        let call = move || {
            if STORM.ran.fetch_add(1, Relaxed) == number {
                STORM.in_order.fetch_add(1, Relaxed);
            }
        };
        if schedule::schedule(call).is_err() {
            STORM.refused.fetch_add(1, Relaxed);
            return;
        }
        STORM.called.fetch_add(1, Relaxed);
    }
}

static CANCEL_TASK: Task<AtomicU32> =
    Task::new(AtomicU32::new(0), |runs| _ = runs.fetch_add(1, Relaxed));

/// The command.
pub static APP: Command = Command::group(named!("app", "What the application does."), || {
    // Interned when the program is built: it takes no memory at run time.
    let _ = qstr!("button");
    &[
        &ALLOC,
        &BURST,
        &CANCEL,
        &INTERN,
        &LOOP,
        &RAISE,
        &SLEEP,
        &STATS,
        &STORM_OF_CALLS,
    ]
});

const NOTHING: Offer = Offer::Values(&[]);

const ALLOC: Command = Command::new(
    named!("alloc", "Allocate and free a block: alloc SIZE [locked]."),
    (1, 2),
    NOTHING,
    alloc,
);
const BURST: Command = Command::new(
    named!(
        "burst",
        "Press a button from an interrupt: burst [PRESSES], default 100."
    ),
    (0, 1),
    NOTHING,
    burst,
);
const CANCEL: Command = Command::plain(
    named!("cancel", "Queue a task, and take it back before it runs."),
    cancel,
);
const INTERN: Command = Command::new(
    named!("intern", "Intern a word: intern WORD."),
    (1, 1),
    NOTHING,
    intern,
);
const LOOP: Command = Command::new(
    named!("loop", "Compute until Ctrl-C: loop [SECONDS], default 60."),
    (0, 1),
    NOTHING,
    count_primes,
);
const RAISE: Command = Command::new(
    named!(
        "raise",
        "Raise an exception: raise [thread|interrupt|function] [TEXT]."
    ),
    (0, 2),
    Offer::Values(&[
        named!("function", "In a scheduled function, which prints it."),
        named!("interrupt", "In a timer interrupt."),
        named!("thread", "In this thread."),
    ]),
    raise,
);
const SLEEP: Command = Command::new(
    named!("sleep", "Sleep until Ctrl-C: sleep SECONDS."),
    (1, 1),
    NOTHING,
    sleep,
);
const STATS: Command = Command::plain(
    named!("stats", "Show what the timer interrupt has scheduled."),
    stats,
);
const STORM_OF_CALLS: Command = Command::new(
    named!(
        "storm",
        "Fill the queue from interrupts: storm [CALLS], default 1000."
    ),
    (0, 1),
    NOTHING,
    storm,
);

/// The report has said it.
static TOLD: Failure = Failure::new("", 1);
static INTERRUPTED: Failure = Failure::new("", 4);

/// Runs an interrupt, and waits until it is over. It comes while nothing else runs.
fn interrupt_idle(handler: impl FnOnce() + Send + 'static) {
    let idle = thread::Builder::new().name("idle".into());
    if let Ok(idle) = idle.spawn(|| host::interrupt(handler)) {
        // A handler that panics was told of on standard error.
        let _ = idle.join();
    }
}

/// Reads a number from `least` to `most`.
fn parse(
    word: &[u8],
    least: u32,
    most: u32,
    report: &mut Report<'_>,
) -> Result<u32, &'static Failure> {
    let number = str::from_utf8(word).ok().and_then(|word| word.parse().ok());
    if let Some(number) = number.filter(|number| (least..=most).contains(number)) {
        return Ok(number);
    }
    report
        .text(word)
        .text(&format!(": not a number from {least} to {most}\n"));
    Err(&TOLD)
}

fn stats(_: &[&[u8]], report: &mut Report<'_>) -> Outcome {
    let (scheduled, ran) = (TICKS_SCHEDULED.load(Relaxed), TICKS_RUN.load(Relaxed));
    report.text(&format!(
        "timer interrupt: {scheduled} scheduled, {ran} ran\n"
    ));
    Ok(())
}

fn burst(words: &[&[u8]], report: &mut Report<'_>) -> Outcome {
    let presses = match words.first() {
        Some(word) => parse(word, 1, 10000, report)?,
        None => BURST_DEFAULT,
    };
    let figures =
        || [&BUTTON.counted, &BUTTON.joined, &BUTTON.runs].map(|figure| figure.load(Relaxed));
    let before = figures();
    interrupt_idle(move || on_button_interrupt(presses));
    schedule::sleep(Duration::from_millis(100)).map_err(|_| &INTERRUPTED)?;
    let [counted, joined, runs] = figures();
    let [counted_before, joined_before, runs_before] = before;
    report.text(&format!(
        "{presses} presses in one interrupt: {} counted, {} joined, {} runs\n",
        counted - counted_before,
        joined - joined_before,
        runs - runs_before
    ));
    Ok(())
}

fn storm(words: &[&[u8]], report: &mut Report<'_>) -> Outcome {
    let calls = match words.first() {
        Some(word) => parse(word, 1, 10000, report)?,
        None => STORM_DEFAULT,
    };
    let figures = [
        &STORM.interrupts,
        &STORM.ran,
        &STORM.in_order,
        &STORM.refused,
    ];
    for figure in figures.iter().chain(&[&STORM.called]) {
        figure.store(0, Relaxed);
    }
    let mut slept = Ok(());
    while slept.is_ok() && STORM.called.load(Relaxed) < calls {
        interrupt_idle(move || on_storm_interrupt(calls));
        slept = schedule::sleep(Duration::from_millis(1));
    }
    let _ = schedule::flush();
    slept.map_err(|_| &INTERRUPTED)?;
    let [interrupts, ran, in_order, refused] = figures.map(|figure| figure.load(Relaxed));
    report.text(&format!(
        "{calls} calls in {interrupts} interrupts: {ran} ran, {in_order} in order; queue full {refused} times\n"
    ));
    Ok(())
}

fn cancel(_: &[&[u8]], report: &mut Report<'_>) -> Outcome {
    let runs = || CANCEL_TASK.load(Relaxed);
    let before = runs();
    // Else the task would run at once.
    let region = Region::enter().map_err(|_| &TOLD)?;
    CANCEL_TASK.schedule();
    let was_queued = CANCEL_TASK.cancel_sync().is_ok_and(|was_queued| was_queued);
    drop(region);
    let _ = schedule::flush();
    let cancelled = runs() - before;
    CANCEL_TASK.schedule();
    let _ = CANCEL_TASK.flush();
    report.text(&format!(
        "queued, {}, {cancelled} runs; queued again, {} runs\n",
        if was_queued {
            "taken back"
        } else {
            "not found"
        },
        runs() - before - cancelled
    ));
    Ok(())
}

fn alloc(words: &[&[u8]], report: &mut Report<'_>) -> Outcome {
    let size = parse(
        words.first().copied().unwrap_or_default(),
        1,
        1_000_000,
        report,
    )?;
    let _guard = match words.get(1) {
        None => None,
        Some(&b"locked") => Some(heap_lock::lock().map_err(|_| &TOLD)?),
        Some(word) => {
            report.text(*word).text(": not \"locked\"\n");
            return Err(&TOLD);
        }
    };
    let layout = Layout::from_size_align(size as usize, 8).map_err(|_| &TOLD)?;
    let before = heap_lock::refusals().count;
    // SAFETY: the layout has a size.
    let block = unsafe { Allocator.alloc(layout) };
    if !block.is_null() {
        // SAFETY: the block was allocated with this layout just now.
        unsafe { Allocator.dealloc(block, layout) };
        report.text(&format!("allocated {size} bytes\n"));
        return Ok(());
    }
    report.text(if heap_lock::refusals().count != before {
        "refused: the heap is locked, "
    } else {
        "no room for "
    });
    report.text(&format!("{size} bytes\n"));
    Err(&TOLD)
}

fn raise_with(text: &str) {
    // What is lost of it, the record says.
    let _ = raise!(VALUE_ERROR, "channel %d: %s", 3, text);
}

fn raise(words: &[&[u8]], _: &mut Report<'_>) -> Outcome {
    static TEXT: Mutex<String> = Mutex::new(String::new());

    let word = |index: usize| words.get(index).map(|word| String::from_utf8_lossy(word));
    let text = word(1).map_or_else(|| "out of range".to_owned(), |text| text.into_owned());
    match word(0).as_deref() {
        Some("function") => {
            if let Ok(mut place) = TEXT.lock() {
                *place = text;
            }
            schedule::schedule(|| {
                raise_with(&TEXT.lock().map(|text| text.clone()).unwrap_or_default())
            })
            .map_err(|_| &TOLD)?;
        }
        Some("interrupt") => interrupt_idle(move || raise_with(&text)),
        _ => raise_with(&text),
    }
    Ok(())
}

fn intern(words: &[&[u8]], report: &mut Report<'_>) -> Outcome {
    let word = words.first().copied().unwrap_or_default();
    match qstr::intern(word) {
        Ok(interned) => {
            let text = interned.as_bytes();
            report.text(&format!("{}: ", interned.id())).text(text);
            report.text(&format!(", {} bytes\n", text.len()));
            Ok(())
        }
        Err(error) => {
            report.text(&format!("not interned: {error:?}\n"));
            Err(&TOLD)
        }
    }
}

fn is_prime(number: u32) -> bool {
    let divisors = (2..).take_while(|divisor| divisor * divisor <= number);
    number > 1 && divisors.into_iter().all(|divisor| number % divisor != 0)
}

fn count_primes(words: &[&[u8]], report: &mut Report<'_>) -> Outcome {
    let seconds = match words.first() {
        Some(word) => parse(word, 1, 3600, report)?,
        None => LOOP_SECONDS,
    };
    report.text(&format!(
        "counting primes for {seconds} seconds; Ctrl-C stops\n"
    ));
    let end = Instant::now() + Duration::from_secs(seconds.into());
    let mut primes = 0;
    for number in (0..).take_while(|_| Instant::now() < end) {
        primes += u32::from(is_prime(number));
        if number % _NUMBERS_PER_STEP == 0 && kbd_intr::check().is_err() {
            report.text(&format!("interrupted after {primes} primes\n"));
            return Err(&INTERRUPTED);
        }
    }
    report.text(&format!("finished after {primes} primes\n"));
    Ok(())
}

fn sleep(words: &[&[u8]], report: &mut Report<'_>) -> Outcome {
    let seconds = parse(words.first().copied().unwrap_or_default(), 0, 3600, report)?;
    report.text(&format!("sleeping for {seconds} seconds; Ctrl-C stops\n"));
    let start = Instant::now();
    let slept = schedule::sleep(Duration::from_secs(seconds.into()));
    let (what, ms) = (
        if slept.is_ok() {
            "slept for"
        } else {
            "interrupted after"
        },
        start.elapsed().as_millis(),
    );
    report.text(&format!("{what} {ms} ms\n"));
    slept.map_err(|_| &INTERRUPTED)
}
