// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! The host port: the same library on a development machine.
//!
//! Threads are the threads of `std`, and the lock is a mutex. What runs inside [`interrupt`] is an
//! interrupt of the thread that calls it: the library treats it as one, and refuses there what it
//! refuses in an interrupt.

use std::cell::Cell;
use std::time::{Duration, Instant};

/// Boots: the calling thread is the main thread from now on, and what was scheduled before runs.
///
/// A second call does nothing.
pub fn start() {
    system::start();
}

/// Runs `handler` as an interrupt of the calling thread.
pub fn interrupt<R>(handler: impl FnOnce() -> R) -> R {
    struct Restore(bool);
    impl Drop for Restore {
        fn drop(&mut self) {
            IN_INTERRUPT.set(self.0);
        }
    }
    let _restore = Restore(IN_INTERRUPT.replace(true));
    handler()
}

std::thread_local! {
    static IN_INTERRUPT: Cell<bool> = const { Cell::new(false) };
}

/// Hands what the library prints on the console to `printer`, for example to a line editor that
/// shows its prompt again behind it. Until then it goes to standard output.
///
/// The first call decides.
pub fn print_with(printer: impl FnMut(&[u8]) + Send + 'static) {
    system::print_with(std::boxed::Box::new(printer));
}

/// What `port` asks of a system.
pub(crate) mod system {
    use core::alloc::Layout;
    use core::ptr::NonNull;
    use std::boxed::Box;
    use std::collections::BTreeMap;
    use std::string::String;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::sync::{Mutex, Once, OnceLock, PoisonError};

    use super::{Duration, Instant, IN_INTERRUPT};
    use crate::port::host_shared::{self, Shared};
    use crate::port::{arena, host_calls, OwnState, Poll, PollError, Thread};
    use crate::print::{Print, PrintError};
    use crate::raw::{Call, Guarded, Locked};

    static STATE: Mutex<()> = Mutex::new(());
    static MAIN: Guarded<Option<Thread>> = Guarded::new(None);

    static EXECUTOR_WOKEN: Shared<bool> = Shared::new(false);
    static PASS_UNDER_WAY: Shared<bool> = Shared::new(false);
    static SLEEPERS_WOKEN: Shared<u32> = Shared::new(0);

    /// Runs `f` with the library's lock held.
    pub fn locked<R>(f: impl FnOnce(&Locked) -> R) -> R {
        let _blocked = host_shared::Blocked::new();
        let _guard = STATE.lock().unwrap_or_else(PoisonError::into_inner);
        // SAFETY: the guard lives until the end.
        f(unsafe { &Locked::new() })
    }

    /// The calling thread, and what it holds; its end releases that.
    struct Own {
        thread: Thread,
        state: OwnState,
    }

    impl Drop for Own {
        fn drop(&mut self) {
            NAMES.with(|names| names.remove(&self.thread.address()));
            host_calls::thread_ends(self.thread, &self.state);
        }
    }

    fn next_thread() -> Thread {
        static LAST: AtomicUsize = AtomicUsize::new(0);
        let number = LAST.fetch_add(1, Ordering::Relaxed).wrapping_add(1);
        Thread::at(number.wrapping_mul(2))
    }

    std::thread_local! {
        static OWN: Own = {
            let thread = next_thread();
            // The stack's base is the shallowest place that it was looked at from.
            let _ = crate::port::own_stack();
            if let Some(name) = std::thread::current().name() {
                NAMES.with(|names| names.insert(thread.address(), name.into()));
            }
            Own { thread, state: OwnState::nothing() }
        };
    }

    /// In a destructor that runs after the thread has released what it held, every call is a thread of
    /// its own.
    fn with_own<R>(f: impl FnOnce(Thread, &OwnState) -> R) -> R {
        if OWN.try_with(|_| ()).is_ok() {
            OWN.with(|own| f(own.thread, &own.state))
        } else {
            f(next_thread(), &OwnState::nothing())
        }
    }

    /// Lends the calling thread's own state.
    pub fn own<R>(f: impl FnOnce(&OwnState) -> R) -> R {
        with_own(|_, state| f(state))
    }

    pub fn current() -> Thread {
        with_own(|thread, _| thread)
    }

    pub fn in_interrupt() -> bool {
        IN_INTERRUPT.get()
    }

    pub fn start() {
        static STARTED: Once = Once::new();
        STARTED.call_once(|| {
            let main = current();
            // A program in C does not name it.
            NAMES.with(|names| {
                names.entry(main.address()).or_insert_with(|| "main".into());
            });
            locked(|l| MAIN.set(l, Some(main)));
            if !crate::port::config().executor_poll {
                let executor = std::thread::Builder::new().name("micrort".into());
                let started = executor.spawn(|| loop {
                    EXECUTOR_WOKEN.wait(core::mem::take);
                    host_calls::pass();
                });
                if let Err(error) = started {
                    warn(&std::format!("no thread for the executor: {error}"));
                }
            }
            host_calls::started();
        });
    }

    pub fn wake_executor() {
        if crate::port::config().executor_poll {
            host_calls::became_pending();
        } else {
            EXECUTOR_WOKEN.change(|woken| *woken = true);
        }
    }

    pub fn poll_pass(most: usize) -> usize {
        if crate::port::config().executor_poll {
            host_calls::pass_of(most)
        } else {
            0
        }
    }

    /// The host's threads have no priorities.
    pub fn wake_executor_later() {
        wake_executor();
    }

    pub fn sleep_round() -> u32 {
        SLEEPERS_WOKEN.with(|times| *times)
    }

    pub fn sleep_until_woken(round: u32) {
        SLEEPERS_WOKEN.wait(|times| *times != round);
    }

    pub fn wake_sleepers() {
        SLEEPERS_WOKEN.change(|times| *times = times.wrapping_add(1));
    }

    pub fn pass_try_lock() -> bool {
        PASS_UNDER_WAY.with(|under_way| !core::mem::replace(under_way, true))
    }

    pub fn pass_unlock() {
        PASS_UNDER_WAY.change(|under_way| *under_way = false);
    }

    pub fn pass_wait() {
        PASS_UNDER_WAY.wait(|under_way| !*under_way);
    }

    pub fn pass_abandoned(_: Thread) {
        pass_unlock();
        host_calls::abandoned();
    }

    pub fn default_foreground(l: &Locked, _shell: usize) -> Option<Thread> {
        MAIN.get(l)
    }

    pub fn sleep(duration: Duration, poll: Poll) -> Result<(), PollError> {
        let end = Instant::now().checked_add(duration);
        loop {
            // Read before the first look, so that nothing falls between look and sleep.
            let before = sleep_round();
            poll()?;
            std::thread::yield_now();
            if !SLEEPERS_WOKEN.wait_until(end, |times| *times != before) {
                return Ok(());
            }
        }
    }

    pub fn since_start() -> Duration {
        static BEGIN: OnceLock<Instant> = OnceLock::new();
        BEGIN.get_or_init(Instant::now).elapsed()
    }

    pub fn uptime_ms() -> u32 {
        since_start().as_millis() as u32
    }

    /// In nanoseconds: the host's clock counts at 1 GHz.
    pub fn call_timed(function: Call) -> u32 {
        let begin = Instant::now();
        function.call();
        begin.elapsed().as_nanos() as u32
    }

    /// In the form of Zephyr's log.
    fn warn(text: &str) {
        let time = since_start().as_micros();
        let (seconds, micros) = (time / 1_000_000, time % 1_000_000);
        let line = std::format!(
            "[{:02}:{:02}:{:02}.{:03},{:03}] <wrn> micrort: {text}\n",
            seconds / 3600,
            seconds / 60 % 60,
            seconds % 60,
            micros / 1000,
            micros % 1000
        );
        // Nobody is left to tell.
        let _ = Console.print(line.as_bytes());
    }

    pub fn warn_region_left_open(depth: u16) {
        warn(&std::format!(
            "scheduled function left {depth} critical region(s) open: closed"
        ));
    }

    pub fn warn_region_of_ended_thread(thread: Thread) {
        let number = thread.address() / 2;
        warn(&std::format!(
            "thread {number} ended in a critical region: closed"
        ));
    }

    pub fn report_damaged_task() {
        warn("a task was overwritten while it was queued");
    }

    pub fn warn_heap_locked_at_prompt(depth: u16) {
        warn(&std::format!(
            "command left the heap locked (depth {depth}): unlocked"
        ));
    }

    type Printer = Box<dyn FnMut(&[u8]) + Send>;

    static PRINTER: OnceLock<Mutex<Printer>> = OnceLock::new();

    pub fn print_with(printer: Printer) {
        let _ = PRINTER.set(Mutex::new(printer));
    }

    /// Standard output, or the printer that an application has named.
    pub struct Console;

    impl Print for Console {
        fn print(&mut self, piece: &[u8]) -> Result<(), PrintError> {
            use std::io::Write;
            if let Some(printer) = PRINTER.get() {
                printer.lock().unwrap_or_else(PoisonError::into_inner)(piece);
                return Ok(());
            }
            std::io::stdout()
                .write_all(piece)
                .map_err(|_| PrintError(-1))
        }
    }

    /// Linux's numbers.
    #[cfg_attr(
        not(feature = "c-api"),
        allow(dead_code, reason = "Rust asks for some only")
    )]
    pub mod errno {
        pub const EPERM: u32 = 1;
        pub const ENOENT: u32 = 2;
        pub const ESRCH: u32 = 3;
        pub const EINTR: u32 = 4;
        pub const EWOULDBLOCK: u32 = 11;
        pub const ENOMEM: u32 = 12;
        pub const EBUSY: u32 = 16;
        pub const EINVAL: u32 = 22;
        pub const ENOSPC: u32 = 28;
        pub const EDEADLK: u32 = 35;
        pub const ENAMETOOLONG: u32 = 36;
        pub const ENODATA: u32 = 61;
        pub const EOVERFLOW: u32 = 75;
        pub const ENOTSUP: u32 = 95;
        pub const ENOBUFS: u32 = 105;
    }

    /// The host's preemption is short, and ends no thread.
    pub fn without_switch<R>(f: impl FnOnce() -> R) -> R {
        f()
    }

    /// Names of the threads that run.
    static NAMES: Shared<BTreeMap<usize, String>> = Shared::new(BTreeMap::new());

    pub fn thread_name(thread: Thread, buffer: &mut [u8]) -> Option<usize> {
        NAMES.with(|names| {
            let name = names.get(&thread.address())?;
            let length = name.len().min(buffer.len());
            buffer
                .iter_mut()
                .zip(name.bytes())
                .for_each(|(to, from)| *to = from);
            Some(length)
        })
    }

    /// The heap lock was looked at already.
    pub fn allocate(layout: Layout) -> *mut u8 {
        if in_interrupt() {
            return core::ptr::null_mut();
        }
        // SAFETY: not an interrupt; another thread spins while it waits, which the host's
        // preemption keeps short.
        unsafe { arena::allocate(layout) }
    }

    /// # Safety
    ///
    /// [`allocate`] gave `block` for the same `layout`.
    pub unsafe fn free(block: NonNull<u8>, layout: Layout) {
        if in_interrupt() {
            // SAFETY: promised by the caller.
            locked(|l| unsafe { arena::free_later(l, block, layout) });
        } else {
            // SAFETY: promised by the caller, and as in `allocate`.
            unsafe { arena::free(block, layout) };
        }
    }
}
