// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! The async tasks of main.c, for each executor, and a function to compare with.

#![no_std]

#[panic_handler]
fn panic(_: &core::panic::PanicInfo) -> ! {
    loop {}
}

extern "C" {
    fn bench_now() -> u32;
    fn bench_enter(now: u32);
}

/// What was woken has been reached.
fn enter() {
    // SAFETY: both only read or write a word.
    unsafe { bench_enter(bench_now()) }
}

#[no_mangle]
extern "C" fn bench_function() {
    let _ = micrort::schedule(enter);
}

#[cfg(not(any(
    feature = "in-micrort",
    feature = "in-interrupt",
    feature = "in-thread"
)))]
#[no_mangle]
extern "C" fn bench_start() -> bool {
    true
}

#[cfg(any(
    feature = "in-micrort",
    feature = "in-interrupt",
    feature = "in-thread"
))]
mod tasks {
    use embassy_executor::{task, SendSpawner, SpawnError};
    use embassy_sync::blocking_mutex::raw::CriticalSectionRawMutex;
    use embassy_sync::channel::Channel;
    use embassy_sync::signal::Signal;

    static SIGNAL: Signal<CriticalSectionRawMutex, ()> = Signal::new();
    static CHANNEL: Channel<CriticalSectionRawMutex, (usize, usize), 8> = Channel::new();

    #[task]
    async fn of_signal() {
        loop {
            SIGNAL.wait().await;
            super::enter();
        }
    }

    #[task]
    async fn of_channel() {
        loop {
            CHANNEL.receive().await;
            super::enter();
        }
    }

    fn start(spawner: SendSpawner) -> Result<(), SpawnError> {
        spawner.spawn(of_signal()?);
        spawner.spawn(of_channel()?);
        Ok(())
    }

    #[no_mangle]
    extern "C" fn bench_start() -> bool {
        start(spawner()).is_ok()
    }

    #[no_mangle]
    extern "C" fn bench_signal() {
        SIGNAL.signal(());
    }

    #[no_mangle]
    extern "C" fn bench_send() {
        let _ = CHANNEL.try_send((1, 2));
    }

    #[cfg(feature = "in-micrort")]
    use micrort::embassy::spawner;

    #[cfg(not(feature = "in-micrort"))]
    use own::spawner;

    #[cfg(not(feature = "in-micrort"))]
    mod own {
        use core::cell::UnsafeCell;
        use core::mem::MaybeUninit;

        use embassy_executor::{raw, SendSpawner};

        extern "C" {
            fn bench_pend();
        }

        #[export_name = "__pender"]
        fn pender(_: *mut ()) {
            // SAFETY: callable from any context.
            unsafe { bench_pend() }
        }

        struct Executor(UnsafeCell<MaybeUninit<raw::Executor>>);

        // SAFETY: written by `spawner` before anything polls.
        unsafe impl Sync for Executor {}

        static EXECUTOR: Executor = Executor(UnsafeCell::new(MaybeUninit::uninit()));

        pub fn spawner() -> SendSpawner {
            // SAFETY: called once, before anything polls.
            let executor =
                unsafe { (*EXECUTOR.0.get()).write(raw::Executor::new(core::ptr::null_mut())) };
            executor.spawner().make_send()
        }

        #[no_mangle]
        extern "C" fn bench_poll() {
            // SAFETY: polled by one thread or interrupt, which a spawned task has woken.
            unsafe { (*EXECUTOR.0.get()).assume_init_ref().poll() }
        }
    }
}
