// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! Tasks: queue entries that their owners provide.

use core::ops::Deref;
use core::ptr::NonNull;

use super::callback::{Arg, Func};
use super::fifo::Entry;

/// An entry that stays where it is for as long as it is queued.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct TaskRef(pub(super) NonNull<Entry>);

// SAFETY: the entry is only touched with the lock held, and whoever made the reference promised that it
// may be reached from any thread.
unsafe impl Send for TaskRef {}

impl TaskRef {
    /// # Safety
    ///
    /// The entry lives, and nobody else writes it, until this reference is gone and the entry is not
    /// queued. If it has a function, calling that with the entry's address is sound from any thread,
    /// once for each time that it is pushed.
    pub unsafe fn new(entry: NonNull<Entry>) -> Self {
        TaskRef(entry)
    }
}

/// A queue entry that its owner provides, so that the queue can never be full for it.
///
/// Its function receives the task, and through it the owner's data `T`; so a call that joins a
/// queued task loses no argument.
///
/// # Examples
///
/// ```
/// use core::sync::atomic::{AtomicU32, Ordering};
/// use micrort::Task;
///
/// static BUTTON: Task<AtomicU32> = Task::new(AtomicU32::new(0), |presses| {
///     let burst = presses.swap(0, Ordering::Relaxed);
///     assert!(burst > 0);
/// });
///
/// // In the interrupt:
/// BUTTON.fetch_add(1, Ordering::Relaxed);
/// BUTTON.schedule();
/// ```
///
/// A task that is not `static` cannot be scheduled:
///
/// ```compile_fail
/// let task = micrort::Task::new((), |_| {});
/// task.schedule();
/// ```
#[repr(C)]
pub struct Task<T: Sync + 'static = ()> {
    /// First: the address of the task is that of its entry.
    entry: Entry,
    function: fn(&'static Task<T>),
    data: T,
}

impl<T: Sync + 'static> Task<T> {
    /// A task that is not queued.
    pub const fn new(data: T, function: fn(&'static Task<T>)) -> Self {
        unsafe extern "C" fn call<T: Sync + 'static>(arg: Arg) {
            // SAFETY: the argument is the address of the entry, which `reference` made from a
            // `&'static Task<T>` of this type.
            let task = unsafe { &*arg.0.assume_init().cast_const().cast::<Task<T>>() };
            (task.function)(task);
        }

        Task {
            entry: Entry::new(Some(call::<T> as Func)),
            function,
            data,
        }
    }

    /// Its entry.
    pub(crate) fn reference(&'static self) -> TaskRef {
        // SAFETY: the task is static; its entry is private, so only the queue writes it; and `call`
        // takes the address of a static `Task<T>`. `T: Sync` lets any thread read the data.
        unsafe { TaskRef::new(NonNull::from(self).cast()) }
    }
}

impl<T: Sync + 'static> Deref for Task<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.data
    }
}
