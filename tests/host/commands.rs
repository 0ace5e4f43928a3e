// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! The command `micrort`. What it answers is compared with Zephyr's in scripts/transcripts.py.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::time::Duration;

use micrort::commands::{
    Command, CommandError, Console, Failure, Outcome, HELP_SHOWN, INTERRUPTED, MICRORT,
};
use micrort::print::{PrintError, Report};
use micrort::{named, opt_level, raise};

/// Keeps what is printed, and fails at a piece; text that says what is wrong is marked.
struct Printer {
    text: String,
    left: usize,
}

impl Console for Printer {
    fn show(&mut self, piece: &[u8], wrong: bool) -> Result<(), PrintError> {
        self.left = self.left.checked_sub(1).ok_or(PrintError(-7))?;
        self.text += if wrong { "!" } else { "" };
        self.text += std::str::from_utf8(piece).unwrap();
        Ok(())
    }

    fn wait(&mut self, _: Duration) -> Result<Option<u8>, PrintError> {
        Ok(Some(b'q'))
    }
}

fn run_with(command: &Command, line: &str, pieces: usize) -> (String, Result<(), CommandError>) {
    let words: Vec<&[u8]> = line.split_whitespace().map(str::as_bytes).collect();
    let text = String::new();
    let mut printer = Printer { text, left: pieces };
    let result = command.run(&words, &mut printer);
    (printer.text, result)
}

fn run(line: &str) -> (String, Result<(), CommandError>) {
    run_with(&MICRORT, line, usize::MAX)
}

/// Every command and word that can be typed.
fn all_below(command: &Command, words: &str, found: &mut Vec<String>) {
    let mut names = Vec::new();
    for entry in (0..).map_while(|index| command.below(index)) {
        let name = String::from_utf8(entry.name.to_vec()).unwrap();
        let line = format!("{words} {name}");
        found.push(line.clone());
        if let Some(next) = command.find(entry.name) {
            assert_eq!(next.named().help, entry.help);
            all_below(next, &line, found);
        }
        assert!(
            entry.help.is_empty() || entry.help.ends_with(b"."),
            "{line}"
        );
        names.push(name);
    }
    assert!(names.is_sorted(), "{words}: {names:?}");
}

#[test]
fn tables_are_in_order_and_described() {
    let mut lines = Vec::new();
    all_below(&MICRORT, "", &mut lines);
    for line in [
        "heap lock",
        "kbd_intr -1",
        "opt_level 3",
        "mem_info -v",
        "schedule stats",
    ] {
        assert!(lines.contains(&format!(" {line}")), "{line}: {lines:?}");
    }
}

#[test]
fn what_is_wrong_is_one_sentence_and_an_errno() {
    for (line, text, errno) in [
        ("heap unlock", "!the heap is not locked\n", 1),
        ("const NOPE", "!NOPE: no such constant\n", 2),
        ("kbd_intr 256", "!256: not a number from -1 to 255\n", 22),
        ("opt_level -1", "!-1: not a number from 0 to 3\n", 22),
        (
            "emergency -1",
            "!-1: not a number from 0 to 2147483647\n",
            22,
        ),
        ("mem_info x", "!x: not -v\n", 22),
        ("qstr_info x", "!x: not -v\n", 22),
        (
            "emergency 2147483647",
            "!the old buffer is kept: the heap is locked or has no such block\n",
            12,
        ),
    ] {
        assert_eq!(
            run(line),
            (text.into(), Err(CommandError(-errno))),
            "{line}"
        );
    }
}

#[test]
fn a_wrong_call_shows_the_help() {
    let (text, result) = run("heap nope");
    assert_eq!(result, Err(CommandError(-22)));
    assert!(
        text.starts_with(
            "!nope: no such subcommand\nheap - The heap lock.\nSubcommands:\n  lock    : "
        ),
        "{text}"
    );
    let (text, result) = run("kbd_intr 3 4");
    assert_eq!(result, Err(CommandError(-22)));
    assert!(
        text.starts_with("!kbd_intr: wrong parameter count\nkbd_intr - "),
        "{text}"
    );
    let (text, result) = run("schedule");
    assert_eq!(result, Err(CommandError(HELP_SHOWN)));
    assert_eq!(
        text,
        "schedule - Scheduled functions.\nSubcommands:\n  stats  : Show the counters of the queue.\n"
    );
}

#[test]
fn a_printer_that_fails_ends_the_command() {
    let _ = raise!(micrort::exception::VALUE_ERROR, "shown in %d lines", 2);
    let mut lines = Vec::new();
    all_below(&MICRORT, "", &mut lines);
    lines.extend(["", " nope", " heap", " kbd_intr x", " heap unlock"].map(String::from));
    // What they change must not grow from call to call.
    lines.retain(|line| {
        !["lock", "unlock", "clear"]
            .iter()
            .any(|end| line.ends_with(end))
    });
    for line in lines {
        let (text, result) = run(&line);
        let pieces = text.lines().count();
        for fails_at in 0..pieces {
            let (part, result) = run_with(&MICRORT, &line, fails_at);
            assert_eq!(result, Err(CommandError(-7)), "{line}");
            let shown = part.trim_end_matches('!').lines().count();
            assert_eq!(shown, fails_at, "{line}: {part}");
        }
        let (_, again) = run_with(&MICRORT, &line, pieces + 1);
        assert_eq!(again, result, "{line}");
    }
    opt_level::set(0).unwrap();
}

static TOO_HOT: Failure = Failure::new("too hot\n", 5);

fn heat(words: &[&[u8]], report: &mut Report<'_>) -> Outcome {
    report
        .text(words.first().copied().unwrap_or(b"?"))
        .text(" degrees\n");
    Err(&TOO_HOT)
}

static OVEN: Command = Command::group(named!("oven", "An oven."), || &[&HEAT]);
const HEAT: Command = Command::new(
    named!("heat", "Heat: heat DEGREES."),
    (1, 1),
    micrort::commands::Offer::Values(&[]),
    heat,
);

#[test]
fn an_application_has_commands_of_its_own() {
    let (text, result) = run_with(&OVEN, "heat 200", usize::MAX);
    assert_eq!(text, "200 degrees\n!too hot\n");
    assert_eq!(result, Err(CommandError(-5)));
    let (text, _) = run_with(&OVEN, "heat", usize::MAX);
    assert_eq!(
        text,
        "!heat: wrong parameter count\nheat - Heat: heat DEGREES.\n"
    );
}

/// A terminal whose keys are known; in front of each, so much time passes.
struct Terminal {
    text: String,
    cursor: bool,
    keys: Vec<Result<u8, PrintError>>,
}

impl Console for Terminal {
    fn show(&mut self, piece: &[u8], _: bool) -> Result<(), PrintError> {
        self.text += std::str::from_utf8(piece).unwrap();
        Ok(())
    }

    fn has_cursor(&self) -> bool {
        self.cursor
    }

    fn wait(&mut self, time: Duration) -> Result<Option<u8>, PrintError> {
        assert!(time <= Duration::from_secs(1), "{time:?}");
        match self.keys.pop() {
            Some(key) => key.map(Some),
            None => {
                std::thread::sleep(time);
                Ok(None)
            }
        }
    }
}

fn top(cursor: bool, line: &str, keys: &[Result<u8, PrintError>]) -> String {
    let words: Vec<&[u8]> = line.split_whitespace().map(str::as_bytes).collect();
    let keys = keys.iter().rev().copied().collect();
    let text = String::new();
    let mut terminal = Terminal { text, cursor, keys };
    assert_eq!(MICRORT.run(&words, &mut terminal), Ok(()));
    terminal.text
}

fn frames(text: &str) -> usize {
    text.matches("functions: ").count()
}

#[test]
fn top_overwrites_what_it_has_shown() {
    let text = top(true, "top 2", &[]);
    assert_eq!(frames(&text), 3);
    let (first, others) = text.split_once("\r\x1b[").unwrap();
    let lines = first.lines().count();
    let up = format!("{lines}A");
    let others = others
        .split("\r\x1b[")
        .map(|other| other.strip_prefix(&up).unwrap());
    for frame in others.chain([first]) {
        assert_eq!(frame.lines().count(), lines, "{frame}");
        for line in frame.lines() {
            assert!(line.strip_suffix("\x1b[K").unwrap().len() < 80, "{line}");
        }
    }
    assert!(text.contains(" a second, queued: "), "{text}");
}

#[test]
fn top_without_a_cursor_is_a_table_a_second() {
    let text = top(false, "top 1", &[]);
    assert_eq!(frames(&text), 2);
    assert!(!text.contains('\x1b'), "{text}");
    assert!(text.contains("\n\nfunctions: "), "{text}");
}

#[test]
fn top_ends_by_a_key_and_by_the_interrupt_character() {
    for key in [Ok(b'q'), Ok(b'Q'), Ok(3), Err(INTERRUPTED)] {
        assert_eq!(frames(&top(true, "top", &[Ok(b'x'), Ok(b' '), key])), 1);
    }
}
