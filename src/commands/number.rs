// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! Numbers in a command line.

#![forbid(unsafe_code)]

/// Reads the first word as a number from `least` to `most`: decimal, also with zeros in front, or
/// hexadecimal with 0x.
pub fn number(words: &[&[u8]], least: i32, most: i32) -> Option<i32> {
    parse(words.first()?).filter(|value| (least..=most).contains(value))
}

fn parse(word: &[u8]) -> Option<i32> {
    let sign = word.first().filter(|first| matches!(first, b'-' | b'+'));
    let word = word.get(usize::from(sign.is_some())..)?;
    let (base, digits) = match word {
        [b'0', b'x' | b'X', digits @ ..] => (16, digits),
        digits => (10, digits),
    };
    let mut value = (!digits.is_empty()).then_some(0_i32)?;
    for &digit in digits {
        let digit = char::from(digit).to_digit(base)?;
        value = value.checked_mul(base as i32)?.checked_add(digit as i32)?;
    }
    Some(if sign == Some(&b'-') { -value } else { value })
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn forms() {
        for (word, value) in [
            ("0", 0),
            ("010", 10),
            ("+4", 4),
            ("-01", -1),
            ("0xfF", 255),
            ("-0X1", -1),
            ("2147483647", i32::MAX),
        ] {
            assert_eq!(parse(word.as_bytes()), Some(value), "{word}");
        }
    }

    #[test]
    fn no_numbers() {
        for word in [
            "",
            "-",
            "+",
            "--1",
            "+-1",
            "0x",
            "-0x",
            "x1",
            "1x",
            "0xg",
            "1e1",
            "1.0",
            " 1",
            "1 2",
            "2147483648",
            "-2147483648",
            "4294967299",
            "0x100000003",
            "99999999999999999999999999999999999999",
        ] {
            assert_eq!(parse(word.as_bytes()), None, "{word}");
        }
    }
}
