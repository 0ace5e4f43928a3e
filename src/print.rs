// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! Reports, handed to a printer line by line.
//!
//! Not `core::fmt`: it costs kilobytes, and text here is bytes of any content.

#![forbid(unsafe_code)]

use crate::format::render_decimal;

/// Why a printer stopped a report: its own code, in C a negative errno.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct PrintError(pub i32);

/// Takes a report piece by piece; an error ends it.
pub trait Print {
    /// Takes the next piece, which is not empty.
    fn print(&mut self, piece: &[u8]) -> Result<(), PrintError>;
}

impl<F: FnMut(&[u8]) -> Result<(), PrintError>> Print for F {
    fn print(&mut self, piece: &[u8]) -> Result<(), PrintError> {
        self(piece)
    }
}

/// Longest piece: a row of a heap's map fits.
const LINE: usize = 80;

/// Collects text, and hands it to the printer at the end of each line and where it gets too long.
///
/// The first error is kept; what follows it is dropped. [`Report::finish`] tells.
pub struct Report<'a> {
    printer: &'a mut dyn Print,
    line: [u8; LINE],
    length: usize,
    result: Result<(), PrintError>,
}

impl<'a> Report<'a> {
    /// A report that is still empty.
    pub fn new(printer: &'a mut dyn Print) -> Self {
        Report {
            printer,
            line: [0; LINE],
            length: 0,
            result: Ok(()),
        }
    }

    /// Adds what `print` prints.
    pub fn part(&mut self, print: impl FnOnce(&mut dyn Print) -> Result<(), PrintError>) {
        self.flush();
        if self.result.is_ok() {
            self.result = print(self.printer);
        }
    }

    /// Adds a byte.
    pub fn byte(&mut self, byte: u8) -> &mut Self {
        if let Some(place) = self.line.get_mut(self.length) {
            *place = byte;
            self.length += 1;
        }
        if byte == b'\n' || self.length == LINE {
            self.flush();
        }
        self
    }

    /// Adds text.
    #[inline]
    pub fn text(&mut self, text: &(impl AsRef<[u8]> + ?Sized)) -> &mut Self {
        self.bytes(text.as_ref())
    }

    fn bytes(&mut self, text: &[u8]) -> &mut Self {
        for &byte in text {
            self.byte(byte);
        }
        self
    }

    /// Adds text, at the left of so many places.
    pub fn left(&mut self, text: &[u8], width: usize) -> &mut Self {
        self.bytes(text);
        for _ in text.len()..width {
            self.byte(b' ');
        }
        self
    }

    /// Adds a number, in decimal.
    pub fn decimal(&mut self, mut number: usize) -> &mut Self {
        let mut digits = [0; 20];
        let mut length = 0;
        for place in digits.iter_mut().rev() {
            *place = b'0' + (number % 10) as u8;
            number /= 10;
            length += 1;
            if number == 0 {
                break;
            }
        }
        self.text(digits.get(digits.len() - length..).unwrap_or(&[]))
    }

    /// Adds a number of 64 bits, in decimal.
    pub fn unsigned(&mut self, number: u64) -> &mut Self {
        self.column(number, 0)
    }

    /// Adds a number of 64 bits, in decimal, at the right of so many places.
    pub fn column(&mut self, number: u64, width: u8) -> &mut Self {
        render_decimal(number, false, width, &mut |byte| _ = self.byte(byte));
        self
    }

    /// Adds a number of 64 bits that may be negative, in decimal.
    pub fn integer(&mut self, number: i64) -> &mut Self {
        render_decimal(number as u64, true, 0, &mut |byte| _ = self.byte(byte));
        self
    }

    /// Adds a number in hexadecimal, with at least so many digits.
    pub fn hex(&mut self, number: usize, digits: u32) -> &mut Self {
        let used = (usize::BITS - number.leading_zeros()).div_ceil(4);
        for place in (0..used.max(digits)).rev() {
            let digit = (number.checked_shr(place * 4).unwrap_or(0) & 15) as u8;
            self.byte(digit + if digit < 10 { b'0' } else { b'a' - 10 });
        }
        self
    }

    /// Whether the printer has stopped the report, so that the rest need not be made.
    pub fn is_stopped(&self) -> bool {
        self.result.is_err()
    }

    /// Hands over what is left.
    ///
    /// # Errors
    ///
    /// The printer's first one.
    pub fn finish(&mut self) -> Result<(), PrintError> {
        self.flush();
        self.result
    }

    fn flush(&mut self) {
        let piece = self.line.get(..self.length).unwrap_or(&[]);
        if self.result.is_ok() && !piece.is_empty() {
            self.result = self.printer.print(piece);
        }
        self.length = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    extern crate std;
    use std::string::String;
    use std::vec::Vec;

    fn printed(make: impl FnOnce(&mut Report<'_>)) -> String {
        let mut all = Vec::new();
        let mut printer = |piece: &[u8]| {
            all.extend_from_slice(piece);
            Ok(())
        };
        let mut report = Report::new(&mut printer);
        make(&mut report);
        assert_eq!(report.finish(), Ok(()));
        String::from_utf8_lossy(&all).into_owned()
    }

    #[test]
    fn numbers() {
        let text = printed(|report| {
            report.decimal(0).byte(b' ').decimal(1200).byte(b' ');
            report.decimal(usize::MAX).byte(b' ');
            report.hex(0, 1).byte(b' ').hex(0x1f, 8).byte(b' ');
            report.hex(usize::MAX, 1);
        });
        let max = std::format!("0 1200 {0} 0 0000001f {0:x}", usize::MAX);
        assert_eq!(text, max);
        let text = printed(|report| {
            report
                .integer(-7)
                .left(b"ab", 3)
                .integer(i64::MIN)
                .byte(b' ');
            report.unsigned(u64::MAX).integer(0).column(12, 4);
        });
        assert_eq!(text, std::format!("-7ab {} {}0  12", i64::MIN, u64::MAX));
    }

    #[test]
    fn long_lines_are_whole_and_pieces_are_short() {
        let mut pieces = Vec::new();
        let mut printer = |piece: &[u8]| {
            pieces.push(piece.to_vec());
            Ok(())
        };
        let mut report = Report::new(&mut printer);
        report.text(&[b'x'; 200]).text("\nend");
        assert_eq!(report.finish(), Ok(()));
        assert_eq!(pieces.concat(), [&[b'x'; 200][..], b"\nend"].concat());
        assert!(pieces.iter().all(|piece| (1..=LINE).contains(&piece.len())));
    }

    #[test]
    fn an_error_stops_it_and_comes_back() {
        let mut calls = 0;
        let mut printer = |_: &[u8]| {
            calls += 1;
            Err(PrintError(-calls))
        };
        let mut report = Report::new(&mut printer);
        report.text("a\nb\nc\n");
        assert!(report.is_stopped());
        assert_eq!(report.finish(), Err(PrintError(-1)));
        assert_eq!(calls, 1);
    }
}
