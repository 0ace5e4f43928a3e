// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! Async tasks: embassy's executor as one of micrort's tasks.
//!
//! Whatever wakes an async task puts the executor into the queue of functions and tasks, once. When its turn
//! comes, it polls what was woken until then; what is woken meanwhile waits for a later pass. So async
//! tasks share the order, the thread and the critical regions with everything else that is scheduled. Among
//! themselves those of one turn run in embassy's order: the last one woken first.
//!
//! Tasks are made by `#[embassy_executor::task]` as ever. A waker may be called from threads, interrupts, and
//! before the kernel has started.
//!
//! An image has one `__pender`, and this is it: a build that enables a `platform-*` (`arch-*`) feature of
//! embassy-executor with an executor of its own does not link.
//!
//! # Examples
//!
//! ```
//! use embassy_executor::task;
//! use embassy_sync::blocking_mutex::raw::CriticalSectionRawMutex;
//! use embassy_sync::signal::Signal;
//!
//! static PRESSED: Signal<CriticalSectionRawMutex, ()> = Signal::new();
//!
//! #[task]
//! async fn button() {
//!     loop {
//!         PRESSED.wait().await;
//!     }
//! }
//!
//! micrort::embassy::spawner().spawn(button()?);
//! // In the interrupt:
//! PRESSED.signal(());
//! # Ok::<(), embassy_executor::SpawnError>(())
//! ```

use embassy_executor::{raw, SendSpawner};

use crate::executor::SCHEDULER;
use crate::raw::{MadeOnce, Task};
use crate::{config, port};

// A future stays in one thread from its first poll on.
const _: () = assert!(
    !config::EXECUTOR_POLL,
    "the feature embassy needs one thread that runs functions: with CONFIG_MICRORT_EXECUTOR_POLL (on the host \
     host-executor-poll) each thread that polls does"
);

/// Embassy's executor, which is not `Sync` so that only its thread polls and spawns what is not `Send`.
struct Executor(raw::Executor);

// SAFETY: this file polls in `poll` alone, and hands out only a spawner for any thread.
unsafe impl Send for Executor {}
// SAFETY: as above.
unsafe impl Sync for Executor {}

static EXECUTOR: MadeOnce<Executor> = MadeOnce::new();
static TASK: Task = Task::new((), poll);

fn executor() -> &'static raw::Executor {
    let make = || Executor(raw::Executor::new(core::ptr::null_mut()));
    &port::locked(|l| EXECUTOR.get(l, make)).0
}

/// Spawns async tasks. What they are given must be `Send`: they run in the executor's thread.
///
/// A task that has all its instances running already gives `SpawnError::Busy` where its function is called.
///
/// *Callable from* threads, interrupts, and before the kernel has started.
pub fn spawner() -> SendSpawner {
    executor().spawner().make_send()
}

fn poll(_: &'static Task) {
    // SAFETY: only the scheduler calls this: in its one thread, and never inside itself.
    unsafe { executor().poll() }
}

/// Embassy's run queue is not empty any more.
// SAFETY: nobody else may have this name, or the image does not link.
#[export_name = "__pender"]
fn pender(_: *mut ()) {
    schedule();
    #[cfg(all(feature = "zephyr", feature = "critical-section"))]
    port::section_has_woken();
}

fn schedule() {
    // The task has a function.
    let _ = SCHEDULER.schedule_task(TASK.reference());
}

/// A reset has emptied the queue; async tasks live on, and embassy tells of the first one that is woken only.
pub(crate) fn after_reset() {
    schedule();
}
