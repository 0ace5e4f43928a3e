// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! A function with its argument, in the layout of the C API.

use core::ffi::c_void;
use core::mem::{align_of, size_of, transmute, MaybeUninit};

use crate::config;

/// The argument: a pointer from C, or the bits of a small Rust closure.
#[repr(transparent)]
#[derive(Clone, Copy)]
pub struct Arg(pub(super) MaybeUninit<*mut c_void>);

// SAFETY: bits that only the function interprets which they were made for; its maker has promised that
// any thread may call it.
unsafe impl Send for Arg {}

impl Arg {
    /// An argument that is a pointer.
    pub const fn new(pointer: *mut c_void) -> Self {
        Arg(MaybeUninit::new(pointer))
    }
}

/// The function. `Arg` is passed as a pointer is.
pub type Func = unsafe extern "C" fn(Arg);

/// A function that takes two arguments.
pub type Func2 = unsafe extern "C" fn(Arg, Arg);

/// The second argument, if there is one; without a byte where Kconfig gives slots no room for it.
pub type Second = [Option<Arg>; SECONDS];
const SECONDS: usize = config::SECOND_ARGUMENT as usize;
pub(super) const NO_SECOND: Second = [const { None }; SECONDS];

/// A function and what it is called with, to be shown.
#[derive(Clone, Copy)]
pub struct Given {
    /// A [`Func2`], if there is a second argument.
    pub func: Func,
    /// Its argument.
    pub arg: Arg,
    /// Its second argument.
    pub second: Second,
}

/// A function with its argument. It can be called once:
///
/// ```compile_fail,E0382
/// use micrort::internals::Callback;
///
/// fn twice(callback: Callback) {
///     callback.call();
///     callback.call();
/// }
/// ```
pub struct Callback(pub(super) Given);

impl Callback {
    /// Joins a function and its argument.
    ///
    /// # Safety
    ///
    /// Calling `func` with `arg` once, from any thread, is sound.
    pub const unsafe fn new(func: Func, arg: Arg) -> Self {
        let second = NO_SECOND;
        Callback(Given { func, arg, second })
    }

    /// Joins a function and two arguments; the second is lost where slots have no room for it.
    ///
    /// # Safety
    ///
    /// Calling `func` with both once, from any thread, is sound; and there is room.
    #[cfg(feature = "c-api")]
    pub const unsafe fn with_second(func: Func2, arg: Arg, second: Arg) -> Self {
        // SAFETY: only `call` calls it, with two arguments.
        let func = unsafe { transmute::<Func2, Func>(func) };
        let second = [Some(second); SECONDS];
        Callback(Given { func, arg, second })
    }

    /// The function and its arguments, to be shown.
    #[inline]
    pub fn given(&self) -> Given {
        self.0
    }

    /// Calls the function.
    #[inline]
    pub fn call(self) {
        let Given { func, arg, second } = self.0;
        // SAFETY: the constructors had this call promised, and `self` is gone afterwards. A function that
        // comes with a second argument is a `Func2`.
        unsafe {
            match second.first() {
                Some(Some(second)) => transmute::<Func, Func2>(func)(arg, *second),
                _ => func(arg),
            }
        }
    }
}

/// A function with its argument that is called again and again.
#[derive(Clone, Copy)]
pub struct Hook {
    func: Func,
    arg: Arg,
}

impl Hook {
    /// Joins a function and its argument.
    ///
    /// # Safety
    ///
    /// Calling `func` with `arg` is sound at any time, in every context in which the hook is called.
    #[cfg(feature = "c-api")]
    pub const unsafe fn new(func: Func, arg: Arg) -> Self {
        Hook { func, arg }
    }

    /// A hook that calls a function of Rust's.
    pub fn of(function: fn()) -> Self {
        unsafe extern "C" fn run(arg: Arg) {
            // SAFETY: the argument of this function is always a `fn()`, written below.
            let function = unsafe { core::ptr::from_ref(&arg).cast::<fn()>().read() };
            function();
        }

        Hook {
            func: run,
            arg: Arg::new(function as *mut c_void),
        }
    }

    /// Calls the function.
    pub fn call(self) {
        // SAFETY: `new` had this call promised; `of` makes a function that may be called with its
        // argument.
        unsafe { (self.func)(self.arg) }
    }
}

/// A closure that fits into the arguments. It becomes a [`Callback`] where it is taken, and is given
/// back where it is not.
pub struct Closure<F>(F);

impl<F: FnOnce() + Send + 'static> Closure<F> {
    /// Wraps a closure; one that does not fit is a compile error.
    pub fn new(f: F) -> Self {
        const {
            assert!(
                size_of::<F>() <= size_of::<Arg>() * (1 + SECONDS)
                    && align_of::<F>() <= align_of::<Arg>(),
                "the closure must fit into one pointer: capture one reference \
                 (with CONFIG_MICRORT_SCHEDULE_SECOND_ARGUMENT two)"
            );
        }
        Closure(f)
    }

    /// Gives the closure back.
    pub fn into_inner(self) -> F {
        self.0
    }
}

impl<F: FnOnce() + Send + 'static> From<Closure<F>> for Callback {
    fn from(closure: Closure<F>) -> Self {
        unsafe extern "C" fn run<F: FnOnce()>(arg: Arg) {
            // SAFETY: the argument of this function is always an `F`, written below, and a callback is
            // called once, so this is the only read.
            let f = unsafe { core::ptr::from_ref(&arg).cast::<F>().read() };
            f();
        }

        unsafe extern "C" fn run_large<F: FnOnce()>(arg: Arg, second: Arg) {
            // SAFETY: as in `run`, of both arguments.
            let f = unsafe { core::ptr::from_ref(&[arg, second]).cast::<F>().read() };
            f();
        }

        let mut args = [Arg(MaybeUninit::uninit()); 1 + SECONDS];
        // SAFETY: `Closure::new` made sure that an `F` fits into the arguments.
        unsafe {
            core::ptr::from_mut(&mut args)
                .cast::<F>()
                .write(closure.into_inner())
        };
        let [arg, seconds @ ..] = args;
        if size_of::<F>() <= size_of::<Arg>() {
            let second = NO_SECOND;
            return Callback(Given {
                func: run::<F>,
                arg,
                second,
            });
        }
        // SAFETY: there is a second argument, so it is called with two.
        let func = unsafe { transmute::<Func2, Func>(run_large::<F>) };
        let second = seconds.map(Some);
        Callback(Given { func, arg, second })
    }
}
