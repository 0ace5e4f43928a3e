// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! The terminal: a line editor, and the receive interrupt of the console in front of it.
//!
//! The receive interrupt reads the terminal and hands what the matcher leaves to the editor, whose
//! standard input is a terminal of its own. So what is typed while a command runs waits for the editor
//! in the order in which it came, and no byte passes the matcher by.

use std::collections::VecDeque;
use std::io::{self, BufRead, IsTerminal, Write};
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::time::Duration;
use std::{str, thread};

use micrort::{host, kbd_intr};
use rustix::event::{poll, PollFd, PollFlags, Timespec};
use rustix::fd::{AsFd, OwnedFd};
use rustix::fs::{fcntl_setfl, open, Mode, OFlags};
use rustix::io::Errno;
use rustix::pty::{self, OpenptFlags};
use rustix::termios::{self, InputModes, LocalModes, OptionalActions, Termios};
use rustyline::completion::Completer;
use rustyline::error::ReadlineError;
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

/// Whether a command runs; at the prompt the interrupt character is data.
static RUNNING: AtomicBool = AtomicBool::new(false);

/// Whether there is a line editor, with a terminal that can move its cursor.
static INTERACTIVE: AtomicBool = AtomicBool::new(false);

pub fn is_interactive() -> bool {
    INTERACTIVE.load(SeqCst)
}

/// Waits so long for a key, while a command runs. In a file or a pipe what follows is the next line.
pub fn key(time: Duration) -> Option<u8> {
    if !is_interactive() {
        thread::sleep(time);
        return None;
    }
    let stdin = io::stdin();
    let mut ready = [PollFd::new(&stdin, PollFlags::IN)];
    let time = Timespec::try_from(time).ok()?;
    let mut key = [0];
    (poll(&mut ready, Some(&time)) == Ok(1) && rustix::io::read(&stdin, &mut key) == Ok(1))
        .then_some(key[0])
}

pub enum Terminal {
    /// Text from a file or a pipe, or a terminal without a cursor.
    Plain {
        echoed: bool,
    },
    Interactive(Box<Interactive>),
}

pub struct Interactive {
    editor: Editor<Complete, DefaultHistory>,
    /// Restores the terminal when it is dropped.
    _modes: Modes,
}

impl Terminal {
    pub fn open() -> Self {
        let terminal = io::stdin().is_terminal() && io::stdout().is_terminal();
        // Those on which the editor does not edit.
        let simple = matches!(
            std::env::var("TERM").as_deref(),
            Ok("dumb" | "cons25" | "emacs")
        );
        if terminal && !simple {
            match Interactive::open() {
                Ok(interactive) => {
                    INTERACTIVE.store(true, SeqCst);
                    return Terminal::Interactive(Box::new(interactive));
                }
                Err(error) => say!("no line editor: {error}"),
            }
        }
        Terminal::Plain { echoed: terminal }
    }

    /// Reads a line; `None` at the end of the input, and for Ctrl-D.
    pub fn read_line(&mut self) -> Option<String> {
        match self {
            Terminal::Plain { echoed } => read_plain_line(*echoed),
            Terminal::Interactive(interactive) => interactive.read_line(),
        }
    }

    /// Runs a command, which the interrupt character can stop.
    pub fn run<R>(&mut self, command: impl FnOnce() -> R) -> R {
        RUNNING.store(true, SeqCst);
        let result = command();
        RUNNING.store(false, SeqCst);
        result
    }
}

fn read_plain_line(echoed: bool) -> Option<String> {
    if echoed {
        let mut stdout = io::stdout();
        // Whoever reads may be gone.
        let _ = write!(stdout, "{PROMPT}").and_then(|()| stdout.flush());
    }
    let mut line = Vec::new();
    let length = io::stdin().lock().read_until(b'\n', &mut line).ok()?;
    let line = String::from_utf8_lossy(&line);
    let line = line.trim_end_matches(['\r', '\n']);
    if !echoed && length != 0 {
        say!("{PROMPT}{line}");
    }
    (length != 0).then(|| line.to_owned())
}

impl Interactive {
    fn open() -> Result<Self, Box<dyn std::error::Error>> {
        let modes = Modes::raw(rustix::io::dup(io::stdin())?)?;
        let (receiver, editors) = new_terminal()?;
        rustix::stdio::dup2_stdin(editors)?;
        let terminal = rustix::io::dup(&modes.terminal)?;
        thread::spawn(move || receive(&terminal, &receiver));

        let config = Config::builder()
            .completion_type(CompletionType::List)
            // Lines that are pasted are lines.
            .bracketed_paste(false)
            .build();
        let mut editor = Editor::with_config(config)?;
        editor.set_helper(Some(Complete));
        let clear = EventHandler::Conditional(Box::new(Clear));
        editor.bind_sequence(KeyEvent::ctrl('C'), clear);
        // The shell behind would find the terminal raw.
        editor.bind_sequence(KeyEvent::ctrl('Z'), Cmd::Noop);
        // What the library prints while a line is edited comes above it.
        let mut printer = editor.create_external_printer()?;
        host::print_with(move |piece| {
            let _ = printer.print(String::from_utf8_lossy(piece).into_owned());
        });
        Ok(Interactive {
            editor,
            _modes: modes,
        })
    }

    fn read_line(&mut self) -> Option<String> {
        loop {
            match self.editor.readline(&(PROMPT, COLOURED_PROMPT)) {
                Ok(_) if CLEARED.swap(false, SeqCst) => {}
                Ok(line) => {
                    let _ = self.editor.add_history_entry(line.as_str());
                    return Some(line);
                }
                Err(ReadlineError::Interrupted) => {}
                Err(_) => return None,
            }
        }
    }
}

/// A terminal in raw mode; as it was found when this is dropped.
struct Modes {
    terminal: OwnedFd,
    saved: Termios,
}

impl Modes {
    fn raw(terminal: OwnedFd) -> rustix::io::Result<Self> {
        let saved = termios::tcgetattr(&terminal)?;
        let mut raw = saved.clone();
        // Output stays as it is: a line feed begins a line.
        raw.local_modes -=
            LocalModes::ICANON | LocalModes::ECHO | LocalModes::ISIG | LocalModes::IEXTEN;
        raw.input_modes -= InputModes::ICRNL | InputModes::IXON;
        termios::tcsetattr(&terminal, OptionalActions::Now, &raw)?;
        Ok(Modes { terminal, saved })
    }
}

impl Drop for Modes {
    fn drop(&mut self) {
        // The terminal may be gone.
        let _ = termios::tcsetattr(&self.terminal, OptionalActions::Now, &self.saved);
    }
}

/// A terminal in raw mode, and the end that writes what is typed there.
fn new_terminal() -> rustix::io::Result<(OwnedFd, OwnedFd)> {
    let typing = pty::openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY)?;
    pty::grantpt(&typing)?;
    pty::unlockpt(&typing)?;
    let name = pty::ptsname(&typing, Vec::new())?;
    let terminal = open(
        name.as_c_str(),
        OFlags::RDWR | OFlags::NOCTTY,
        Mode::empty(),
    )?;
    let mut modes = termios::tcgetattr(&terminal)?;
    modes.make_raw();
    termios::tcsetattr(&terminal, OptionalActions::Now, &modes)?;
    fcntl_setfl(&typing, OFlags::NONBLOCK)?;
    Ok((typing, terminal))
}

/// The receive interrupt: shows what is typed at `terminal` to the matcher, and hands the rest to the
/// editor. As much as the editor has no room for waits here, and nothing behind it is kept from the
/// matcher.
fn receive(terminal: &impl AsFd, editor: &impl AsFd) {
    let mut waiting = VecDeque::new();
    // Bytes of a letter that is not complete.
    let mut letter = Vec::new();
    loop {
        let mut ready = vec![PollFd::new(terminal, PollFlags::IN)];
        if !waiting.is_empty() {
            ready.push(PollFd::new(editor, PollFlags::OUT));
        }
        match poll(&mut ready, None) {
            Ok(_) | Err(Errno::INTR) => {}
            Err(_) => return,
        }
        if ready
            .first()
            .is_some_and(|input| !input.revents().is_empty())
        {
            let mut bytes = [0; 64];
            // At its end the editor's terminal goes with this function.
            let Ok(length @ 1..) = rustix::io::read(terminal, &mut bytes) else {
                return;
            };
            for &byte in bytes.iter().take(length) {
                if RUNNING.load(SeqCst) && host::interrupt(|| kbd_intr::feed(byte)) {
                    continue;
                }
                letter.push(byte);
                match str::from_utf8(&letter) {
                    Ok(_) => waiting.extend(letter.drain(..)),
                    // What is no text would end the editor; a key behind it is one.
                    Err(error) if error.error_len().is_some() => {
                        letter.clear();
                        waiting.extend(byte.is_ascii().then_some(byte));
                    }
                    Err(_) => {}
                }
            }
        }
        while let Ok(length @ 1..) = rustix::io::write(editor, waiting.as_slices().0) {
            waiting.drain(..length);
            if waiting.is_empty() {
                break;
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
        CLEARED.store(true, SeqCst);
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
