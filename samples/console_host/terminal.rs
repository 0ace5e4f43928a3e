// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! The terminal in raw mode, and its receive interrupt.

use std::io::{self, Read, Write};
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::sync::mpsc::{self, Receiver};
use std::thread;

use micrort::{host, kbd_intr};
use rustix::termios::{self, OptionalActions, Termios};

/// At the prompt the interrupt character is data.
static AT_PROMPT: AtomicBool = AtomicBool::new(true);

pub struct Terminal {
    received: Receiver<u8>,
    saved: Option<Termios>,
}

impl Terminal {
    pub fn open() -> Self {
        let saved = termios::tcgetattr(io::stdin()).ok();
        if let Some(saved) = &saved {
            let mut raw = saved.clone();
            raw.make_raw();
            termios::tcsetattr(io::stdin(), OptionalActions::Now, &raw).unwrap();
        }
        let (sender, received) = mpsc::channel();
        thread::spawn(move || {
            for byte in io::stdin().lock().bytes().map_while(Result::ok) {
                let interrupt = host::interrupt(|| !AT_PROMPT.load(SeqCst) && kbd_intr::feed(byte));
                if !interrupt && sender.send(byte).is_err() {
                    break;
                }
            }
        });
        Terminal { received, saved }
    }

    /// Reads a line; `None` at the end of the input, and for Ctrl-D.
    pub fn read_line(&mut self, prompt: &str) -> Option<String> {
        const INTERRUPT: u8 = 3;
        const END: u8 = 4;
        const BACKSPACE: u8 = 8;
        const DELETE: u8 = 127;

        AT_PROMPT.store(true, SeqCst);
        let mut line = String::new();
        show(prompt);
        loop {
            match self.received.recv().ok()? {
                END => {
                    show("\r\n");
                    return None;
                }
                INTERRUPT => {
                    line.clear();
                    show("\r\n");
                    show(prompt);
                }
                b'\r' | b'\n' => break,
                BACKSPACE | DELETE if line.pop().is_some() => {
                    show("\x08 \x08");
                }
                byte if byte.is_ascii_graphic() || byte == b' ' => {
                    line.push(byte.into());
                    show(byte.escape_ascii().to_string().as_str());
                }
                _ => {}
            }
        }
        show("\r\n");
        AT_PROMPT.store(false, SeqCst);
        Some(line)
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        if let Some(saved) = &self.saved {
            // The terminal may be gone.
            let _ = termios::tcsetattr(io::stdin(), OptionalActions::Now, saved);
        }
    }
}

fn show(text: &str) {
    print!("{text}");
    // Whoever reads may be gone.
    let _ = io::stdout().flush();
}
