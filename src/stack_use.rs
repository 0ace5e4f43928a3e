// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! How much of a stack is used.

#![forbid(unsafe_code)]

use crate::port::{self, Measured, Stack};

pub use crate::port::StackError;

/// How a stack is used, in bytes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Usage {
    /// The whole stack, where it is known.
    pub size: Option<usize>,
    /// In use, where it is known.
    pub used: Option<usize>,
    /// Most that was ever in use, where it is known: with `CONFIG_INIT_STACKS`.
    pub high_water: Option<usize>,
}

/// Tells how many bytes are in use on the stack that the caller runs on: its thread's, or in an
/// interrupt the interrupt's.
///
/// Only differences have a meaning to the byte. On the host it is the distance from the shallowest
/// call of this module in the same thread.
///
/// *Callable from* threads and interrupts.
///
/// # Errors
///
/// [`StackError::NotSupported`].
///
/// # Examples
///
/// ```
/// assert!(micrort::stack_use::current().is_ok());
/// ```
pub fn current() -> Result<usize, StackError> {
    own()?.used().ok_or(StackError::NotSupported)
}

/// The stack that the caller runs on.
pub(crate) fn own() -> Result<Stack, StackError> {
    if_configured(port::own_stack)
}

/// Tells how the stack that the caller runs on is used.
///
/// *Callable from* threads and interrupts. The high-water mark takes time in proportion to what
/// was never used; so it does in the functions below.
///
/// # Errors
///
/// [`StackError::NotSupported`].
pub fn usage() -> Result<Usage, StackError> {
    if_configured(port::own_usage).map(usage_of)
}

/// Tells how the main thread's stack is used.
///
/// *Callable from* threads and interrupts.
///
/// # Errors
///
/// [`StackError::NotSupported`]; [`StackError::NoThread`] if the thread has ended.
pub fn main_usage() -> Result<Usage, StackError> {
    if_configured(port::main_usage).map(usage_of)
}

/// Tells how the stack is used that scheduled functions run on.
///
/// *Callable from* threads and interrupts.
///
/// # Errors
///
/// [`StackError::NotSupported`]; [`StackError::NoThread`] where they run in any thread that polls.
pub fn executor_usage() -> Result<Usage, StackError> {
    if_configured(port::executor_usage).map(usage_of)
}

/// Tells how a CPU's interrupt stack is used.
///
/// *Callable from* threads and interrupts. What another CPU uses at the moment is not known.
///
/// # Errors
///
/// [`StackError::NotSupported`], [`StackError::NoCpu`].
pub fn interrupt_usage(cpu: u32) -> Result<Usage, StackError> {
    if_configured(|| port::interrupt_usage(cpu)).map(usage_of)
}

fn if_configured<T>(look: impl FnOnce() -> Result<T, StackError>) -> Result<T, StackError> {
    if port::config().stack_use {
        look()
    } else {
        Err(StackError::NotSupported)
    }
}

impl Stack {
    /// Bytes in use, where they are known.
    pub fn used(&self) -> Option<usize> {
        used(self.start, self.size, self.pointer?, self.grows_up)
    }
}

pub(crate) fn usage_of((stack, unused): Measured) -> Usage {
    let used = stack.used();
    Usage {
        size: stack.size,
        used,
        high_water: stack
            .size
            .zip(unused)
            .map(|(size, unused)| high_water(size, unused, used.unwrap_or(0))),
    }
}

/// Bytes between the base of a stack and a stack pointer; none if it points elsewhere. A stack of
/// unknown size has its base at `start`.
///
/// ```
/// use micrort::stack_use::used;
///
/// assert_eq!(used(0x1000, Some(0x400), 0x1380, false), Some(0x80));
/// assert_eq!(used(0x1000, Some(0x400), 0x1380, true), Some(0x380));
/// assert_eq!(used(0x1000, Some(0x400), 0x0fff, false), None);
/// ```
pub fn used(start: usize, size: Option<usize>, pointer: usize, grows_up: bool) -> Option<usize> {
    let Some(size) = size else {
        return Some(pointer.abs_diff(start));
    };
    let above = pointer.checked_sub(start)?;
    let below = size.checked_sub(above)?;
    Some(if grows_up { above } else { below })
}

/// High-water mark of a stack of which so much was never written; not less than what is in use.
pub fn high_water(size: usize, unused: usize, used: usize) -> usize {
    size.saturating_sub(unused).max(used)
}
