// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! What can be typed, and what Tab makes of it.

use std::io::{self, Write};
use std::time::{Duration, Instant};

use micrort::commands::{Command, Console, Named, INTERRUPTED, MICRORT};
use micrort::kbd_intr;
use micrort::print::PrintError;

use crate::app::APP;
use crate::terminal;

/// In the order of their names, with those of the console itself around them.
static COMMANDS: [&Command; 2] = [&APP, &MICRORT];
const EXIT: (&str, &str) = ("exit", "Leave, as Ctrl-D does.");
const HELP: (&str, &str) = ("help", "Show this list.");

/// Prints a line; whoever reads may be gone.
macro_rules! say {
    ($($text:tt)*) => {
        _ = std::io::Write::write_fmt(&mut std::io::stdout(), format_args!("{}\n", format_args!($($text)*)))
    };
}
pub(crate) use say;

/// How often a command that waits for a key looks for the interrupt character.
const KEY_PERIOD: Duration = Duration::from_millis(20);

/// Standard output. The interrupt character ends the command that prints.
struct Stdout;

impl Console for Stdout {
    fn show(&mut self, piece: &[u8], _: bool) -> Result<(), PrintError> {
        const EIO: i32 = 5;

        let mut stdout = io::stdout().lock();
        let printed = stdout.write_all(piece).and_then(|()| stdout.flush());
        // Whoever reads may be gone.
        printed.map_err(|error| PrintError(-error.raw_os_error().unwrap_or(EIO)))?;
        kbd_intr::check().map_err(|_| INTERRUPTED)
    }

    fn has_cursor(&self) -> bool {
        terminal::is_interactive()
    }

    fn wait(&mut self, time: Duration) -> Result<Option<u8>, PrintError> {
        let end = Instant::now() + time;
        loop {
            kbd_intr::check().map_err(|_| INTERRUPTED)?;
            let left = end.saturating_duration_since(Instant::now());
            let key = terminal::key(left.min(KEY_PERIOD));
            if key.is_some() || left.is_zero() {
                return Ok(key);
            }
        }
    }
}

/// Runs a line; false if the console is to end.
pub fn run(line: &str) -> bool {
    let words = match split(line) {
        Ok(words) => words,
        Err(quote) => {
            say!("not terminated: {quote}");
            return true;
        }
    };
    let words: Vec<&[u8]> = words.iter().map(|word| word.as_bytes()).collect();
    let Some((&first, rest)) = words.split_first() else {
        return true;
    };
    let asks = |word: &&[u8]| matches!(*word, b"-h" | b"--help");
    if let Some(command) = find(first) {
        // A command that fails has told the console why.
        let _ = match rest.iter().position(asks) {
            Some(end) => deepest(command, rest.get(..end).unwrap_or(rest)).help(&mut Stdout),
            None => command.run(rest, &mut Stdout),
        };
    } else if first == EXIT.0.as_bytes() {
        return false;
    } else if first == HELP.0.as_bytes() {
        for (name, help) in top_level() {
            say!("  {name:9}  : {help}");
        }
    } else {
        say!("{}: command not found", String::from_utf8_lossy(first));
    }
    true
}

/// The words of a line, quoted ones too, as Zephyr's shell has them; or the quotation mark that is not
/// closed.
fn split(line: &str) -> Result<Vec<String>, char> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    for letter in line.chars() {
        match quote {
            Some(mark) if letter == mark => quote = None,
            None if matches!(letter, '"' | '\'') => {
                quote = Some(letter);
                word.get_or_insert_default();
            }
            None if letter.is_whitespace() => words.extend(word.take()),
            _ => word.get_or_insert_default().push(letter),
        }
    }
    words.extend(word);
    quote.map_or(Ok(words), Err)
}

/// The words that can stand behind those of a line.
pub fn offer(words: &[&str]) -> Vec<String> {
    let Some((first, rest)) = words.split_first() else {
        return top_level().into_iter().map(|(name, _)| name).collect();
    };
    let mut command = find(first.as_bytes());
    for word in rest {
        command = command.and_then(|command| command.find(word.as_bytes()));
    }
    command.map_or_else(Vec::new, |command| {
        let entries = (0..).map_while(|index| command.below(index));
        entries.map(|entry| texts(entry).0).collect()
    })
}

fn find(name: &[u8]) -> Option<&'static Command> {
    let mut commands = COMMANDS.iter().copied();
    commands.find(|command| command.named().name == name)
}

/// The command that the words lead to, as far as they do.
fn deepest(command: &'static Command, words: &[&[u8]]) -> &'static Command {
    let next = words.first().and_then(|word| command.find(word));
    next.map_or(command, |next| deepest(next, words.get(1..).unwrap_or(&[])))
}

fn top_level() -> Vec<(String, String)> {
    let own = [EXIT, HELP].map(|(name, help)| (name.to_owned(), help.to_owned()));
    let mut all: Vec<_> = COMMANDS
        .iter()
        .map(|command| texts(command.named()))
        .chain(own)
        .collect();
    all.sort();
    all
}

fn texts(entry: Named) -> (String, String) {
    let [name, help] = [entry.name, entry.help].map(|text| String::from_utf8_lossy(text));
    (name.into_owned(), help.into_owned())
}
