// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! The command `micrort` of a console: a subcommand for each control.
//!
//! Zephyr's shell and the host port's console call the same [`Command::run`], and get names, help texts
//! and what Tab offers from the same tables. A console splits the line into words and prints; all else is
//! decided here. Which subcommands there are, Kconfig decides on Zephyr. An application in Rust can make
//! commands of its own in the same way.

#![forbid(unsafe_code)]

use core::ptr;
use core::time::Duration;

use crate::constants;
use crate::named;
use crate::port::errno;
use crate::print::{PrintError, Report};

pub(crate) mod constant;
pub(crate) mod exception;
pub(crate) mod heap;
pub(crate) mod kbd_intr;
pub(crate) mod mem_info;
mod number;
pub(crate) mod opt_level;
pub(crate) mod qstr;
pub(crate) mod schedule;
pub(crate) mod stack_use;
pub(crate) mod top;

/// Name and help of the command `micrort` itself.
pub(crate) const NAMED: Named = named!("micrort", "Runtime controls.");

/// The command `micrort`. On Zephyr the shell has it.
#[cfg(not(feature = "zephyr"))]
pub const MICRORT: Command = Command::group(NAMED, || ALL);

/// All subcommands there are, for a port where nothing chooses among them.
#[cfg(not(feature = "zephyr"))]
static ALL: &[&Command] = &[
    &constant::CONST,
    &exception::EMERGENCY,
    &exception::EXCEPTION,
    &heap::HEAP,
    &kbd_intr::KBD_INTR,
    &mem_info::MEM_INFO,
    &opt_level::OPT_LEVEL,
    &qstr::QSTR_INFO,
    &schedule::SCHEDULE,
    &stack_use::STACK_USE,
    &top::TOP,
];

/// Words that [`Command::run`] looks at: one more than the longest of micrort's commands has.
pub const WORDS_MAX: usize = 3;

/// Why a command does not do what it is asked for.
pub struct Failure {
    sentence: &'static str,
    code: i16,
    /// Whether the help of the command is shown as well.
    help: bool,
}

impl Failure {
    /// A sentence with its line's end, and an errno, which is the code with its sign changed. Where
    /// the sentence begins with a colon, the first of the command's words is shown in front of it.
    /// # Panics
    ///
    /// If `errno` is none; where the failure is a constant, when it is compiled.
    pub const fn new(sentence: &'static str, errno: u32) -> Self {
        assert!(errno != 0 && errno < 4096, "not an errno");
        Failure {
            sentence,
            code: -(errno as i16),
            help: false,
        }
    }

    const fn with_help(self) -> Self {
        Failure { help: true, ..self }
    }
}

static INCOMPLETE: Failure = Failure {
    sentence: "",
    code: HELP_SHOWN as i16,
    help: true,
};
static NO_SUBCOMMAND: Failure = Failure::new(": no such subcommand\n", errno::EINVAL).with_help();
static WORD_COUNT: Failure = Failure::new(": wrong parameter count\n", errno::EINVAL).with_help();
static NO_OPTION: Failure = Failure::new(": not -v\n", errno::EINVAL);

/// How a command ends, beside what it has added to the report, which keeps the console's error itself.
pub type Outcome = Result<(), &'static Failure>;

/// The function of a command: takes the words behind it.
pub type Function = fn(&[&[u8]], &mut Report<'_>) -> Outcome;

/// The function of a command that goes on until a key is typed: takes the words behind it.
pub type LiveFunction = fn(&[&[u8]], &mut dyn Console) -> Result<Outcome, PrintError>;

/// Code of a command that was not complete: its help was shown.
pub const HELP_SHOWN: i32 = 1;

/// Where a command prints.
pub trait Console {
    /// Takes the next piece of what a command answers, or of what is `wrong`, for consoles that show
    /// that in another colour. An error ends the command.
    fn show(&mut self, piece: &[u8], wrong: bool) -> Result<(), PrintError>;

    /// Whether the sequences of VT100 move the cursor and erase.
    fn has_cursor(&self) -> bool {
        false
    }

    /// Waits so long, or until a key is typed, which is the answer. An error ends the command.
    fn wait(&mut self, time: Duration) -> Result<Option<u8>, PrintError> {
        crate::schedule::sleep(time)
            .map(|()| None)
            .map_err(|_| INTERRUPTED)
    }
}

/// A command was ended by the interrupt character.
pub const INTERRUPTED: PrintError = PrintError(-(errno::EINTR as i32));

impl<F: FnMut(&[u8]) -> Result<(), PrintError>> Console for F {
    fn show(&mut self, piece: &[u8], _: bool) -> Result<(), PrintError> {
        self(piece)
    }
}

/// A command was not run to its end: the console's code, a negative errno of the command's, or
/// [`HELP_SHOWN`]. The console was told why.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct CommandError(pub i32);

/// A word and what it means, for a [`Command`] and what Tab offers; made by
/// [`named!`](crate::named!).
///
/// A NUL lies behind each of the two, for consoles in C. They lie in one text, because the linker keeps
/// all or none of the texts whose only NUL is their last byte.
#[derive(Clone, Copy)]
pub struct Named {
    /// The word.
    pub name: &'static [u8],
    /// What it means; empty where that is not known.
    pub help: &'static [u8],
}

impl Named {
    #[doc(hidden)]
    pub const fn new(text: &'static str, name_size: usize) -> Self {
        let (name, help) = text.as_bytes().split_at(name_size);
        Named {
            name: without_nul(name),
            help: without_nul(help),
        }
    }
}

const fn without_nul(text: &'static [u8]) -> &'static [u8] {
    match text.split_last() {
        Some((_, text)) => text,
        None => text,
    }
}

/// Names a command and describes it: a word, and a sentence.
#[macro_export]
macro_rules! named {
    ($name:literal, $help:literal) => {
        $crate::commands::Named::new(
            concat!($name, "\0", $help, "\0"),
            concat!($name, "\0").len(),
        )
    };
}

/// A command, or a group of them.
pub struct Command {
    named: Named,
    action: Action,
}

enum Action {
    /// The next word chooses one of these.
    Choose(fn() -> &'static [&'static Command]),
    Run {
        function: Function,
        /// Fewest words.
        least: u8,
        /// Most words.
        most: u8,
        offer: Offer,
    },
    /// Takes a word at most.
    Live(LiveFunction),
}

/// What Tab offers as the first word behind a command.
#[derive(Clone, Copy)]
pub enum Offer {
    /// These, which stand in the order of the words.
    Values(&'static [Named]),
    /// The names of constants.
    Constants,
}

impl Command {
    /// A group of commands, in the order of their names.
    pub const fn group(named: Named, commands: fn() -> &'static [&'static Command]) -> Self {
        let action = Action::Choose(commands);
        Command { named, action }
    }

    /// A command that takes from `least` to `most` words.
    pub const fn new(
        named: Named,
        (least, most): (u8, u8),
        offer: Offer,
        function: Function,
    ) -> Self {
        let action = Action::Run {
            function,
            least,
            most,
            offer,
        };
        Command { named, action }
    }

    /// A command that shows what changes, and takes a word at most.
    pub const fn live(named: Named, function: LiveFunction) -> Self {
        let action = Action::Live(function);
        Command { named, action }
    }

    /// A command that takes no words.
    pub const fn plain(named: Named, function: Function) -> Self {
        Self::new(named, (0, 0), Offer::Values(&[]), function)
    }

    /// Its name and help text.
    pub fn named(&self) -> Named {
        self.named
    }

    /// What can stand behind the command: the entry `index` of that list.
    pub fn below(&self, index: usize) -> Option<Named> {
        match self.action {
            Action::Choose(commands) => commands().get(index).map(|command| command.named),
            Action::Run { offer, .. } => match offer {
                Offer::Values(values) => values.get(index).copied(),
                Offer::Constants => constants::all().get(index).map(|constant| Named {
                    name: constant.name().to_bytes(),
                    help: &[],
                }),
            },
            Action::Live(_) => None,
        }
    }

    /// The command of the group that a word chooses.
    pub fn find(&self, word: &[u8]) -> Option<&'static Command> {
        let Action::Choose(commands) = self.action else {
            return None;
        };
        let mut commands = commands().iter().copied();
        commands.find(|command| command.named.name == word)
    }

    /// Runs the command with the words behind it, of which `micrort` needs no more than
    /// [`WORDS_MAX`].
    ///
    /// *Callable from* threads.
    ///
    /// # Errors
    ///
    /// See [`CommandError`]. Unless the console failed, one of micrort's commands has changed nothing.
    ///
    /// # Examples
    ///
    /// ```
    /// use micrort::commands::MICRORT;
    /// use micrort::print::PrintError;
    ///
    /// let mut text = Vec::new();
    /// let mut print = |piece: &[u8]| -> Result<(), PrintError> {
    ///     text.extend_from_slice(piece);
    ///     Ok(())
    /// };
    /// assert!(MICRORT.run(&[b"kbd_intr"], &mut print).is_ok());
    /// assert!(MICRORT.run(&[b"opt_level", b"7"], &mut print).is_err());
    /// assert_eq!(text, b"interrupt character: 3\n7: not a number from 0 to 3\n");
    /// ```
    pub fn run(&self, words: &[&[u8]], console: &mut dyn Console) -> Result<(), CommandError> {
        let mut command = self;
        let mut rest = words;
        let failure = loop {
            let outcome = match command.action {
                Action::Choose(_) => None,
                Action::Run { least, most, .. }
                    if !(least.into()..=most.into()).contains(&rest.len()) =>
                {
                    break &WORD_COUNT
                }
                Action::Live(_) if rest.len() > 1 => break &WORD_COUNT,
                Action::Run { function, .. } => {
                    let mut outcome = Ok(());
                    report(console, false, |report| outcome = function(rest, report))?;
                    Some(outcome)
                }
                Action::Live(function) => Some(function(rest, console).map_err(ended)?),
            };
            match outcome {
                Some(Ok(())) => return Ok(()),
                Some(Err(failure)) => break failure,
                None => {}
            }
            let Some((word, behind)) = rest.split_first() else {
                break &INCOMPLETE;
            };
            let Some(found) = command.find(word) else {
                break &NO_SUBCOMMAND;
            };
            (command, rest) = (found, behind);
        };
        let word = match rest {
            [word, ..] if !ptr::eq(failure, &WORD_COUNT) => *word,
            _ => command.named.name,
        };
        report(console, true, |report| {
            let sentence = failure.sentence.as_bytes();
            if let [b':', ..] = sentence {
                report.text(word);
            }
            report.text(sentence);
        })?;
        if failure.help {
            command.help(console)?;
        }
        Err(CommandError(failure.code.into()))
    }

    /// Prints the command's help text, and those of what can stand behind it.
    ///
    /// *Callable from* threads.
    ///
    /// # Errors
    ///
    /// [`CommandError`] with the console's code.
    pub fn help(&self, console: &mut dyn Console) -> Result<(), CommandError> {
        report(console, false, |report| {
            report.text(self.named.name).text(" - ");
            report.text(self.named.help).byte(b'\n');
            let entries = || (0..).map_while(|index| self.below(index));
            let Some(widest) = entries().map(|entry| entry.name.len()).max() else {
                return;
            };
            report.text("Subcommands:\n");
            for entry in entries() {
                report
                    .text("  ")
                    .left(entry.name, widest)
                    .text("  : ")
                    .text(entry.help)
                    .byte(b'\n');
            }
        })
    }
}

/// Makes a report for a console.
fn report(
    console: &mut dyn Console,
    error: bool,
    make: impl FnOnce(&mut Report<'_>),
) -> Result<(), CommandError> {
    let mut print = |piece: &[u8]| console.show(piece, error);
    let mut report = Report::new(&mut print);
    make(&mut report);
    report.finish().map_err(ended)
}

fn ended(PrintError(code): PrintError) -> CommandError {
    CommandError(code)
}

/// Reads the option `-v`.
fn verbose(words: &[&[u8]]) -> Result<bool, &'static Failure> {
    match words {
        [] => Ok(false),
        [b"-v", ..] => Ok(true),
        _ => Err(&NO_OPTION),
    }
}
