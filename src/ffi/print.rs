// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! include/micrort/print.h

use super::sys;
use crate::port;
use crate::print::{Print, PrintError};

/// A printer of C's; printk() where it is null.
struct Printer<'a>(Option<&'a sys::micrort_printer>);

impl Print for Printer<'_> {
    fn print(&mut self, piece: &[u8]) -> Result<(), PrintError> {
        let Some(sys::micrort_printer {
            print: Some(print),
            arg,
        }) = self.0
        else {
            return port::Console.print(piece);
        };
        // SAFETY: a printer's function takes any piece and its own argument (include/micrort/print.h).
        match unsafe { print(piece.as_ptr().cast(), piece.len() as _, *arg) } {
            0 => Ok(()),
            error => Err(PrintError(error)),
        }
    }
}

/// Makes a report for a printer of C's; answers 0 or the printer's error.
///
/// # Safety
///
/// `printer` is null or may be read.
pub unsafe fn report(
    printer: *const sys::micrort_printer,
    make: impl FnOnce(&mut dyn Print) -> Result<(), PrintError>,
) -> i32 {
    // SAFETY: null, or it may be read for the whole call, by the contract.
    let mut printer = Printer(unsafe { printer.as_ref() });
    match make(&mut printer) {
        Ok(()) => 0,
        Err(PrintError(error)) => error,
    }
}
