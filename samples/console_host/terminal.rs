// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! The terminal: a line editor at the prompt, and a receive interrupt while a command runs.

use std::collections::VecDeque;
use std::io::{self, BufRead, IsTerminal};
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::thread;

use micrort::{host, kbd_intr};
use rustix::event::{poll, PollFd, PollFlags};
use rustix::fd::AsFd;
use rustix::termios::{self, InputModes, LocalModes, OptionalActions, Termios};
use rustyline::completion::Completer;
use rustyline::highlight::Highlighter;
use rustyline::hint::Hinter;
use rustyline::history::DefaultHistory;
use rustyline::validate::Validator;
use rustyline::{
    Cmd, CompletionType, ConditionalEventHandler, Config, Context, Editor, Event, EventContext,
    EventHandler, ExternalPrinter, Helper, KeyEvent, RepeatCount,
};

use crate::commands::{self, say};

const PROMPT: &str = "uart:~$ ";
const COLOURED_PROMPT: &str = "\x1b[1;32muart:~$ \x1b[0m";

/// Ctrl-C and Ctrl-D where they are data.
const CLEAR: u8 = 3;
const END: u8 = 4;

pub enum Terminal {
    /// Text that comes from a file or a pipe.
    Plain,
    Interactive(Box<Interactive>),
}

pub struct Interactive {
    editor: Editor<Complete, DefaultHistory>,
    /// As the terminal was found.
    saved: Termios,
    /// Received while a command ran: typed ahead.
    received: VecDeque<u8>,
}

impl Terminal {
    pub fn open() -> Self {
        let stdin = io::stdin();
        let interactive = stdin
            .is_terminal()
            .then(|| Interactive::open(&stdin))
            .flatten();
        interactive.map_or(Terminal::Plain, |it| Terminal::Interactive(Box::new(it)))
    }

    /// Reads a line; `None` at the end of the input, and for Ctrl-D.
    pub fn read_line(&mut self) -> Option<String> {
        match self {
            Terminal::Plain => {
                let mut line = String::new();
                let length = io::stdin().lock().read_line(&mut line).ok()?;
                let line = line.trim_end_matches(['\r', '\n']).to_owned();
                (length != 0).then(|| {
                    say!("{PROMPT}{line}");
                    line
                })
            }
            Terminal::Interactive(interactive) => interactive.read_line(),
        }
    }

    /// Runs a command; what is received meanwhile passes the matcher first.
    pub fn receive_during<R>(&mut self, command: impl FnOnce() -> R) -> R {
        match self {
            Terminal::Plain => command(),
            Terminal::Interactive(interactive) => interactive.receive_during(command),
        }
    }
}

impl Interactive {
    fn open(stdin: &io::Stdin) -> Option<Self> {
        let saved = termios::tcgetattr(stdin).ok()?;
        // Between two prompts, too, Ctrl-C is a character and none is echoed. Output stays as it is.
        let mut raw = saved.clone();
        raw.local_modes -=
            LocalModes::ICANON | LocalModes::ECHO | LocalModes::ISIG | LocalModes::IEXTEN;
        raw.input_modes -= InputModes::ICRNL | InputModes::IXON;
        termios::tcsetattr(stdin, OptionalActions::Now, &raw).ok()?;

        let config = Config::builder()
            .completion_type(CompletionType::List)
            .build();
        let mut editor = Editor::with_config(config).ok()?;
        editor.set_helper(Some(Complete));
        let clear = EventHandler::Conditional(Box::new(Clear));
        editor.bind_sequence(KeyEvent::ctrl('C'), clear);
        // What the library prints while a line is edited comes above it.
        if let Ok(mut printer) = editor.create_external_printer() {
            host::print_with(move |piece| {
                let _ = printer.print(String::from_utf8_lossy(piece).into_owned());
            });
        }
        let received = VecDeque::new();
        Some(Interactive {
            editor,
            saved,
            received,
        })
    }

    fn read_line(&mut self) -> Option<String> {
        let mut typed = Vec::new();
        while let Some(byte) = self.received.pop_front() {
            match byte {
                b'\r' | b'\n' => {
                    let line = String::from_utf8_lossy(&typed).into_owned();
                    say!("{PROMPT}{line}");
                    return Some(line);
                }
                CLEAR => typed.clear(),
                END if typed.is_empty() => return None,
                _ => typed.push(byte),
            }
        }
        let mut typed = String::from_utf8_lossy(&typed).into_owned();
        loop {
            let prompt = (PROMPT, COLOURED_PROMPT);
            match self.editor.readline_with_initial(&prompt, (&typed, "")) {
                Ok(_) if CLEARED.swap(false, Relaxed) => typed.clear(),
                Ok(line) => {
                    let _ = self.editor.add_history_entry(line.as_str());
                    return Some(line);
                }
                Err(_) => return None,
            }
        }
    }

    fn receive_during<R>(&mut self, command: impl FnOnce() -> R) -> R {
        let Ok((stop, stopped)) = rustix::pipe::pipe().map(|(read, write)| (write, read)) else {
            return command();
        };
        let receiver = thread::spawn(move || receive_until(&stopped));
        let result = command();
        drop(stop);
        self.received.extend(receiver.join().unwrap_or_default());
        result
    }
}

impl Drop for Interactive {
    fn drop(&mut self) {
        // The terminal may be gone.
        let _ = termios::tcsetattr(io::stdin(), OptionalActions::Now, &self.saved);
    }
}

/// The receive interrupt: shows each byte to the matcher and keeps the others, until the other end
/// of `stopped` is closed.
fn receive_until(stopped: &impl AsFd) -> Vec<u8> {
    let stdin = io::stdin();
    let mut kept = Vec::new();
    loop {
        let mut ready = [
            PollFd::new(&stdin, PollFlags::IN),
            PollFd::new(stopped, PollFlags::IN),
        ];
        let polled = poll(&mut ready, None);
        let [input, stop] = ready.map(|ready| !ready.revents().is_empty());
        if stop || (polled.is_err() && polled != Err(rustix::io::Errno::INTR)) {
            return kept;
        }
        let mut bytes = [0; 64];
        if input {
            // Not through Rust's buffer: the line editor would never see what stays in it.
            let Ok(length @ 1..) = rustix::io::read(&stdin, &mut bytes) else {
                return kept;
            };
            for &byte in bytes.iter().take(length) {
                if !host::interrupt(|| kbd_intr::feed(byte)) {
                    kept.push(byte);
                }
            }
        }
    }
}

/// Ctrl-C at the prompt: the line is taken and dropped. As an error of the editor it would take with
/// it what was typed behind it.
struct Clear;

static CLEARED: AtomicBool = AtomicBool::new(false);

impl ConditionalEventHandler for Clear {
    fn handle(&self, _: &Event, _: RepeatCount, _: bool, _: &EventContext<'_>) -> Option<Cmd> {
        CLEARED.store(true, Relaxed);
        Some(Cmd::AcceptLine)
    }
}

/// Completes words by the tables of the commands.
struct Complete;

impl Completer for Complete {
    type Candidate = String;

    fn complete(
        &self,
        line: &str,
        at: usize,
        _: &Context<'_>,
    ) -> rustyline::Result<(usize, Vec<String>)> {
        let typed = line.get(..at).unwrap_or(line);
        let start = typed.rfind(' ').map_or(0, |blank| blank + 1);
        let (before, word) = typed.split_at_checked(start).unwrap_or(("", typed));
        let words: Vec<&str> = before.split_whitespace().collect();
        let mut offer = commands::offer(&words);
        offer.retain(|offered| offered.starts_with(word));
        if let [only] = offer.as_mut_slice() {
            only.push(' ');
        }
        Ok((start, offer))
    }
}

impl Helper for Complete {}
impl Highlighter for Complete {}
impl Hinter for Complete {
    type Hint = String;
}
impl Validator for Complete {}
