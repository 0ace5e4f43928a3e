// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! Interned strings on the host port: any strings in any order, several threads, and the limits.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]
#![cfg(not(loom))]

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::Barrier;
use std::thread;

use micrort::print::PrintError;
use micrort::qstr::{InternError, Interner, Qstr, COUNT_MAX};
use micrort::{heap_lock, host, qstr};
use proptest::prelude::*;

fn report(strings: &Interner, verbose: bool) -> String {
    let mut all = Vec::new();
    strings
        .info(
            &mut |piece: &[u8]| {
                all.extend_from_slice(piece);
                Ok(())
            },
            verbose,
        )
        .unwrap();
    String::from_utf8(all).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: if cfg!(miri) { 4 } else { 256 },
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    /// "equal strings give the same small id", and it gives the string back.
    #[test]
    fn one_id_for_each_string(texts in prop::collection::vec(
        prop_oneof![
            prop::collection::vec(any::<u8>(), 0..256),
            prop::collection::vec(prop_oneof![Just(0u8), Just(b'a'), Just(0xff)], 0..5),
        ],
        0..if cfg!(miri) { 30 } else { 200 },
    )) {
        let strings = Interner::new();
        let mut model = HashMap::new();
        for text in &texts {
            let next = model.len() as u16 + 1;
            prop_assert_eq!(strings.find(text), model.get(text).copied());
            let id = strings.intern(text).unwrap();
            prop_assert_eq!(id, *model.entry(text).or_insert(next));
            prop_assert_eq!(strings.find(text), Some(id));
        }
        for (text, id) in &model {
            prop_assert_eq!(strings.intern(text), Ok(*id));
            prop_assert_eq!(strings.get(*id), Some(&text[..]));
        }
        prop_assert_eq!(strings.get(0), None);
        prop_assert_eq!(strings.get(model.len() as u16 + 1), None);
        let stats = strings.stats();
        let data: usize = model.keys().map(|text| text.len() + 1).sum();
        prop_assert_eq!(stats.strings as usize, model.len());
        prop_assert_eq!(stats.data_bytes, data);
        prop_assert!(stats.total_bytes >= data + model.len() * size_of::<usize>());
        prop_assert_eq!(report(&strings, true).lines().count(), model.len() + 1);
    }
}

#[test]
fn lengths() {
    let strings = Interner::new();
    let longest = [b'x'; 255];
    let id = strings.intern(&longest).unwrap();
    assert_eq!(strings.get(id), Some(&longest[..]));
    assert_eq!(strings.intern(&[b'x'; 256]), Err(InternError::TooLong));
    assert_eq!(strings.find(&[b'x'; 256]), None);
    assert_eq!(strings.stats().strings, 1);
    let empty = strings.intern(b"").unwrap();
    assert_eq!(strings.get(empty), Some(&b""[..]));
}

/// "at most 65535 ids"
#[test]
#[cfg_attr(miri, ignore = "takes minutes under miri")]
fn the_last_id() {
    let strings = Interner::new();
    for number in 1..=COUNT_MAX {
        assert_eq!(strings.intern(format!("{number}").as_bytes()), Ok(number));
    }
    assert_eq!(strings.intern(b"one more"), Err(InternError::TooMany));
    assert_eq!(strings.find(b"one more"), None);
    assert_eq!(strings.find(b"65535"), Some(65535));
    assert_eq!(strings.intern(b"1"), Ok(1));
    assert_eq!(strings.get(COUNT_MAX), Some(&b"65535"[..]));
    assert_eq!(strings.stats().strings, 65535);
}

/// "With the heap locked, interning a new string fails and an old one is still found."
#[test]
fn heap_locked() {
    let strings = Interner::new();
    let refusals = heap_lock::refusals().count;
    {
        let _guard = heap_lock::lock().unwrap();
        assert_eq!(strings.intern(b"first"), Err(InternError::NoMemory));
        assert_eq!(heap_lock::refusals().count, refusals + 1);
    }
    assert_eq!(strings.intern(b"first"), Ok(1));
    let _guard = heap_lock::lock().unwrap();
    assert_eq!(strings.intern(b"first"), Ok(1));
    assert_eq!(strings.intern(b"second"), Err(InternError::NoMemory));
    assert_eq!(strings.find(b"second"), None);
    assert_eq!(report(&strings, true).lines().nth(1), Some("Q(first)"));
}

/// "from interrupts only lookup"
#[test]
fn interrupt() {
    let strings = Interner::new();
    strings.intern(b"known").unwrap();
    host::interrupt(|| {
        assert_eq!(strings.intern(b"known"), Ok(1));
        assert_eq!(strings.intern(b"new"), Err(InternError::Interrupt));
        assert_eq!(strings.find(b"new"), None);
        assert_eq!(strings.get(1), Some(&b"known"[..]));
    });
}

/// Threads intern overlapping sets while others look up and the index grows.
#[test]
fn threads() {
    const THREADS: usize = 4;
    const STRINGS: usize = if cfg!(miri) { 50 } else { 5000 };
    let strings = Interner::new();
    let text = |number: usize| format!("string {number}").into_bytes();
    let begin = Barrier::new(THREADS + 1);
    let done = AtomicBool::new(false);
    let ids: Vec<Vec<u16>> = thread::scope(|scope| {
        let interning: Vec<_> = (0..THREADS)
            .map(|thread| {
                let (strings, begin) = (&strings, &begin);
                scope.spawn(move || {
                    begin.wait();
                    let mut ids = vec![0; STRINGS];
                    for step in 0..STRINGS {
                        // Two go up, two go down.
                        let number = if thread % 2 == 0 {
                            step
                        } else {
                            STRINGS - 1 - step
                        };
                        ids[number] = strings.intern(&text(number)).unwrap();
                    }
                    ids
                })
            })
            .collect();
        scope.spawn(|| {
            begin.wait();
            while !done.load(Ordering::Relaxed) {
                for number in (0..STRINGS).step_by(7) {
                    if let Some(id) = strings.find(&text(number)) {
                        assert_eq!(strings.get(id), Some(&text(number)[..]));
                    }
                }
            }
        });
        let ids = interning.into_iter().map(|t| t.join().unwrap()).collect();
        done.store(true, Ordering::Relaxed);
        ids
    });
    assert!(ids.iter().all(|other| *other == ids[0]));
    assert_eq!(strings.stats().strings as usize, STRINGS);
    for (number, id) in ids[0].iter().enumerate() {
        assert_eq!(strings.get(*id), Some(&text(number)[..]));
    }
}

/// The formats of the reference; a byte that is not printable is shown escaped.
#[test]
fn formats() {
    let strings = Interner::new();
    assert_eq!(
        report(&strings, true),
        "qstr pool: n_pool=0, n_qstr=0, n_str_data_bytes=0, n_total_bytes=0\n"
    );
    strings.intern(b"plain").unwrap();
    strings.intern(b"\0\n\\\x7f\xff").unwrap();
    let stats = strings.stats();
    let head = format!(
        "qstr pool: n_pool=1, n_qstr=2, n_str_data_bytes=12, n_total_bytes={}\n",
        stats.total_bytes
    );
    assert_eq!(report(&strings, false), head);
    let lines = "Q(plain)\nQ(\\x00\\x0a\\\\\\x7f\\xff)\n";
    assert_eq!(report(&strings, true), head + lines);
    // The newest pool first: the 21st string begins the second one.
    for number in 3..=21 {
        strings.intern(format!("{number}").as_bytes()).unwrap();
    }
    let report = report(&strings, true);
    let lines: Vec<_> = report.lines().collect();
    assert!(lines[0].starts_with("qstr pool: n_pool=2, n_qstr=21, "));
    assert_eq!(lines[1..3], ["Q(21)", "Q(plain)"]);
    assert_eq!(lines[21], "Q(20)");
    assert_eq!(lines.len(), 22);
}

#[test]
fn printer_that_fails() {
    let strings = Interner::new();
    for number in 0..10 {
        strings.intern(&[b'a' + number]).unwrap();
    }
    let mut calls = 0;
    let result = strings.info(
        &mut |_: &[u8]| {
            calls += 1;
            if calls == 4 {
                Err(PrintError(-5))
            } else {
                Ok(())
            }
        },
        true,
    );
    assert_eq!((result, calls), (Err(PrintError(-5)), 4));
    assert_eq!(report(&strings, true).lines().count(), 11);
}

mod elsewhere {
    pub fn shared() -> micrort::qstr::Qstr {
        micrort::qstr!("in two places")
    }
}

/// "Read-only strings are interned at build time and cost no RAM."
#[test]
#[cfg_attr(miri, ignore = "miri does not link")]
fn strings_of_the_image() {
    let shared = qstr!("in two places");
    assert_eq!(shared, elsewhere::shared());
    assert_eq!(shared.as_bytes(), b"in two places");
    let found = host::interrupt(|| qstr::intern(b"in two places"));
    assert_eq!(found, Ok(shared));
    assert_eq!(qstr!("").as_bytes(), b"");
    assert_eq!(qstr!("caf\u{e9}\0").as_bytes(), "caf\u{e9}\0".as_bytes());
    let given: Vec<_> = (1..=4).filter_map(Qstr::from_id).collect();
    assert_eq!(given.len(), 3, "the second of two equal ones has no number");
    assert_eq!(qstr::stats(), qstr::Stats::default());
    // What is interned at run time comes after them.
    let new = qstr::intern(b"at run time").unwrap();
    assert_eq!(new.id(), 5);
    assert_eq!(Qstr::from_id(5), Some(new));
    assert_eq!(qstr::find(b"at run time"), Some(new));
    assert_eq!(Qstr::from_id(0), None);
    assert_eq!(Qstr::from_id(6), None);
    assert_eq!(Qstr::from_id(u16::MAX), None);
    assert_eq!(qstr::stats().strings, 1);
}
