// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! Text with arguments, in two steps: [`Packed::capture`] keeps the arguments of a printf format
//! as bytes, in any context and in bounded time; [`render_packed`] makes the text later.
//!
//! Conversions: `d i u x X o c s p %`, with the flags `-` and `0`, a width, one of `hh h l ll j z
//! t`, and for `s` a precision. At anything else the interpretation ends: from there on the format
//! is shown as it stands, and no argument is consumed any more.
//!
//! A packed number is a tag and its value's bytes without the leading ones that only repeat the
//! sign; a packed text is a tag with the number of bytes that are kept, the length that it has
//! uncut, and the bytes. Where it is cut the length still tells how wide its field is:
//!
//! ```text
//!   number   0 0 0 sign  length, 0-8 | value, least significant byte first
//!   text     1 kept, 0-126           | length, 0-255 | bytes
//! ```

#![forbid(unsafe_code)]

use core::ffi::c_long;
use core::mem::size_of;

/// Bytes that the arguments of one exception can take: text beyond is cut.
pub const PACKED_MAX: usize = 128;

/// A text and the two bytes before it fit, so the number of bytes kept has seven bits.
const _: () = assert!(PACKED_MAX - 2 < 0x80);

const TEXT: u8 = 0x80;
const NEGATIVE: u8 = 0x10;
const LENGTH: u8 = 0x0f;

/// An argument from Rust. Integers are shown in the size that the conversion names, as in C:
/// `%d` is 32 bits wide, `%lld` 64.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Argument<'a> {
    /// For `d i u x X o c p`; a negative one is sign-extended.
    Number(u64),
    /// For `s`.
    Text(&'a [u8]),
}

macro_rules! from_integers {
    ($($type:ty),*) => {$(
        impl From<$type> for Argument<'_> {
            fn from(number: $type) -> Self {
                Argument::Number(number as u64)
            }
        }
    )*};
}

from_integers!(i8, i16, i32, i64, isize, u8, u16, u32, u64, usize);

impl From<char> for Argument<'_> {
    fn from(character: char) -> Self {
        Argument::Number(u32::from(character).into())
    }
}

impl<'a> From<&'a str> for Argument<'a> {
    fn from(text: &'a str) -> Self {
        Argument::Text(text.as_bytes())
    }
}

impl<'a> From<&'a [u8]> for Argument<'a> {
    fn from(text: &'a [u8]) -> Self {
        Argument::Text(text)
    }
}

/// Where a format's arguments come from, in order: a slice of [`Argument`], or C's `va_list`.
pub trait Arguments {
    /// Fetches a number, which is eight bytes `wide` or that of an `int`. `None` where the next
    /// one is no number, or there is none.
    fn number(&mut self, wide: bool) -> Option<u64>;

    /// Fetches text, and of it no more than `limit` bytes. `None` where the next argument is no text,
    /// or there is none.
    fn text(&mut self, limit: usize) -> Option<&[u8]>;
}

impl Arguments for &[Argument<'_>] {
    fn number(&mut self, _: bool) -> Option<u64> {
        let (Argument::Number(number), rest) = self.split_first()? else {
            return None;
        };
        *self = rest;
        Some(*number)
    }

    fn text(&mut self, limit: usize) -> Option<&[u8]> {
        let (Argument::Text(text), rest) = self.split_first()? else {
            return None;
        };
        *self = rest;
        Some(text.get(..limit).unwrap_or(text))
    }
}

/// What stands between `%` and the letter, and the letter.
#[derive(Clone, Copy)]
struct Conversion {
    letter: u8,
    left: bool,
    zeros: bool,
    width: u8,
    /// Bytes of the number.
    size: usize,
    /// Most bytes of the text.
    precision: usize,
}

/// Reads a conversion behind its `%`; `None` if it is not one of ours.
fn parse<'a>(format: &mut &'a [u8]) -> Option<Conversion> {
    let mut rest: &'a [u8] = format;
    let mut next = || {
        let (&first, after) = rest.split_first()?;
        rest = after;
        Some(first)
    };
    let mut conversion = Conversion::PLAIN;
    let mut byte = next()?;
    loop {
        match byte {
            b'-' => conversion.left = true,
            b'0' => conversion.zeros = true,
            _ => break,
        }
        byte = next()?;
    }
    while byte.is_ascii_digit() {
        conversion.width = conversion
            .width
            .saturating_mul(10)
            .saturating_add(byte & 15);
        byte = next()?;
    }
    if byte == b'.' {
        conversion.precision = 0;
        byte = next()?;
        while byte.is_ascii_digit() {
            conversion.precision = conversion
                .precision
                .saturating_mul(10)
                .saturating_add((byte & 15).into());
            byte = next()?;
        }
        if byte != b's' {
            return None;
        }
    }
    let size = match byte {
        b'h' => 2,
        b'l' => size_of::<c_long>(),
        b'j' => 8,
        b'z' | b't' => size_of::<usize>(),
        _ => 0,
    };
    if size != 0 {
        conversion.size = size;
        let modifier = byte;
        byte = next()?;
        if byte == modifier && matches!(byte, b'h' | b'l') {
            conversion.size = if byte == b'h' { 1 } else { 8 };
            byte = next()?;
        }
        if !matches!(byte, b'd' | b'i' | b'u' | b'x' | b'X' | b'o') {
            return None;
        }
    }
    if byte == b'p' {
        conversion.size = size_of::<usize>();
    }
    if !matches!(
        byte,
        b'd' | b'i' | b'u' | b'x' | b'X' | b'o' | b'c' | b's' | b'p' | b'%'
    ) {
        return None;
    }
    conversion.letter = byte;
    *format = rest;
    Some(conversion)
}

impl Conversion {
    const PLAIN: Conversion = Conversion {
        letter: 0,
        left: false,
        zeros: false,
        width: 0,
        size: size_of::<i32>(),
        precision: usize::MAX,
    };

    fn is_signed(&self) -> bool {
        matches!(self.letter, b'd' | b'i')
    }

    /// What the conversion's size leaves of a number, extended again to 64 bits.
    fn resize(&self, number: u64) -> u64 {
        let spare = 64_u32.saturating_sub(8 * self.size as u32);
        let high = number.checked_shl(spare).unwrap_or(0);
        if self.is_signed() {
            ((high as i64) >> spare) as u64
        } else {
            high >> spare
        }
    }
}

/// The arguments of one format, packed.
pub struct Packed {
    bytes: [u8; PACKED_MAX],
    length: usize,
    whole: bool,
}

impl Packed {
    /// No arguments.
    pub const fn new() -> Self {
        Packed {
            bytes: [0; PACKED_MAX],
            length: 0,
            whole: true,
        }
    }

    /// Adds the arguments of a format, until one does not fit.
    ///
    /// *Callable from* every context: it neither allocates nor renders.
    pub fn capture(&mut self, mut format: &[u8], arguments: &mut dyn Arguments) {
        while let Some((&byte, rest)) = format.split_first() {
            format = rest;
            if byte != b'%' {
                continue;
            }
            let Some(conversion) = parse(&mut format) else {
                return;
            };
            let kept = match conversion.letter {
                b'%' => Some(()),
                b's' => self.push_text(conversion.precision, arguments),
                _ => arguments
                    .number(conversion.size == 8)
                    .and_then(|number| self.push_number(&conversion, number)),
            };
            if kept.is_none() {
                self.whole = false;
                return;
            }
        }
    }

    /// The bytes, for [`render_packed`].
    pub fn bytes(&self) -> &[u8] {
        self.bytes.get(..self.length).unwrap_or(&[])
    }

    /// Whether nothing is missing.
    pub fn is_whole(&self) -> bool {
        self.whole
    }

    /// Cuts to `room` bytes: what is behind is lost, and a text at the edge is cut and marked so.
    pub fn shorten(&mut self, room: usize) {
        if self.length <= room {
            return;
        }
        self.whole = false;
        let mut rest = self.bytes();
        let mut end = 0;
        while let Some(item) = Item::take(&mut rest) {
            let after = end + item.size();
            if after > room {
                break;
            }
            end = after;
        }
        self.length = end;
        let left = room.saturating_sub(end + 2);
        if let Some(tag) = self.bytes.get_mut(end) {
            if *tag & TEXT != 0 && left != 0 {
                *tag = TEXT | left as u8;
                self.length = room;
            }
        }
    }

    fn push(&mut self, byte: u8) -> Option<()> {
        *self.bytes.get_mut(self.length)? = byte;
        self.length += 1;
        Some(())
    }

    fn push_number(&mut self, conversion: &Conversion, number: u64) -> Option<()> {
        let number = conversion.resize(number);
        let negative = conversion.is_signed() && number >> 63 != 0;
        let payload = if negative { !number } else { number };
        let length = (71 - payload.leading_zeros()) / 8;
        if self.length + 1 + length as usize > PACKED_MAX {
            return None;
        }
        self.push(length as u8 | if negative { NEGATIVE } else { 0 })?;
        for place in 0..length {
            self.push((number >> (8 * place)) as u8)?;
        }
        Some(())
    }

    fn push_text(&mut self, precision: usize, arguments: &mut dyn Arguments) -> Option<()> {
        let room = PACKED_MAX.checked_sub(self.length + 2)?;
        // The widest field is no wider than what one byte tells.
        let text = arguments.text(precision.min(u8::MAX.into()))?;
        let kept = text.len().min(room);
        self.push(TEXT | kept as u8)?;
        self.push(text.len() as u8)?;
        for &byte in text.iter().take(kept) {
            self.push(byte)?;
        }
        (kept == text.len()).then_some(())
    }
}

impl Default for Packed {
    fn default() -> Self {
        Self::new()
    }
}

/// A packed argument.
enum Item<'a> {
    Number {
        value: u64,
        length: usize,
    },
    /// What is kept of it, and the length of the whole.
    Text {
        text: &'a [u8],
        length: usize,
    },
}

impl<'a> Item<'a> {
    fn take(packed: &mut &'a [u8]) -> Option<Self> {
        let (&tag, rest) = packed.split_first()?;
        if tag & TEXT != 0 {
            let kept = usize::from(tag & !TEXT);
            let (&length, rest) = rest.split_first()?;
            let text = rest.get(..kept)?;
            *packed = rest.get(kept..)?;
            let length = length.into();
            return Some(Item::Text { text, length });
        }
        let length = usize::from(tag & LENGTH);
        let bytes = rest.get(..length)?;
        *packed = rest.get(length..)?;
        let sign = if tag & NEGATIVE != 0 { u64::MAX } else { 0 };
        let value = bytes
            .iter()
            .rev()
            .fold(sign, |value, &byte| value << 8 | u64::from(byte));
        Some(Item::Number { value, length })
    }

    fn size(&self) -> usize {
        match self {
            Item::Number { length, .. } => 1 + length,
            Item::Text { text, .. } => 2 + text.len(),
        }
    }
}

/// Makes the text of a format and its packed arguments, byte by byte. Where an argument is missing
/// or cut the text ends in `...`, and the answer is false.
///
/// *Callable from* threads.
pub fn render_packed(mut format: &[u8], mut packed: &[u8], out: &mut dyn FnMut(u8)) -> bool {
    while let Some((&byte, rest)) = format.split_first() {
        format = rest;
        if byte != b'%' {
            out(byte);
            continue;
        }
        let Some(conversion) = parse(&mut format) else {
            out(byte);
            format.iter().copied().for_each(out);
            return true;
        };
        if conversion.letter == b'%' {
            out(byte);
            continue;
        }
        let whole = match Item::take(&mut packed) {
            Some(Item::Text { text, length }) if conversion.letter == b's' => {
                conversion.field(&[], text, length, out);
                text.len() >= length
            }
            Some(Item::Number { value, .. }) if conversion.letter != b's' => {
                conversion.number(value, out);
                true
            }
            _ => false,
        };
        if !whole {
            b"...".iter().copied().for_each(out);
            return false;
        }
    }
    true
}

impl Conversion {
    /// Fills a field of the conversion's width. Text that is cut from `length` has no end to fill.
    fn field(&self, sign: &[u8], text: &[u8], length: usize, out: &mut dyn FnMut(u8)) {
        let fill = usize::from(self.width).saturating_sub(sign.len() + length);
        let zeros = self.zeros && !self.left && !matches!(self.letter, b's' | b'c');
        let (before, between, behind) = match (self.left, zeros) {
            (true, _) if text.len() < length => (0, 0, 0),
            (true, _) => (0, 0, fill),
            (false, true) => (0, fill, 0),
            (false, false) => (fill, 0, 0),
        };
        (0..before).for_each(|_| out(b' '));
        sign.iter().copied().for_each(&mut *out);
        (0..between).for_each(|_| out(b'0'));
        text.iter().copied().for_each(&mut *out);
        (0..behind).for_each(|_| out(b' '));
    }

    fn number(&self, value: u64, out: &mut dyn FnMut(u8)) {
        if self.letter == b'c' {
            return self.field(&[], &[value as u8], 1, out);
        }
        let negative = self.is_signed() && value >> 63 != 0;
        let mut digits = [0; 22];
        let base = match self.letter {
            b'o' => 8,
            b'x' | b'X' | b'p' => 16,
            _ => 10,
        };
        let magnitude = if negative {
            value.wrapping_neg()
        } else {
            value
        };
        let letter_a = if self.letter == b'X' { b'A' } else { b'a' };
        let used = to_digits(magnitude, base, letter_a, &mut digits);
        let digits = digits.get(digits.len().saturating_sub(used)..);
        let sign: &[u8] = match (negative, self.letter) {
            (true, _) => b"-",
            (false, b'p') => b"0x",
            (false, _) => b"",
        };
        self.field(sign, digits.unwrap_or(&[]), used, out);
    }
}

/// Writes digits to the end of `digits` and returns how many. In 16-bit steps, so that no 32-bit
/// CPU needs a 64-bit division.
fn to_digits(number: u64, base: u32, letter_a: u8, digits: &mut [u8; 22]) -> usize {
    let mut limbs = [48, 32, 16, 0].map(|shift| (number >> shift) as u16);
    let mut used = 0;
    for place in digits.iter_mut().rev() {
        let mut remainder = 0;
        let mut rest = 0;
        for limb in &mut limbs {
            let part = remainder << 16 | u32::from(*limb);
            *limb = (part / base) as u16;
            remainder = part % base;
            rest |= *limb;
        }
        let digit = remainder as u8;
        *place = if digit < 10 {
            b'0' + digit
        } else {
            letter_a + (digit - 10)
        };
        used += 1;
        if rest == 0 {
            break;
        }
    }
    used
}

/// Makes the text of `%*lld` or `%*llu`.
pub(crate) fn render_decimal(value: u64, signed: bool, width: u8, out: &mut dyn FnMut(u8)) {
    let conversion = Conversion {
        letter: if signed { b'd' } else { b'u' },
        width,
        ..Conversion::PLAIN
    };
    conversion.number(value, out);
}

/// Makes the text of `%p`.
pub(crate) fn render_pointer(value: usize, out: &mut dyn FnMut(u8)) {
    let conversion = Conversion {
        letter: b'p',
        ..Conversion::PLAIN
    };
    conversion.number(value as u64, out);
}

/// Collects text in a buffer of fixed size; what does not fit is cut, and the end becomes `...`.
pub(crate) struct Cut<'a> {
    buffer: &'a mut [u8],
    length: usize,
    overflow: bool,
}

impl<'a> Cut<'a> {
    pub(crate) fn new(buffer: &'a mut [u8]) -> Self {
        Cut {
            buffer,
            length: 0,
            overflow: false,
        }
    }

    pub(crate) fn push(&mut self, byte: u8) {
        if let Some(place) = self.buffer.get_mut(self.length) {
            *place = byte;
            self.length += 1;
        } else {
            self.overflow = true;
        }
    }

    /// Length of the text, and whether it is whole.
    pub(crate) fn finish(self) -> (usize, bool) {
        if self.overflow {
            self.buffer
                .iter_mut()
                .rev()
                .take(3)
                .for_each(|place| *place = b'.');
        }
        (self.length, !self.overflow)
    }
}

/// Captures and renders in one go; returns the length of the text, which is cut to `out`.
///
/// *Callable from* threads.
///
/// # Examples
///
/// ```
/// use micrort::exception::{render, Argument};
///
/// let mut out = [0; 32];
/// let length = render(b"%s = %04d", &[Argument::from("x"), Argument::from(-7)], &mut out);
/// assert_eq!(out[..length], *b"x = -007");
/// let length = render(b"%s", &["abcdefgh".into()], &mut out[..6]);
/// assert_eq!(out[..length], *b"abc...");
/// ```
pub fn render(format: &[u8], arguments: &[Argument<'_>], out: &mut [u8]) -> usize {
    let mut arguments = arguments;
    let mut packed = Packed::new();
    packed.capture(format, &mut arguments);
    let mut text = Cut::new(out);
    render_packed(format, packed.bytes(), &mut |byte| text.push(byte));
    text.finish().0
}
