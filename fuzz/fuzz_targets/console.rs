// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! What a console does with received bytes, against a model of two variables.

#![no_main]

use std::sync::Once;

use libfuzzer_sys::{arbitrary, arbitrary::Arbitrary, fuzz_target};
use micrort::kbd_intr;

#[derive(Arbitrary, Debug)]
enum Step {
    Receive(Vec<u8>),
    Select(i32),
    Raise,
    Check,
    Sleep,
    CheckInInterrupt,
    CommandEnds,
}

fuzz_target!(|steps: Vec<Step>| {
    static START: Once = Once::new();
    START.call_once(micrort::host::start);

    kbd_intr::set(None);
    kbd_intr::set(Some(3));
    let mut character = Some(3);
    let mut pending = false;
    let take = |pending: &mut bool| core::mem::take(pending);

    for step in steps {
        match step {
            Step::Receive(bytes) => {
                let kept: Vec<u8> = bytes
                    .iter()
                    .copied()
                    .filter(|&byte| !micrort::host::interrupt(|| kbd_intr::feed(byte)))
                    .collect();
                let expected: Vec<u8> =
                    bytes.iter().copied().filter(|&byte| Some(byte) != character).collect();
                assert_eq!(kept, expected);
                pending |= kept.len() != bytes.len();
            }
            Step::Select(code) => match kbd_intr::set_code(code) {
                Ok(()) => {
                    character = u8::try_from(code).ok();
                    pending &= character.is_some();
                }
                Err(kbd_intr::InvalidCharacter) => assert!(!(-1..=255).contains(&code)),
            },
            Step::Raise => {
                assert_eq!(kbd_intr::raise(), Ok(()));
                pending = true;
            }
            Step::Check => assert_eq!(kbd_intr::check().is_err(), take(&mut pending)),
            Step::Sleep => {
                let slept = micrort::sleep(core::time::Duration::ZERO);
                assert_eq!(slept.is_err(), take(&mut pending));
            }
            Step::CheckInInterrupt => {
                assert_eq!(micrort::host::interrupt(kbd_intr::check), Ok(()));
            }
            Step::CommandEnds => {
                micrort::at_prompt();
                pending = false;
            }
        }
        assert_eq!(kbd_intr::get(), character);
    }
});
