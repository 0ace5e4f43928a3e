// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! The text of exceptions: any format, any arguments, cut to any room, shown in any buffer.

#![no_main]

use libfuzzer_sys::{arbitrary, arbitrary::Arbitrary, fuzz_target};
use micrort::format::{render, render_packed, Argument, Packed, PACKED_MAX};

#[derive(Arbitrary, Debug)]
enum Value {
    Number(u64),
    Small(i8),
    Text(Vec<u8>),
}

#[derive(Arbitrary, Debug)]
struct Input {
    format: Vec<u8>,
    arguments: Vec<Value>,
    room: u8,
    size: u8,
    /// Bytes that nobody packed.
    stray: Vec<u8>,
}

/// The text, and whether it is whole. A byte of the format gives one byte, or a field of 255 with
/// what is in it.
fn text_of(format: &[u8], packed: &[u8]) -> (Vec<u8>, bool) {
    let mut text = Vec::new();
    let whole = render_packed(format, packed, &mut |byte| text.push(byte));
    assert!(text.len() <= format.len() * 256 + packed.len() + 3);
    (text, whole)
}

fuzz_target!(|input: Input| {
    let format = &input.format[..];
    let arguments: Vec<Argument> = input
        .arguments
        .iter()
        .map(|value| match value {
            Value::Number(number) => Argument::Number(*number),
            Value::Small(number) => Argument::from(*number),
            Value::Text(text) => Argument::Text(text),
        })
        .collect();
    let mut packed = Packed::new();
    packed.capture(format, &mut arguments.as_slice());
    assert!(packed.bytes().len() <= PACKED_MAX);
    let (text, whole) = text_of(format, packed.bytes());
    assert_eq!(whole, packed.is_whole());
    let begin = match text.strip_suffix(b"...") {
        Some(begin) if !whole => begin,
        _ => {
            assert!(whole);
            &text
        }
    };

    packed.shorten(input.room.into());
    assert!(packed.bytes().len() <= input.room.into());
    let (short, whole) = text_of(format, packed.bytes());
    assert_eq!(whole, packed.is_whole());
    if whole {
        assert_eq!(short, text);
    } else {
        assert!(short.strip_suffix(b"...").is_some_and(|short| begin.starts_with(short)));
    }

    let mut out = vec![0; input.size.into()];
    let length = render(format, &arguments, &mut out);
    assert_eq!(length, text.len().min(out.len()));
    let same = if text.len() <= out.len() { length } else { length.saturating_sub(3) };
    assert_eq!(out[..same], text[..same]);
    assert!(out[same..length].iter().all(|&byte| byte == b'.'));

    text_of(format, &input.stray);
});
