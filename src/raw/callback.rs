// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! A function with its argument, in the layout of the C API.

use core::ffi::c_void;
use core::mem::{align_of, size_of, MaybeUninit};

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
pub struct Callback {
    pub(super) func: Func,
    pub(super) arg: Arg,
}

impl Callback {
    /// Joins a function and its argument.
    ///
    /// # Safety
    ///
    /// Calling `func` with `arg` once, from any thread, is sound.
    pub const unsafe fn new(func: Func, arg: Arg) -> Self {
        Callback { func, arg }
    }

    /// The function and the argument, to be shown.
    #[inline]
    pub fn given(&self) -> (Func, Arg) {
        (self.func, self.arg)
    }

    /// Calls the function.
    #[inline]
    pub fn call(self) {
        // SAFETY: `new` had this call promised, and `self` is gone afterwards.
        unsafe { (self.func)(self.arg) }
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

/// A closure that fits into an argument. It becomes a [`Callback`] where it is taken, and is given
/// back where it is not.
pub struct Closure<F>(F);

impl<F: FnOnce() + Send + 'static> Closure<F> {
    /// Wraps a closure; one that does not fit is a compile error.
    pub fn new(f: F) -> Self {
        const {
            assert!(
                size_of::<F>() <= size_of::<Arg>() && align_of::<F>() <= align_of::<Arg>(),
                "the closure must fit into one pointer: capture one reference"
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

        let mut arg = Arg(MaybeUninit::uninit());
        // SAFETY: `Closure::new` made sure that an `F` fits into the argument.
        unsafe {
            core::ptr::from_mut(&mut arg)
                .cast::<F>()
                .write(closure.into_inner())
        };
        Callback {
            func: run::<F>,
            arg,
        }
    }
}
