// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! The keyboard interrupt on the host port, through the Rust API. One test function, because
//! there is one interrupt.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]
#![cfg(not(any(loom, feature = "host-executor-poll")))]

use std::thread;
use std::time::{Duration, Instant};

use micrort::kbd_intr::{self, Interrupted, InvalidCharacter};
use micrort::schedule::{self, PollError};
use micrort::{host, Task};

#[test]
fn in_this_order() {
    assert!(kbd_intr::raise().is_err(), "nobody is in the foreground");
    host::start();

    // micropython/kbd_intr.py, and the default.
    assert_eq!(kbd_intr::get(), Some(3));
    assert!(!kbd_intr::feed(b'x'));
    assert!(kbd_intr::feed(3));
    assert!(kbd_intr::feed(3));
    assert_eq!(kbd_intr::check(), Err(Interrupted), "two are one");
    assert_eq!(kbd_intr::check(), Ok(()));

    // "anything else is -EINVAL and changes nothing".
    for code in [-2, 256, i32::MIN, i32::MAX] {
        assert_eq!(kbd_intr::set_code(code), Err(InvalidCharacter));
        assert_eq!(kbd_intr::get(), Some(3));
    }
    kbd_intr::set_code(0).unwrap();
    assert!(kbd_intr::feed(0) && !kbd_intr::feed(3));
    kbd_intr::set_code(255).unwrap();
    assert!(kbd_intr::feed(255));

    // "Switching off clears an interrupt that is still pending."
    kbd_intr::set_code(-1).unwrap();
    assert_eq!(kbd_intr::check(), Ok(()));
    assert!((0..=255).all(|byte| !kbd_intr::feed(byte)));
    kbd_intr::set(Some(3));

    // Only the foreground thread takes it; the end of the attached one detaches it.
    kbd_intr::raise().unwrap();
    assert_eq!(thread::spawn(kbd_intr::check).join().unwrap(), Ok(()));
    thread::spawn(|| {
        kbd_intr::attach().unwrap();
        assert_eq!(kbd_intr::check(), Err(Interrupted));
        kbd_intr::raise().unwrap();
    })
    .join()
    .unwrap();
    assert_eq!(kbd_intr::check(), Err(Interrupted));
    assert!(kbd_intr::detach().is_err());

    // "never taken inside a scheduled function and never lost there".
    static TASK: Task = Task::new((), |_| {
        kbd_intr::raise().unwrap();
        assert_eq!(kbd_intr::check(), Ok(()));
    });
    TASK.schedule();

    // cmdline/repl_ctrl_c_interrupt_execution.py: it wakes a sleep.
    let begin = Instant::now();
    assert_eq!(
        schedule::sleep(Duration::from_secs(60)),
        Err(PollError::Interrupted)
    );
    assert!(begin.elapsed() < Duration::from_secs(30));
    assert_eq!(schedule::sleep(Duration::from_millis(1)), Ok(()));
    host::interrupt(|| {
        kbd_intr::raise().unwrap();
        assert_eq!(kbd_intr::check(), Ok(()), "not taken in an interrupt");
    });
    assert_eq!(schedule::poll(), Err(PollError::Interrupted));

    // An interrupt that came for a command is forgotten at the prompt.
    kbd_intr::raise().unwrap();
    micrort::at_prompt();
    assert_eq!(kbd_intr::check(), Ok(()));
}
