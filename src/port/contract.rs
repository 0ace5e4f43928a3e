// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! What every system supplies. A port that lacks one of these, or has it in another shape, does not
//! compile.

#![forbid(unsafe_code)]

use super::{OwnState, Thread};
use crate::port;
use crate::raw::{Call, Locked, Pool};

/// States the type of a function of the port.
macro_rules! supplies {
    ($($(#[doc = $doc:literal])* $name:ident: $type:ty;)+) => {
        $(const _: $type = port::$name;)+
    };
}

/// Runs a closure with the one lock held that guards all of the library's state, against other CPUs,
/// threads and interrupts. From any context; never nested.
const _: fn() = || port::locked(|_: &Locked| ());

/// Lends the calling thread's own state. From any context: an interrupt has that of the thread which it
/// interrupted. Before the kernel runs it is that of the main thread.
const _: fn() = || port::own(|_: &OwnState| ());

/// What Kconfig chooses.
const _: fn() = || {
    let config = port::config();
    let _: [bool; 8] = [
        config.executor_poll,
        config.schedule_timing,
        config.heap_lock,
        config.heap_lock_system,
        config.heap_lock_isr,
        config.heap_arena,
        config.mem_info,
        config.stack_use,
    ];
    let _: u32 = config.passes_max;
    let _: u8 = config.opt_level;
};

supplies! {
    /// The slots of the one queue.
    pool: fn() -> &'static Pool;

    /// Who is running; in an interrupt, the thread that it interrupted.
    current: fn() -> Thread;
    /// Whether the caller is an interrupt.
    in_interrupt: fn() -> bool;

    /// Makes the executor call `Scheduler::pass` soon, or with the poll executor says that there is
    /// something to poll for. From any context, without the lock.
    wake_executor: fn();
    /// With the poll executor, `Scheduler::pass_of` in the calling thread; else 0.
    poll_pass: fn(usize) -> usize;
    /// Wakes it after a pause in which threads of lower priority run. At the end of a pass, by whoever runs it.
    wake_executor_later: fn();
    /// Takes the mutex that the executor holds for a pass, and that lends it the priority of a thread
    /// in `pass_wait`.
    pass_try_lock: fn() -> bool;
    /// Gives that mutex back.
    pass_unlock: fn();
    /// Waits until a pass that is under way has ended.
    pass_wait: fn();
    /// Has the mutex given back, whose thread has ended, and then `Scheduler::abandoned` called; where
    /// functions run in an essential thread, the kernel panics instead.
    pass_abandoned: fn(Thread);

    /// A number that changes whenever sleepers are woken.
    sleep_round: fn() -> u32;
    /// Waits until that number is another one.
    sleep_until_woken: fn(u32);
    /// Wakes every sleeper. From any context, without the lock.
    wake_sleepers: fn();

    /// Calls a function, and tells how long that took, by the system's fast counter.
    call_timed: fn(Call) -> u32;

    /// Says that a scheduled function left regions open.
    warn_region_left_open: fn(u16);
    /// Says that a thread ended in a region.
    warn_region_of_ended_thread: fn(Thread);
    /// Says that a task was overwritten while it was queued; with assertions on, that is fatal.
    report_damaged_task: fn();
}

#[cfg(not(loom))]
mod not_modelled {
    use core::alloc::Layout;
    use core::sync::atomic::{AtomicI16, AtomicU16, AtomicU8};
    use core::time::Duration;

    use super::port::{HeapId, Measured, Poll, PollError, Stack, StackError};
    use super::{port, Locked, Thread};
    use crate::heap_walk::Blocks;
    use crate::print::Report;
    use crate::raw::arena::Memory;
    use crate::raw::constant::Constant;
    use crate::raw::pool::Entry;

    supplies! {
        /// Sleeps, and polls at each wake-up; an error of that ends it.
        sleep: fn(Duration, Poll) -> Result<(), PollError>;
        /// Who is in the foreground of a shell, or without one (0) the main thread. With the lock held.
        default_foreground: fn(&Locked, usize) -> Option<Thread>;
        /// Milliseconds since the start; wraps.
        uptime_ms: fn() -> u32;
        /// Says that a command left the heap locked.
        warn_heap_locked_at_prompt: fn(u16);

        /// The memory of the one arena.
        arena_memory: fn() -> &'static Memory;
        /// The character that interrupts, or -1.
        kbd_intr_char: fn() -> &'static AtomicI16;
        /// The level at run time.
        opt_level: fn() -> &'static AtomicU8;
        /// The heap lock has refused an allocation of a caller's, or the queue was full. From any context,
        /// without the lock.
        allocation_refused: fn(usize);
        queue_was_full: fn();

        /// micrort's heap behind the heap lock. From threads.
        allocate: fn(Layout) -> *mut u8;
        /// The heaps, for reports.
        heap: fn(HeapId) -> Option<&'static dyn Blocks>;

        /// Calls `mem_info::report_stack`, where stacks are reported.
        report_stack: fn(&mut Report<'_>);
        /// The stack that the caller runs on.
        own_stack: fn() -> Result<Stack, StackError>;
        /// The stacks for reports: the caller's, the main thread's, the executor's, those of interrupts.
        own_usage: fn() -> Result<Measured, StackError>;
        main_usage: fn() -> Result<Measured, StackError>;
        executor_usage: fn() -> Result<Measured, StackError>;
        interrupt_usage: fn(u32) -> Result<Measured, StackError>;
        /// The main thread.
        main_thread: fn() -> Option<Thread>;
        /// The thread in which functions run, where it can be named.
        executor_thread: fn() -> Option<Thread>;
        /// Writes the name of a thread that lives; its length.
        thread_name: fn(Thread, &mut [u8]) -> Option<usize>;

        /// The strings of the image.
        qstr_image: fn() -> &'static [Entry];
        /// The index of their hashes.
        qstr_image_index: fn() -> &'static [AtomicU16];
        /// The constants of the image, in the order of their names.
        constants: fn() -> &'static [Constant];
    }

    /// Runs a short closure without another thread on this CPU.
    const _: fn() = || port::without_switch(|| ());
    /// Where reports go that name no printer.
    const _: fn() = || {
        let _: &dyn crate::print::Print = &port::Console;
    };
    #[cfg(feature = "embassy-time")]
    supplies! {
        /// Ticks since the start, which never wrap, and how many are a second.
        clock: fn() -> u64;
        clock_hz: fn() -> u64;
        /// Has the function called when the clock reads that, or soon where it does already, in place of the
        /// last one: in an interrupt. It may be called too early. From any context.
        set_alarm: fn(u64, extern "C" fn());
    }
    /// Numbers of errors.
    const _: u32 = port::errno::EINVAL;
}
