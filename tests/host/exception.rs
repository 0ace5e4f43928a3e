// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! Exceptions on the host port: raise, take, print, clear, and the emergency buffer.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]
#![cfg(not(loom))]

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{mpsc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use micrort::exception::{
    self, alloc_emergency_exception_buf as set_buffer, AllocError, Argument, Exception,
    ExceptionType, InInterrupt, Literal, Lost, OnlyCounted, Place,
};
use micrort::print::PrintError;
use micrort::{heap_lock, host, opt_level, raise, schedule};

/// Bytes of a record without what varies.
const RECORD: isize = 40;
const WORD: isize = size_of::<usize>() as isize;

/// The exceptions of a process are one list: its tests take turns, and each begins with none and
/// without a buffer.
struct Alone(#[allow(dead_code)] MutexGuard<'static, ()>);

impl Alone {
    fn new() -> Self {
        static TURN: Mutex<()> = Mutex::new(());
        let alone = Alone(TURN.lock().unwrap_or_else(PoisonError::into_inner));
        reset();
        alone
    }
}

impl Drop for Alone {
    fn drop(&mut self) {
        reset();
    }
}

fn reset() {
    exception::clear();
    let _ = set_buffer(0);
    let _ = opt_level::set(0);
}

fn take() -> Option<Exception> {
    exception::take().unwrap()
}

fn text_of(exception: &Exception) -> String {
    let mut text = [0; 256];
    let (length, _) = exception.text(&mut text);
    String::from_utf8(text[..length].to_vec()).unwrap()
}

fn take_text() -> Option<String> {
    take().map(|taken| text_of(&taken))
}

fn thread_of(exception: &Exception) -> String {
    let mut name = [0; exception::NAME_MAX];
    let length = exception.thread(&mut name);
    String::from_utf8(name[..length].to_vec()).unwrap()
}

fn printed() -> String {
    let mut all = Vec::new();
    exception::print(&mut |piece: &[u8]| {
        all.extend_from_slice(piece);
        Ok(())
    })
    .unwrap();
    String::from_utf8(all).unwrap()
}

/// Runs in a thread with this name.
fn named<R: Send>(name: &str, run: impl FnOnce() -> R + Send) -> R {
    thread::scope(|scope| {
        thread::Builder::new()
            .name(name.into())
            .spawn_scoped(scope, run)
            .unwrap()
            .join()
            .unwrap()
    })
}

static SENSOR_ERROR: ExceptionType = ExceptionType::new(c"SensorError");

#[test]
fn taken_in_the_order_in_which_they_were_raised() {
    let _alone = Alone::new();
    for number in 0..20 {
        assert_eq!(
            raise!(exception::VALUE_ERROR, "number %d", number),
            Ok(Lost::default())
        );
    }
    for number in 0..20 {
        let taken = take().unwrap();
        assert!(taken.is(&exception::VALUE_ERROR) && !taken.is(&exception::TYPE_ERROR));
        assert_eq!(text_of(&taken), format!("number {number}"));
    }
    assert!(take().is_none());
    assert_eq!(exception::counted(), 0);
}

#[test]
fn what_and_where() {
    let _alone = Alone::new();
    let line = line!() + 2;
    named("sensors", || {
        assert!(raise!(SENSOR_ERROR, "no answer from %s", "lid")
            .unwrap()
            .is_nothing());
    });
    let taken = take().unwrap();
    assert_eq!(taken.kind().name(), b"SensorError");
    assert_eq!(taken.file().unwrap().bytes(), file!().as_bytes());
    assert_eq!(taken.line(), line);
    assert_eq!(thread_of(&taken), "sensors");
    assert_eq!(text_of(&taken), "no answer from lid");
    assert!(!taken.in_interrupt());
    assert_eq!(taken.interrupt(), 0);
    assert_eq!(taken.addresses().count(), 0);
    assert_eq!(taken.lost(), Lost::default());
}

#[test]
fn place_that_the_caller_names() {
    let _alone = Alone::new();
    set_buffer(400).unwrap();
    let addresses = [0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88, 0x99];
    let place = Place {
        interrupt: 4095,
        addresses: &addresses,
        ..Place::new(Some(Literal::new(c"a.c")), u32::MAX)
    };
    named("t", || {
        host::interrupt(|| exception::raise(&SENSOR_ERROR, place, Literal::new(c"x"), &[]))
    })
    .unwrap();
    let expected = "Uncaught exception in IRQ callback handler\n\
        Traceback (most recent call last):\n  File \"a.c\", line 1048575, in interrupt 4095 of t\n    \
        0x11\n    0x22\n    0x33\n    0x44\n    0x55\n    0x66\n    0x77\n    0x88\nSensorError: x\n";
    assert_eq!(printed(), expected);
    let taken = take().unwrap();
    assert_eq!(taken.line(), 1_048_575);
    assert_eq!(taken.interrupt(), 4095);
    assert!(taken.in_interrupt());
    assert_eq!(taken.addresses().collect::<Vec<_>>(), &addresses[..8]);
}

/// A thread without a name is known by its number, a long name is cut.
#[test]
fn names_of_threads() {
    let _alone = Alone::new();
    let long = "a-name-of-more-than-thirty-two-bytes";
    named(long, || raise!(SENSOR_ERROR, "x")).unwrap();
    assert_eq!(thread_of(&take().unwrap()), long[..32]);
    thread::scope(|scope| {
        scope.spawn(|| raise!(SENSOR_ERROR, "x").unwrap());
    });
    let name = thread_of(&take().unwrap());
    assert!(usize::from_str_radix(name.strip_prefix("0x").unwrap(), 16).is_ok());
}

/// "A record never replaces another one that is unread."
#[test]
fn second_one_never_overwrites_the_first() {
    let _alone = Alone::new();
    let _locked = heap_lock::lock().unwrap();
    let lost = raise!(exception::VALUE_ERROR, "%d", 1).unwrap();
    assert!(lost.contains(Lost::TEXT) && lost.contains(Lost::PLACE));
    for number in 1..=3 {
        assert_eq!(raise!(exception::TYPE_ERROR, "second"), Err(OnlyCounted));
        assert_eq!(exception::counted(), number);
    }
    assert_eq!(printed(), "ValueError: \nExceptions lost: 3\n");
    let first = take().unwrap();
    assert!(first.is(&exception::VALUE_ERROR));
    assert_eq!(
        (text_of(&first), first.file().is_none(), first.line()),
        (String::new(), true, 0)
    );
    assert_eq!(thread_of(&first), "");
    assert!(take().is_none());
    // The place is free again; what was only counted stays counted.
    assert!(raise!(exception::OS_ERROR, "x").is_ok());
    assert_eq!(exception::counted(), 3);
    assert_eq!(exception::clear(), 4);
    assert_eq!((exception::counted(), exception::clear()), (0, 0));
}

/// "chained if it fits": two whole ones, one that is cut, the type of one more.
#[test]
fn chained_in_the_buffer() {
    let _alone = Alone::new();
    set_buffer(3 * RECORD + 2 * WORD).unwrap();
    named("t", || {
        let _locked = heap_lock::lock().unwrap();
        // One byte of name and seven of text.
        assert!(raise!(SENSOR_ERROR, "%s", "first").unwrap().is_nothing());
        assert!(raise!(SENSOR_ERROR, "%s", "2nd").unwrap().is_nothing());
        let lost = raise!(SENSOR_ERROR, "%s and %d", "the third", 3).unwrap();
        assert!(lost.contains(Lost::TEXT) && !lost.contains(Lost::PLACE));
        assert!(raise!(exception::OS_ERROR, "4")
            .unwrap()
            .contains(Lost::PLACE));
        assert_eq!(raise!(SENSOR_ERROR, "5"), Err(OnlyCounted));
    });
    assert_eq!(take_text().as_deref(), Some("first"));
    // Taken from the front, but the buffer begins anew only when it is empty.
    host::interrupt(|| assert_eq!(raise!(SENSOR_ERROR, "6"), Err(OnlyCounted)));
    assert_eq!(take_text().as_deref(), Some("2nd"));
    assert_eq!(take_text().as_deref(), Some("..."));
    let fourth = take().unwrap();
    assert!(fourth.is(&exception::OS_ERROR));
    assert!(take().is_none());
    assert_eq!(exception::counted(), 2);
    host::interrupt(|| assert!(!raise!(SENSOR_ERROR, "7").unwrap().contains(Lost::TEXT)));
}

/// What of an exception survives in a buffer of so many bytes; the table of exception.h.
#[test]
fn thresholds() {
    const TEXT: &str = "sixteen and more bytes of text";
    const ALL: isize = RECORD + 2 + TEXT.len() as isize + 4 + 1 + WORD;
    const ROUNDED: isize = (ALL + WORD - 1) / WORD * WORD;
    // Size, bytes of the text; file, name, address.
    let table = [
        (0, None, false, false, false),
        (8, None, false, false, false),
        (RECORD - 1, None, false, false, false),
        (RECORD, Some(0), true, false, false),
        (RECORD + 7, Some(0), true, false, false),
        (RECORD + WORD, Some(6), true, false, false),
        // The reference's thresholds, but for its last one, from which it has a text.
        (48, Some(6), true, false, false),
        (72, Some(30), true, false, false),
        (104, Some(TEXT.len()), true, true, true),
        (120, Some(TEXT.len()), true, true, true),
        (ROUNDED - WORD, Some(TEXT.len()), true, true, false),
        (ROUNDED, Some(TEXT.len()), true, true, true),
    ];
    let _alone = Alone::new();
    for (size, kept, file, name, address) in table {
        set_buffer(size).unwrap();
        named("name", || {
            let place = Place {
                addresses: &[0x1234],
                ..Place::new(Some(Literal::new(c"file")), 7)
            };
            let format = Literal::new(c"%s");
            host::interrupt(|| exception::raise(&SENSOR_ERROR, place, format, &[TEXT.into()]))
        })
        .unwrap();
        let taken = take().unwrap();
        assert!(taken.is(&SENSOR_ERROR));
        let (text, whole) = match kept {
            None => (String::new(), false),
            Some(kept) if kept == TEXT.len() => (TEXT.into(), true),
            Some(kept) => (format!("{}...", &TEXT[..kept]), false),
        };
        assert_eq!(text_of(&taken), text, "{size}");
        assert_eq!(taken.file().is_some(), file, "{size}");
        assert_eq!(taken.line(), if file { 7 } else { 0 }, "{size}");
        assert_eq!(thread_of(&taken), if name { "name" } else { "" }, "{size}");
        assert_eq!(taken.addresses().count(), address.into(), "{size}");
        let lost = taken.lost();
        assert_eq!(lost.contains(Lost::TEXT), !whole, "{size}");
        assert_eq!(lost.contains(Lost::PLACE), !file, "{size}");
        assert_eq!(lost.contains(Lost::THREAD), !name, "{size}");
        assert_eq!(lost.contains(Lost::ADDRESSES), !address, "{size}");
    }
}

#[test]
fn text_is_cut_to_the_readers_buffer() {
    let _alone = Alone::new();
    raise!(SENSOR_ERROR, "%s", "abcdefgh").unwrap();
    let taken = take().unwrap();
    for (size, expected) in [
        "", ".", "..", "...", "a...", "ab...", "abc...", "abcd...", "abcdefgh", "abcdefgh",
    ]
    .into_iter()
    .enumerate()
    {
        let mut text = vec![0; size];
        let (length, whole) = taken.text(&mut text);
        assert_eq!(&text[..length], expected.as_bytes());
        assert_eq!(whole, size >= 8);
    }
}

/// micropython/opt_level_lineno.py
#[test]
fn level_three_drops_line_numbers() {
    let _alone = Alone::new();
    named("t", || raise!(SENSOR_ERROR, "x")).unwrap();
    for level in [0, 1, 2, 3, 0] {
        opt_level::set(level).unwrap();
        assert_eq!(printed().contains(", line "), level != 3);
        assert_eq!(printed().contains("exception.rs\", in t\n"), level == 3);
    }
    opt_level::set(3).unwrap();
    assert_eq!(take().unwrap().line(), 0);
}

#[test]
fn printing_leaves_them_unread() {
    let _alone = Alone::new();
    let line = line!() + 2;
    named("t", || {
        raise!(exception::MEMORY_ERROR, "%u bytes", 77).unwrap();
        raise!(exception::OVERFLOW_ERROR, "").unwrap();
    });
    let place = |line| format!("  File \"{}\", line {line}, in t\n", file!());
    let head = "Traceback (most recent call last):\n";
    let expected = format!(
        "{head}{}MemoryError: 77 bytes\n{head}{}OverflowError: \n",
        place(line),
        place(line + 1)
    );
    assert_eq!(printed(), expected);
    assert_eq!(printed(), expected);
    assert_eq!(exception::clear(), 2);
    assert_eq!(printed(), "");
}

/// A printer that fails ends the report, which answers with its error; nothing is lost by that.
#[test]
fn printer_that_fails() {
    let _alone = Alone::new();
    for number in 0..3 {
        raise!(SENSOR_ERROR, "number %d", number).unwrap();
    }
    let lines = printed().lines().count();
    for good in 0..=lines {
        let mut calls = 0;
        let result = exception::print(&mut |_: &[u8]| {
            calls += 1;
            if calls > good {
                Err(PrintError(-5))
            } else {
                Ok(())
            }
        });
        assert_eq!(
            result,
            if good < lines {
                Err(PrintError(-5))
            } else {
                Ok(())
            }
        );
        assert_eq!(calls, (good + 1).min(lines));
    }
    assert_eq!(exception::clear(), 3);
}

/// "No lock is held while the printer runs": it takes and raises exceptions itself.
#[test]
fn printer_that_takes_and_raises() {
    let _alone = Alone::new();
    set_buffer(400).unwrap();
    for number in 0..4 {
        let raise = || raise!(SENSOR_ERROR, "number %d", number);
        if number % 2 == 0 {
            raise()
        } else {
            host::interrupt(raise)
        }
        .unwrap();
    }
    let mut seen = String::new();
    exception::print(&mut |piece: &[u8]| {
        seen.push_str(core::str::from_utf8(piece).unwrap());
        if seen.ends_with("number 1\n") {
            // The one that was printed, the next one, and one more behind the end.
            for _ in 0..3 {
                take().unwrap();
            }
            raise!(SENSOR_ERROR, "new").unwrap();
            // In the buffer, where those two lay whose memory is not yet free.
            host::interrupt(|| raise!(SENSOR_ERROR, "newer")).unwrap();
        }
        Ok(())
    })
    .unwrap();
    let texts: Vec<_> = seen
        .lines()
        .filter_map(|line| line.strip_prefix("SensorError: "))
        .collect();
    assert_eq!(texts, ["number 0", "number 1", "number 3"]);
    assert_eq!(take_text().as_deref(), Some("number 3"));
    assert_eq!(take_text().as_deref(), Some("new"));
    assert_eq!(take_text().as_deref(), Some("newer"));
    assert!(take().is_none());
}

#[test]
fn refused_in_interrupts() {
    let _alone = Alone::new();
    set_buffer(100).unwrap();
    host::interrupt(|| {
        raise!(SENSOR_ERROR, "x").unwrap();
        assert!(matches!(exception::take(), Err(InInterrupt)));
        assert_eq!(exception::clear(), 0);
        assert_eq!(set_buffer(0), Err(AllocError::Interrupt));
    });
    assert_eq!(exception::clear(), 1);
}

#[test]
fn buffer_is_replaced_or_kept() {
    let _alone = Alone::new();
    // Whether the buffer is one that keeps a record.
    let keeps = || {
        host::interrupt(|| raise!(SENSOR_ERROR, "x")).unwrap();
        take().unwrap().file().is_some()
    };
    assert_eq!(set_buffer(0), Ok(()));
    assert!(!keeps());
    set_buffer(RECORD).unwrap();
    assert!(keeps());
    for (size, error) in [
        (-1, AllocError::Negative),
        (isize::MIN, AllocError::Negative),
        (isize::MAX, AllocError::NoMemory),
        (17 * 1024 * 1024, AllocError::NoMemory),
    ] {
        assert_eq!(set_buffer(size), Err(error));
        assert!(keeps(), "the old one after {error:?}");
    }
    {
        let _locked = heap_lock::lock().unwrap();
        assert_eq!(set_buffer(100), Err(AllocError::NoMemory));
        assert!(keeps());
        // Freeing works.
        assert_eq!(set_buffer(0), Ok(()));
        assert!(!keeps());
    }
    set_buffer(2 * RECORD).unwrap();
    host::interrupt(|| raise!(SENSOR_ERROR, "x")).unwrap();
    for size in [0, 100] {
        assert_eq!(set_buffer(size), Err(AllocError::Busy));
    }
    assert_eq!(take_text().as_deref(), Some("x"));
    assert_eq!(set_buffer(0), Ok(()));
    assert!(!keeps());
}

/// Inside a scheduled function its own exception comes first; what it leaves is printed when it
/// returns, and nobody's any more. The next function runs.
#[test]
fn scheduled_functions() {
    const LOST: &str = "Uncaught exception in IRQ callback handler\nOSError: \n";
    let _alone = Alone::new();
    host::start();
    let (sender, results) = mpsc::channel();
    raise!(SENSOR_ERROR, "outside").unwrap();
    let first = sender.clone();
    schedule::schedule(Box::leak(Box::new(move || {
        raise!(SENSOR_ERROR, "inside").unwrap();
        host::interrupt(|| raise!(exception::OS_ERROR, "lost")).unwrap();
        first.send((take_text(), printed())).unwrap();
        raise!(SENSOR_ERROR, "inside, and printed").unwrap();
    })))
    .map_err(|_| "full")
    .unwrap();
    schedule::schedule(Box::leak(Box::new(move || {
        sender.send((take_text(), printed())).unwrap();
    })))
    .map_err(|_| "full")
    .unwrap();
    let patience = Duration::from_secs(10);
    let (taken, text) = results.recv_timeout(patience).unwrap();
    assert_eq!(taken.as_deref(), Some("inside"));
    assert!(
        text.ends_with(&format!("SensorError: outside\n{LOST}")),
        "{text}"
    );
    let (taken, text) = results.recv_timeout(patience).unwrap();
    assert_eq!(taken.as_deref(), Some("outside"));
    assert_eq!(text, LOST);
    assert!(take().unwrap().is(&exception::OS_ERROR));
    assert!(take().is_none());
}

/// Threads that raise, with the heap and in interrupts, while others take, print and replace the
/// buffer: each record is read once, and whole.
#[test]
fn everybody_at_once() {
    const EACH: u32 = if cfg!(miri) { 20 } else { 2000 };
    let _alone = Alone::new();
    let (kept, taken) = (AtomicU32::new(0), AtomicU32::new(0));
    let done = AtomicBool::new(false);
    let check = |exception: &Exception| {
        let text = text_of(exception);
        let whole = format!("abcdefghijklmnopqrstuvwxyz {}", exception.line());
        let cut = text.strip_suffix("...");
        assert!(
            text == whole || text.is_empty() || cut.is_some_and(|cut| whole.starts_with(cut)),
            "{text}"
        );
        assert!(exception.is(&SENSOR_ERROR));
    };
    thread::scope(|scope| {
        let raisers: Vec<_> = (0..3)
            .map(|which| {
                let kept = &kept;
                scope.spawn(move || {
                    for number in 1..=EACH {
                        let place = Place::new(Some(Literal::new(c"file")), number);
                        let format = Literal::new(c"%s %u");
                        let arguments =
                            [Argument::from("abcdefghijklmnopqrstuvwxyz"), number.into()];
                        let raise = || exception::raise(&SENSOR_ERROR, place, format, &arguments);
                        let raised = if which == 0 {
                            raise()
                        } else {
                            host::interrupt(raise)
                        };
                        kept.fetch_add(raised.is_ok().into(), Ordering::Relaxed);
                    }
                })
            })
            .collect();
        for _ in 0..2 {
            scope.spawn(|| {
                while !done.load(Ordering::Relaxed) {
                    if let Some(exception) = take() {
                        check(&exception);
                        taken.fetch_add(1, Ordering::Relaxed);
                    }
                }
            });
        }
        scope.spawn(|| {
            while !done.load(Ordering::Relaxed) {
                for line in printed().lines() {
                    let frame = [
                        "Uncaught ",
                        "Traceback ",
                        "  File ",
                        "SensorError: ",
                        "Exceptions ",
                    ];
                    assert!(frame.iter().any(|frame| line.starts_with(frame)), "{line}");
                }
            }
        });
        scope.spawn(|| {
            for size in (0..400).step_by(13).cycle() {
                if done.load(Ordering::Relaxed) {
                    break;
                }
                assert!(matches!(set_buffer(size), Ok(()) | Err(AllocError::Busy)));
            }
        });
        for raiser in raisers {
            raiser.join().unwrap();
        }
        done.store(true, Ordering::Relaxed);
    });
    while let Some(exception) = take() {
        check(&exception);
        taken.fetch_add(1, Ordering::Relaxed);
    }
    assert_eq!(kept.load(Ordering::Relaxed), taken.load(Ordering::Relaxed));
    assert_eq!(
        kept.load(Ordering::Relaxed) + exception::counted(),
        3 * EACH
    );
}
