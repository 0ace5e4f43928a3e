// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! The command `micrort` of Zephyr's shell (glue/shell.c).

use core::ffi::{c_char, c_void, CStr};
use core::time::Duration;
use core::{ptr, slice};

use super::sys;
use crate::commands::{self, Command, CommandError, Console, HELP_SHOWN, WORDS_MAX};
use crate::print::PrintError;

const _: () = assert!(HELP_SHOWN == sys::MICRORT_COMMAND_HELP as i32);

macro_rules! export {
    ($($name:literal: $static:ident = $command:expr;)*) => {$(
        #[export_name = $name]
        static $static: Command = $command;
    )*};
}

// A table in C names those that the image is to have.
export! {
    "micrort_command_root": MICRORT = Command::group(commands::NAMED, chosen);
    "micrort_command_const": CONST = commands::constant::CONST;
    "micrort_command_emergency": EMERGENCY = commands::exception::EMERGENCY;
    "micrort_command_exception": EXCEPTION = commands::exception::EXCEPTION;
    "micrort_command_heap": HEAP = commands::heap::HEAP;
    "micrort_command_kbd_intr": KBD_INTR = commands::kbd_intr::KBD_INTR;
    "micrort_command_mem_info": MEM_INFO = commands::mem_info::MEM_INFO;
    "micrort_command_opt_level": OPT_LEVEL = commands::opt_level::OPT_LEVEL;
    "micrort_command_qstr_info": QSTR_INFO = commands::qstr::QSTR_INFO;
    "micrort_command_schedule": SCHEDULE = commands::schedule::SCHEDULE;
    "micrort_command_stack_use": STACK_USE = commands::stack_use::STACK_USE;
    "micrort_command_top": TOP = commands::top::TOP;
}

/// The subcommands of `micrort`: the table of glue/shell.c, which Kconfig chooses from.
fn chosen() -> &'static [&'static Command] {
    extern "C" {
        #[link_name = "micrort_commands"]
        static COMMANDS: [usize; 0];
        #[link_name = "micrort_command_count"]
        static COUNT: usize;
    }
    // SAFETY: both are constants of glue/shell.c; the table has so many entries, each of them one
    // of the commands that this library exports.
    unsafe { slice::from_raw_parts((&raw const COMMANDS).cast(), COUNT) }
}

/// A shell that runs the command.
struct Shell(*mut c_void);

impl Console for Shell {
    fn show(&mut self, piece: &[u8], wrong: bool) -> Result<(), PrintError> {
        // SAFETY: the shell runs the command that prints; the text is only read.
        match unsafe {
            sys::micrort_port_shell_print(self.0, piece.as_ptr().cast(), piece.len() as _, wrong)
        } {
            0 => Ok(()),
            error => Err(PrintError(error)),
        }
    }

    fn has_cursor(&self) -> bool {
        // SAFETY: the shell runs the command that asks.
        unsafe { sys::micrort_port_shell_has_cursor(self.0) }
    }

    fn wait(&mut self, time: Duration) -> Result<Option<u8>, PrintError> {
        let milliseconds = u32::try_from(time.as_millis()).unwrap_or(u32::MAX);
        // SAFETY: the shell runs the command that waits.
        match unsafe { sys::micrort_port_shell_wait(self.0, milliseconds) } {
            error if error == -(sys::EAGAIN as i32) => Ok(None),
            key => u8::try_from(key).map(Some).map_err(|_| PrintError(key)),
        }
    }
}

/// Runs `micrort`; answers 0, [`sys::MICRORT_COMMAND_HELP`] or an errno.
///
/// # Safety
///
/// `words` has `count` texts that end with a NUL; `shell` is one, in its command.
#[no_mangle]
unsafe extern "C" fn micrort_command(
    count: usize,
    words: *const *const c_char,
    shell: *mut c_void,
) -> i32 {
    let mut texts: [&[u8]; WORDS_MAX] = [&[]; WORDS_MAX];
    // SAFETY: promised by the caller.
    let given = unsafe { slice::from_raw_parts(words, count.min(WORDS_MAX)) };
    for (text, word) in texts.iter_mut().zip(given) {
        // SAFETY: promised by the caller.
        *text = unsafe { CStr::from_ptr(*word) }.to_bytes();
    }
    let words = texts.get(..given.len()).unwrap_or(&texts);
    match MICRORT.run(words, &mut Shell(shell)) {
        Ok(()) => 0,
        Err(CommandError(code)) => code,
    }
}

/// Tells an entry of the list behind a command. False where there are not that many.
///
/// # Safety
///
/// `command` is one of this library's; `name` and `help` may be written.
#[no_mangle]
unsafe extern "C" fn micrort_command_below(
    command: &'static Command,
    index: usize,
    name: *mut *const c_char,
    help: *mut *const c_char,
) -> bool {
    let Some(entry) = command.below(index) else {
        return false;
    };
    // SAFETY: promised by the caller.
    unsafe {
        name.write(text(entry.name));
        help.write(text(entry.help));
    }
    true
}

/// A text of a table for C, with the NUL that lies behind it; null for none.
fn text(bytes: &'static [u8]) -> *const c_char {
    if bytes.is_empty() {
        ptr::null()
    } else {
        bytes.as_ptr().cast()
    }
}
