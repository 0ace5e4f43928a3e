// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! A function with its argument, in the layout of the C API.

use core::cell::Cell;
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

/// A function and what it is called with, to be shown.
#[derive(Clone, Copy)]
pub struct Given {
    /// A [`Func2`], if there is a second argument.
    pub func: Func,
    /// Its argument.
    pub arg: Arg,
    /// Its second argument.
    pub second: Option<Arg>,
}

/// A function with its arguments, for the queue.
pub struct Callback(pub(super) Given);

impl Callback {
    /// Joins a function and its argument.
    ///
    /// # Safety
    ///
    /// Calling `func` with `arg` once, from any thread, is sound.
    pub const unsafe fn new(func: Func, arg: Arg) -> Self {
        let second = None;
        Callback(Given { func, arg, second })
    }

    /// Joins a function and two arguments.
    ///
    /// # Safety
    ///
    /// Calling `func` with both once, from any thread, is sound.
    #[cfg(feature = "c-api")]
    pub const unsafe fn with_second(func: Func2, arg: Arg, second: Arg) -> Self {
        // SAFETY: only `call_wide` calls it, with two arguments.
        let func = unsafe { transmute::<Func2, Func>(func) };
        let second = Some(second);
        Callback(Given { func, arg, second })
    }
}

/// A function from the queue, with its argument. It can be called once:
///
/// ```compile_fail,E0382
/// use micrort::internals::Call;
///
/// fn twice(function: Call) {
///     function.call();
///     function.call();
/// }
/// ```
pub struct Call {
    pub(super) func: Func,
    pub(super) arg: Arg,
}

impl Call {
    /// What it is, to be shown.
    #[inline]
    pub fn shown(&self) -> Shown {
        Shown {
            func: self.func,
            arg: self.arg,
        }
    }

    /// Has C call the function, and gives C's answer.
    ///
    /// # Safety
    ///
    /// `by` calls the function once, with the argument.
    #[cfg(feature = "zephyr")]
    pub unsafe fn call_by<R>(self, by: unsafe extern "C" fn(Func, Arg) -> R) -> R {
        // SAFETY: who made the `Callback` promised the call, and `self` is gone afterwards.
        unsafe { by(self.func, self.arg) }
    }

    /// Calls the function.
    #[inline]
    pub fn call(self) {
        // SAFETY: who made the `Callback` promised this call, and `self` is gone afterwards.
        unsafe { (self.func)(self.arg) }
    }
}

/// A [`Call`] as it is noted while it runs.
#[derive(Clone, Copy)]
pub struct Shown {
    pub(super) func: Func,
    pub(super) arg: Arg,
}

/// A function of two arguments that was taken from the queue, which calls take one: this is it.
pub struct Wide {
    given: Cell<Option<Given>>,
}

impl Wide {
    /// None yet.
    pub const fn new() -> Self {
        Wide {
            given: Cell::new(None),
        }
    }

    /// Puts a function here, and gives the call of it. It is called before the next one is put here.
    pub fn call_of(&self, given: Given) -> Call {
        self.given.set(Some(given));
        Call {
            func: call_wide,
            arg: Arg::new(core::ptr::from_ref(self).cast_mut().cast()),
        }
    }

    /// Address of the function that was noted, or of the one that is here if it was the call of that.
    pub fn address(&self, Shown { func, .. }: Shown) -> usize {
        let func = match self.given.get() {
            Some(given) if core::ptr::fn_addr_eq(func, call_wide as Func) => given.func,
            _ => func,
        };
        func as usize
    }

    /// What was noted, with the function that is here if it was the call of that.
    pub fn given(&self, shown: Shown) -> Given {
        let Shown { func, arg } = shown;
        let second = None;
        let is_here = core::ptr::fn_addr_eq(func, call_wide as Func);
        self.given
            .get()
            .filter(|_| is_here)
            .unwrap_or(Given { func, arg, second })
    }
}

unsafe extern "C" fn call_wide(arg: Arg) {
    // SAFETY: the argument of this function is always a `Wide`, which lives as long as the queue. Nobody
    // puts another function there before this one has returned.
    let given = unsafe { (*arg.0.assume_init().cast::<Wide>()).given.get() };
    if let Some(Given {
        func,
        arg,
        second: Some(second),
    }) = given
    {
        // SAFETY: a function that comes with a second argument is a `Func2`; who made the `Callback`
        // promised this call.
        unsafe { transmute::<Func, Func2>(func)(arg, second) }
    }
}

/// What can be queued.
pub trait Function: Into<Callback> {
    /// Whether it takes two arguments.
    fn is_wide(&self) -> bool;
}

impl Function for Callback {
    #[inline]
    fn is_wide(&self) -> bool {
        self.0.second.is_some()
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

/// A closure that fits into two arguments. It becomes a [`Callback`] where it is taken, and is given
/// back where it is not.
pub struct Closure<F>(F);

impl<F: FnOnce() + Send + 'static> Closure<F> {
    /// Whether it needs both arguments.
    pub const IS_WIDE: bool = size_of::<F>() > size_of::<Arg>();

    /// Wraps a closure; one that does not fit is a compile error.
    pub fn new(f: F) -> Self {
        const {
            assert!(
                size_of::<F>() <= size_of::<Arg>() * (1 + config::SECOND_ARGUMENT as usize)
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

impl<F: FnOnce() + Send + 'static> Function for Closure<F> {
    #[inline]
    fn is_wide(&self) -> bool {
        Self::IS_WIDE
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

        unsafe extern "C" fn run_wide<F: FnOnce()>(arg: Arg, second: Arg) {
            // SAFETY: as in `run`, of both arguments.
            let f = unsafe { core::ptr::from_ref(&[arg, second]).cast::<F>().read() };
            f();
        }

        let mut args = [Arg(MaybeUninit::uninit()); 2];
        // SAFETY: `Closure::new` made sure that an `F` fits into the arguments.
        unsafe {
            core::ptr::from_mut(&mut args)
                .cast::<F>()
                .write(closure.into_inner())
        };
        let [arg, second] = args;
        Callback(if Closure::<F>::IS_WIDE {
            // SAFETY: there is a second argument, so it is called with two.
            let func = unsafe { transmute::<Func2, Func>(run_wide::<F>) };
            let second = Some(second);
            Given { func, arg, second }
        } else {
            let (func, second): (Func, _) = (run::<F>, None);
            Given { func, arg, second }
        })
    }
}
