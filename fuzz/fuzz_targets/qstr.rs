// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! Interned strings, against a hash map.

#![no_main]

use std::collections::HashMap;
use std::sync::Once;

use libfuzzer_sys::{arbitrary, arbitrary::Arbitrary, fuzz_target};
use micrort::qstr::{InternError, Interner, LENGTH_MAX};
use micrort::{heap_lock, host};

#[derive(Arbitrary, Debug)]
enum Text {
    Any(Vec<u8>),
    /// Long ones, which the fuzzer seldom makes.
    Repeated(u8, u16),
    /// Many that differ, so that pools grow.
    Numbers(u16, u8),
}

#[derive(Arbitrary, Debug)]
enum Step {
    Intern(Text),
    InternInInterrupt(Text),
    InternWithHeapLocked(Text),
    Find(Text),
    Get(u16),
    Report,
}

fn texts(text: Text) -> Vec<Vec<u8>> {
    match text {
        Text::Any(bytes) => vec![bytes],
        Text::Repeated(byte, length) => vec![vec![byte; usize::from(length % 300)]],
        Text::Numbers(first, count) => (0..count)
            .map(|i| first.wrapping_add(i.into()).to_le_bytes().to_vec())
            .collect(),
    }
}

fn escaped(text: &[u8]) -> usize {
    let width = |byte: &u8| match byte {
        b'\\' => 2,
        b' '..=b'~' => 1,
        _ => 4,
    };
    text.iter().map(width).sum()
}

fuzz_target!(|steps: Vec<Step>| {
    static START: Once = Once::new();
    START.call_once(host::start);

    let strings = Interner::new();
    let mut model = HashMap::<Vec<u8>, u16>::new();
    let mut by_id = Vec::<Vec<u8>>::new();

    for step in steps {
        match step {
            Step::Intern(text) => {
                for text in texts(text) {
                    let id = strings.intern(&text);
                    if text.len() > LENGTH_MAX {
                        assert_eq!(id, Err(InternError::TooLong));
                        continue;
                    }
                    let next = by_id.len() as u16 + 1;
                    assert_eq!(id, Ok(*model.entry(text.clone()).or_insert(next)));
                    if id == Ok(next) {
                        by_id.push(text);
                    }
                }
            }
            Step::InternInInterrupt(text) => {
                for text in texts(text) {
                    let id = host::interrupt(|| strings.intern(&text));
                    refused(id, &text, &model, InternError::Interrupt);
                }
            }
            Step::InternWithHeapLocked(text) => {
                let guard = heap_lock::lock().unwrap();
                for text in texts(text) {
                    refused(strings.intern(&text), &text, &model, InternError::NoMemory);
                }
                drop(guard);
            }
            Step::Find(text) => {
                for text in texts(text) {
                    assert_eq!(strings.find(&text), model.get(&text).copied());
                }
            }
            Step::Get(id) => {
                let expected = by_id
                    .get(usize::from(id).wrapping_sub(1))
                    .map(Vec::as_slice);
                assert_eq!(strings.get(id), expected);
            }
            Step::Report => {
                let mut length = 0;
                let mut count = |piece: &[u8]| {
                    length += piece.len();
                    Ok(())
                };
                strings.info(&mut count, false).unwrap();
                let head = std::mem::take(&mut length);
                let mut count = |piece: &[u8]| {
                    length += piece.len();
                    Ok(())
                };
                strings.info(&mut count, true).unwrap();
                let lines: usize = by_id.iter().map(|text| escaped(text) + "Q()\n".len()).sum();
                assert_eq!(length, head + lines);
            }
        }
        let stats = strings.stats();
        assert_eq!(stats.strings as usize, by_id.len());
        assert_eq!(
            stats.data_bytes,
            by_id.iter().map(|text| text.len() + 1).sum()
        );
        assert!(stats.total_bytes >= stats.data_bytes);
    }
    for (id, text) in (1..).zip(&by_id) {
        assert_eq!(
            (strings.find(text), strings.get(id)),
            (Some(id), Some(text.as_slice()))
        );
    }
});

/// What is new is refused, what is old is found.
fn refused(
    id: Result<u16, InternError>,
    text: &[u8],
    model: &HashMap<Vec<u8>, u16>,
    error: InternError,
) {
    let known = model.get(text).copied();
    let error = if text.len() > LENGTH_MAX {
        InternError::TooLong
    } else {
        error
    };
    assert_eq!(id, known.ok_or(error));
}
