// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! The text of exceptions: formats and arguments against the C library's, and against a model.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]
#![cfg(not(loom))]

use micrort::format::{render, render_packed, Argument, Packed, PACKED_MAX};
use proptest::prelude::*;

fn rendered(format: &str, arguments: &[Argument<'_>]) -> String {
    let mut out = [0; 2000];
    let length = render(format.as_bytes(), arguments, &mut out);
    String::from_utf8(out[..length].to_vec()).unwrap()
}

#[cfg(not(miri))]
mod c_library {
    use super::*;
    use std::ffi::{c_char, c_int, CStr, CString};

    extern "C" {
        fn snprintf(out: *mut c_char, size: usize, format: *const c_char, ...) -> c_int;
    }

    macro_rules! snprintf {
        ($format:expr, $argument:expr) => {{
            let format = CString::new($format).unwrap();
            let mut out = [0; 600];
            let (to, size, format) = (out.as_mut_ptr(), out.len(), format.as_ptr());
            // SAFETY: the argument is of the type that the format names.
            let length = unsafe { snprintf(to, size, format, $argument) };
            assert!((0..600).contains(&length));
            // SAFETY: it ends in NUL.
            unsafe { CStr::from_ptr(out.as_ptr()) }
                .to_str()
                .unwrap()
                .to_owned()
        }};
    }

    const FIELDS: [&str; 12] = [
        "", "1", "5", "25", "-", "-5", "-25", "0", "05", "025", "-08", "255",
    ];

    #[test]
    fn integers_of_each_size() {
        const VALUES: [i64; 16] = [
            0,
            1,
            -1,
            7,
            42,
            127,
            128,
            -128,
            255,
            32767,
            -32768,
            65536,
            i32::MAX as i64,
            i32::MIN as i64,
            i64::MAX,
            i64::MIN,
        ];
        for field in FIELDS {
            for letter in ["d", "i", "u", "x", "X", "o"] {
                for value in VALUES {
                    for size in ["", "hh", "h"] {
                        let format = format!("%{field}{size}{letter}");
                        assert_eq!(
                            rendered(&format, &[value.into()]),
                            snprintf!(format.clone(), value as c_int),
                            "{format} {value}"
                        );
                    }
                    for size in ["l", "ll", "j", "z", "t"] {
                        let format = format!("%{field}{size}{letter}");
                        assert_eq!(
                            rendered(&format, &[value.into()]),
                            snprintf!(format.clone(), value),
                            "{format} {value}"
                        );
                    }
                }
            }
        }
    }

    /// What C leaves undefined (`%05s`, `%05c`, `%05p`) is left out.
    #[test]
    fn text_characters_and_pointers() {
        for field in FIELDS.into_iter().filter(|field| !field.starts_with('0')) {
            for text in ["", "a", "lid", "a longer one of thirty bytes.."] {
                let c_text = CString::new(text).unwrap();
                for precision in ["", ".0", ".", ".2", ".30", ".999"] {
                    let format = format!("<%{field}{precision}s>");
                    assert_eq!(
                        rendered(&format, &[text.into()]),
                        snprintf!(format.clone(), c_text.as_ptr()),
                        "{format} {text}"
                    );
                }
            }
            let format = format!("<%{field}c>");
            assert_eq!(
                rendered(&format, &['q'.into()]),
                snprintf!(format.clone(), b'q' as c_int)
            );
            let format = format!("<%{field}p>");
            for pointer in [1_usize, 0x2000_0000, usize::MAX] {
                assert_eq!(
                    rendered(&format, &[pointer.into()]),
                    snprintf!(format.clone(), pointer)
                );
            }
        }
    }
}

#[test]
fn what_c_does_not_settle() {
    for (format, argument, expected) in [
        ("%p", Argument::Number(0), "0x0"),
        ("100 %%", Argument::Number(1), "100 %"),
        ("%5%|", Argument::Number(1), "%|"),
        // Zeros are for numbers.
        ("%04s", "ab".into(), "  ab"),
        ("%04c", 'c'.into(), "   c"),
        ("%06p", 0x1f_usize.into(), "0x001f"),
    ] {
        assert_eq!(rendered(format, &[argument]), expected, "{format}");
    }
    // A width is 255 at most.
    assert_eq!(rendered("%300d", &[1.into()]).len(), 255);
}

/// "At anything else the interpretation ends", and no argument is consumed any more.
#[test]
fn anything_else_is_shown_as_it_stands() {
    for unknown in [
        "%", "%5", "%-0", "%l", "%ll", "%.", "%.3", "%f", "%+d", "% d", "%#x", "%*d", "%.2d",
        "%.*s", "%ls", "%lc", "%hs", "%hp", "%lld%", "%n", "%q", "%Lf", "%hhhd", "%lll", "%ld %y",
    ] {
        let tail = format!("{unknown} %d");
        let shown = unknown.strip_prefix("%lld").or(unknown.strip_prefix("%ld"));
        let expected = match shown {
            Some(rest) => format!("1 2{rest} %d"),
            None => format!("1 {tail}"),
        };
        assert_eq!(
            rendered(&format!("%d {tail}"), &[1.into(), 2.into(), 3.into()]),
            expected
        );
    }
}

#[test]
fn arguments_that_are_missing_or_of_the_other_kind() {
    for (format, arguments, expected) in [
        ("a %d b", &[][..], "a ..."),
        ("a %s b", &[], "a ..."),
        ("a %d b", &["text".into()], "a ..."),
        ("a %s b", &[1.into()], "a ..."),
        ("%d %d", &[1.into()], "1 ..."),
        ("%s %d", &["x".into(), "y".into()], "x ..."),
        ("no more", &[1.into(), 2.into()], "no more"),
    ] {
        assert_eq!(rendered(format, arguments), expected);
        let mut packed = Packed::new();
        packed.capture(format.as_bytes(), &mut { arguments });
        assert_eq!(packed.is_whole(), !expected.contains("..."));
    }
}

/// Bytes that nobody packed: the text is short, and nothing panics.
#[test]
fn packed_bytes_that_are_wrong() {
    for packed in [
        &b"\x05ab"[..],
        b"\x80",
        b"\x85\x05abc",
        b"\xff",
        b"\x0f",
        b"\x81\x01a",
    ] {
        let mut text = Vec::new();
        assert!(!render_packed(b"<%d>", packed, &mut |byte| text.push(byte)));
        assert_eq!(text, b"<...");
    }
}

/// Cut text in a field stands where the whole text does.
#[test]
fn cut_text_in_a_field() {
    for (format, expected) in [
        ("[%8s]", "[  ab..."),
        ("[%-8s]", "[ab..."),
        ("[%3s]", "[ab..."),
    ] {
        let mut packed = Packed::new();
        packed.capture(format.as_bytes(), &mut &[Argument::from("abcdef")][..]);
        packed.shorten(4);
        assert!(!packed.is_whole());
        let mut text = String::new();
        assert!(!render_packed(
            format.as_bytes(),
            packed.bytes(),
            &mut |byte| {
                text.push(byte.into());
            }
        ));
        assert_eq!(text, expected);
    }
}

/// A piece of a format, with what it takes and what it becomes.
#[derive(Clone, Debug)]
enum Piece {
    Plain(String),
    Percent,
    Number {
        letter: char,
        left: bool,
        zeros: bool,
        width: usize,
        size: &'static str,
        value: u64,
    },
    Text {
        left: bool,
        width: usize,
        precision: Option<usize>,
        text: String,
    },
    Character {
        left: bool,
        width: usize,
        character: u8,
    },
    Pointer {
        left: bool,
        width: usize,
        value: usize,
    },
    /// The end of the interpretation.
    Unknown(&'static str),
}

fn pad(text: &str, left: bool, width: usize) -> String {
    if left {
        format!("{text:<width$}")
    } else {
        format!("{text:>width$}")
    }
}

fn flags(left: bool, zeros: bool, width: usize) -> String {
    let width = if width == 0 {
        String::new()
    } else {
        width.to_string()
    };
    format!(
        "{}{}{width}",
        if left { "-" } else { "" },
        if zeros { "0" } else { "" }
    )
}

impl Piece {
    fn format(&self) -> String {
        match self {
            Piece::Plain(text) => text.clone(),
            Piece::Percent => "%%".into(),
            Piece::Number {
                letter,
                left,
                zeros,
                width,
                size,
                ..
            } => {
                format!("%{}{size}{letter}", flags(*left, *zeros, *width))
            }
            Piece::Text {
                left,
                width,
                precision,
                ..
            } => {
                let precision =
                    precision.map_or(String::new(), |precision| format!(".{precision}"));
                format!("%{}{precision}s", flags(*left, false, *width))
            }
            Piece::Character { left, width, .. } => format!("%{}c", flags(*left, false, *width)),
            Piece::Pointer { left, width, .. } => format!("%{}p", flags(*left, false, *width)),
            Piece::Unknown(text) => (*text).into(),
        }
    }

    fn argument(&self) -> Option<Argument<'_>> {
        match self {
            Piece::Number { value, .. } => Some((*value).into()),
            Piece::Text { text, .. } => Some(text.as_str().into()),
            Piece::Character { character, .. } => Some((*character).into()),
            Piece::Pointer { value, .. } => Some((*value).into()),
            Piece::Plain(_) | Piece::Percent | Piece::Unknown(_) => None,
        }
    }

    fn expected(&self) -> String {
        match self {
            Piece::Plain(text) => text.clone(),
            Piece::Percent => "%".into(),
            Piece::Number {
                letter,
                left,
                zeros,
                width,
                size,
                value,
            } => {
                let bits = match *size {
                    "hh" => 8,
                    "h" => 16,
                    "" => 32,
                    _ => 64,
                };
                let unsigned = value & (u64::MAX >> (64 - bits));
                let signed = ((value << (64 - bits)) as i64) >> (64 - bits);
                let negative = matches!(letter, 'd' | 'i') && signed < 0;
                let magnitude = if negative {
                    signed.unsigned_abs()
                } else {
                    unsigned
                };
                let digits = match letter {
                    'x' => format!("{magnitude:x}"),
                    'X' => format!("{magnitude:X}"),
                    'o' => format!("{magnitude:o}"),
                    _ => magnitude.to_string(),
                };
                let sign = if negative { "-" } else { "" };
                if *zeros && !left {
                    let width = width.saturating_sub(sign.len());
                    format!("{sign}{digits:0>width$}")
                } else {
                    pad(&format!("{sign}{digits}"), *left, *width)
                }
            }
            Piece::Text {
                left,
                width,
                precision,
                text,
            } => {
                let end = precision.map_or(text.len(), |precision| precision.min(text.len()));
                pad(&text[..end], *left, *width)
            }
            Piece::Character {
                left,
                width,
                character,
            } => pad(&char::from(*character).to_string(), *left, *width),
            Piece::Pointer { left, width, value } => pad(&format!("{value:#x}"), *left, *width),
            Piece::Unknown(text) => (*text).into(),
        }
    }
}

fn width() -> impl Strategy<Value = usize> {
    prop_oneof![4 => Just(0), 4 => 1..40_usize, 1 => 40..256_usize]
}

fn value() -> impl Strategy<Value = u64> {
    prop_oneof![
        any::<u64>(),
        0..300_u64,
        (0..64_u32).prop_map(|shift| u64::MAX << shift)
    ]
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![4 => "[ -~]{0,20}", 1 => "[a-z.]{100,300}"]
}

fn piece() -> impl Strategy<Value = Piece> {
    let letter = prop::sample::select(vec!['d', 'i', 'u', 'x', 'X', 'o']);
    let size = prop::sample::select(vec!["", "hh", "h", "l", "ll", "j", "z", "t"]);
    let precision = prop::option::of(prop_oneof![0..30_usize, 30..1000_usize]);
    let unknown = vec!["%f", "%+d", "%.2d", "%*d", "%ls", "% ", "%5.5 "];
    prop_oneof![
        4 => "[ -$&-~]{0,12}".prop_map(Piece::Plain),
        1 => Just(Piece::Percent),
        6 => (letter, any::<bool>(), any::<bool>(), width(), size, value()).prop_map(
            |(letter, left, zeros, width, size, value)| {
                Piece::Number { letter, left, zeros, width, size, value }
            }
        ),
        4 => (any::<bool>(), width(), precision, text()).prop_map(
            |(left, width, precision, text)| Piece::Text { left, width, precision, text }
        ),
        1 => (any::<bool>(), width(), 32..127_u8).prop_map(
            |(left, width, character)| Piece::Character { left, width, character }
        ),
        1 => (any::<bool>(), width(), any::<usize>()).prop_map(
            |(left, width, value)| Piece::Pointer { left, width, value }
        ),
        1 => prop::sample::select(unknown).prop_map(Piece::Unknown),
    ]
}

/// A format, its arguments, and its text if nothing is cut.
fn joined(pieces: &[Piece]) -> (String, Vec<Argument<'_>>, String) {
    let format: String = pieces.iter().map(Piece::format).collect();
    let arguments = pieces.iter().filter_map(Piece::argument).collect();
    let mut expected = String::new();
    for (at, piece) in pieces.iter().enumerate() {
        if let Piece::Unknown(_) = piece {
            let rest: String = pieces[at..].iter().map(Piece::format).collect();
            expected.push_str(&rest);
            break;
        }
        expected.push_str(&piece.expected());
    }
    (format, arguments, expected)
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: if cfg!(miri) { 4 } else { 2000 },
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    /// The text is the model's; cut to any number of bytes it is the beginning of that and `...`.
    #[test]
    fn text_is_the_models(pieces in prop::collection::vec(piece(), 0..12)) {
        let (format, arguments, expected) = joined(&pieces);
        for room in 0..=PACKED_MAX {
            let mut packed = Packed::new();
            packed.capture(format.as_bytes(), &mut arguments.as_slice());
            let uncut = packed.bytes().len();
            let was_whole = packed.is_whole();
            packed.shorten(room);
            prop_assert_eq!(packed.is_whole(), was_whole && uncut <= room);
            prop_assert!(packed.bytes().len() <= room);
            let mut text = Vec::new();
            let whole = render_packed(format.as_bytes(), packed.bytes(), &mut |byte| text.push(byte));
            let text = String::from_utf8(text).unwrap();
            prop_assert_eq!(whole, packed.is_whole());
            if whole {
                prop_assert_eq!(&text, &expected);
            } else {
                let kept = text.strip_suffix("...");
                prop_assert!(
                    kept.is_some_and(|kept| expected.starts_with(kept)),
                    "{} is no beginning of {}", text, expected
                );
            }
        }
    }

    /// Any bytes for a format, any arguments: bounded, and the same in a buffer of any size.
    #[test]
    fn any_bytes(
        format in prop::collection::vec(
            prop_oneof![any::<u8>(), prop::sample::select(b"%%%-0123.hlzjtdiuxXocsp".to_vec())], 0..60
        ),
        arguments in prop::collection::vec(prop_oneof![
            any::<u64>().prop_map(Ok), prop::collection::vec(any::<u8>(), 0..300).prop_map(Err)
        ], 0..20),
        size in 0..200_usize,
    ) {
        let arguments: Vec<Argument<'_>> = arguments
            .iter()
            .map(|argument| match argument {
                Ok(number) => Argument::Number(*number),
                Err(text) => Argument::Text(text),
            })
            .collect();
        let mut whole = vec![0; 256 * 60];
        let length = render(&format, &arguments, &mut whole);
        let whole = &whole[..length];
        let mut cut = vec![0; size];
        let length = render(&format, &arguments, &mut cut);
        prop_assert_eq!(length, whole.len().min(size));
        if whole.len() <= size {
            prop_assert_eq!(&cut[..length], whole);
        } else {
            let begin = size.saturating_sub(3);
            prop_assert_eq!(&cut[..begin], &whole[..begin]);
            prop_assert!(cut[begin..].iter().all(|&byte| byte == b'.'));
        }
    }
}
