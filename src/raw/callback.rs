// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! A function with its argument, in the layout of the C API.

use core::ffi::c_void;
use core::marker::PhantomData;
use core::mem::{align_of, size_of, MaybeUninit};
use core::ptr::NonNull;

use crate::queue::Node;

/// The argument: a pointer from C, or the bits of a small Rust closure.
#[repr(transparent)]
#[derive(Clone, Copy)]
pub struct Arg(MaybeUninit<*mut c_void>);

impl Arg {
    /// An argument that is a pointer.
    pub const fn new(pointer: *mut c_void) -> Self {
        Arg(MaybeUninit::new(pointer))
    }
}

/// The function. `Arg` is passed as a pointer is.
pub type Func = unsafe extern "C" fn(Arg);

/// A function with its argument, or nothing.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct Callback {
    func: Option<Func>,
    arg: Arg,
}

// SAFETY: `Callback::new` makes its caller promise that the call is sound from any thread.
unsafe impl Send for Callback {}

/// What [`Callback::lend_once`] gives back when the callback was not taken.
pub struct NotTaken<F, E>(pub F, pub E);

impl Callback {
    /// No function.
    pub const NONE: Callback = Callback {
        func: None,
        arg: Arg::new(core::ptr::null_mut()),
    };

    /// Joins a function and its argument.
    ///
    /// # Safety
    ///
    /// Calling `func` with `arg` is sound from any thread, as often as copies of the result are
    /// called.
    pub const unsafe fn new(func: Option<Func>, arg: Arg) -> Self {
        Callback { func, arg }
    }

    /// Whether there is a function.
    #[inline(always)]
    pub fn is_some(&self) -> bool {
        self.func.is_some()
    }

    /// The same function with another argument.
    ///
    /// # Safety
    ///
    /// As for [`Callback::new`].
    #[inline(always)]
    pub unsafe fn with_arg(self, arg: Arg) -> Self {
        Callback { arg, ..self }
    }

    /// Calls the function.
    #[inline(always)]
    pub fn call(self) {
        if let Some(func) = self.func {
            // SAFETY: promised to `new`.
            unsafe { func(self.arg) }
        }
    }

    /// Makes a callback that calls `f` once, and shows it to `take`.
    ///
    /// If `take` answers with an error it must not have kept the callback; if it answers `Ok` the
    /// callback must be called exactly once. The queue keeps both promises.
    pub fn lend_once<F, R, E>(
        f: F,
        take: impl FnOnce(Callback) -> Result<R, E>,
    ) -> Result<R, NotTaken<F, E>>
    where
        F: FnOnce() + Send + 'static,
    {
        const {
            assert!(
                size_of::<F>() <= size_of::<Arg>() && align_of::<F>() <= align_of::<Arg>(),
                "the closure must fit into one pointer: capture one reference"
            );
        }

        unsafe extern "C" fn run<F: FnOnce()>(arg: Arg) {
            // SAFETY: `lend_once` wrote an `F` into the argument, and it is read once.
            let f = unsafe { core::ptr::from_ref(&arg).cast::<F>().read() };
            f();
        }

        let mut arg = Arg(MaybeUninit::uninit());
        // SAFETY: `F` fits, as asserted above.
        unsafe { core::ptr::from_mut(&mut arg).cast::<F>().write(f) };
        take(Callback {
            func: Some(run::<F>),
            arg,
        })
        .map_err(|error| {
            // SAFETY: the callback was not taken, so this is the only read of the closure.
            NotTaken(
                unsafe { core::ptr::from_ref(&arg).cast::<F>().read() },
                error,
            )
        })
    }
}

/// The queue entry inside a task of type `T`, as its first field.
#[repr(transparent)]
pub struct TaskNode<T: 'static>(Node, PhantomData<fn(&'static T)>);

impl<T: Sync + 'static> TaskNode<T> {
    /// An entry that is not queued.
    #[allow(clippy::new_without_default, reason = "only for statics")]
    pub const fn new() -> Self {
        TaskNode(Node::new(Callback::NONE), PhantomData)
    }

    /// The entry.
    pub const fn node(&self) -> &Node {
        &self.0
    }

    /// A callback that hands `task` to `run`, which captures nothing.
    pub fn callback<R: Fn(&'static T) + Copy + 'static>(task: &'static T, run: R) -> Callback {
        const {
            assert!(size_of::<R>() == 0);
        }
        let _ = run;

        unsafe extern "C" fn call<T: 'static, R: Fn(&'static T) + Copy + 'static>(arg: Arg) {
            // SAFETY: `callback` wrote the pointer from a `&'static T`.
            let task = unsafe { arg.0.assume_init().cast::<T>().as_ref() };
            // SAFETY: `R` has no bytes, and a value of it existed when the callback was made.
            let run = unsafe { NonNull::<R>::dangling().read() };
            if let Some(task) = task {
                run(task);
            }
        }

        Callback {
            func: Some(call::<T, R>),
            arg: Arg::new(core::ptr::from_ref(task).cast_mut().cast()),
        }
    }
}
