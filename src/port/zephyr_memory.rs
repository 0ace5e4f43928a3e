// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! Heaps and stacks of Zephyr, for reports: the functions of glue/memory.h.

use core::mem::{align_of, size_of, MaybeUninit};
use core::ptr;

use zephyr_sys as sys;

use super::{arena, HeapId, Measured, Stack, StackError, Thread};
use crate::heap_walk::{Blocks, Shape, Step};
use crate::print::Report;

const _: () = assert!(
    size_of::<Step>() == size_of::<sys::micrort_port_heap_step>()
        && align_of::<Step>() == align_of::<sys::micrort_port_heap_step>()
);

/// A heap, by the functions of C's, which call back for the arena.
struct Heap {
    is_arena: bool,
}

impl Blocks for Heap {
    fn shape(&self) -> Shape {
        let mut shape = MaybeUninit::uninit();
        // SAFETY: callable from threads, and mem_info calls it there; the function fills all of it.
        let shape = unsafe {
            sys::micrort_port_heap_shape(self.is_arena, shape.as_mut_ptr());
            shape.assume_init()
        };
        let known = |bytes| shape.has_stats.then_some(bytes);
        Shape {
            base: shape.base,
            unit: shape.unit,
            units: shape.units,
            allocated: known(shape.allocated),
            peak: known(shape.peak),
        }
    }

    fn step(&self, from: u32, step: &mut Step) {
        // SAFETY: the two structs have the same fields, and the same size by the assertion.
        unsafe { sys::micrort_port_heap_step(self.is_arena, from, ptr::from_mut(step).cast()) }
    }
}

/// A heap that may be configured; it has no units if it is not. None where there are no reports.
pub fn heap(id: HeapId) -> Option<&'static dyn Blocks> {
    super::config().mem_info.then_some(match id {
        HeapId::System => &Heap { is_arena: false },
        HeapId::Arena => &Heap { is_arena: true },
    })
}

fn alone<R>(f: impl FnOnce() -> R) -> R {
    // SAFETY: threads may lock the scheduler, and mem_info refuses in interrupts.
    unsafe { sys::micrort_port_sched_lock() };
    let result = f();
    // SAFETY: this thread has locked the scheduler above.
    unsafe { sys::micrort_port_sched_unlock() };
    result
}

/// The arena's [`Blocks::shape`]. From threads.
pub fn arena_shape() -> Shape {
    // SAFETY: `alone` keeps other threads off the CPU, and this is one.
    alone(|| unsafe { arena::shape() })
}

/// The arena's [`Blocks::step`]. From threads.
pub fn arena_step(from: u32, step: &mut Step) {
    // SAFETY: `alone` keeps other threads off the CPU, and this is one.
    alone(|| unsafe { arena::step(from, step) })
}

fn known(value: usize) -> Option<usize> {
    (value != usize::MAX).then_some(value)
}

fn stack_from(fill: impl FnOnce(*mut sys::micrort_port_stack) -> i32) -> Result<Stack, StackError> {
    let mut stack = MaybeUninit::<sys::micrort_port_stack>::zeroed();
    match fill(stack.as_mut_ptr()) {
        0 => {}
        error if error == -(sys::ESRCH as i32) => return Err(StackError::NoThread),
        error if error == -(sys::EINVAL as i32) => return Err(StackError::NoCpu),
        _ => return Err(StackError::NotSupported),
    }
    // SAFETY: it was zeroed, and all of its fields may be zero.
    let stack = unsafe { stack.assume_init() };
    Ok(Stack {
        start: stack.start,
        size: Some(stack.size),
        pointer: known(stack.pointer),
        grows_up: stack.grows_up,
    })
}

/// # Safety
///
/// `thread` is null, for the stack that the caller runs on; or a thread's, and its struct and its
/// stack exist until this has returned.
#[inline]
unsafe fn stack_of(thread: sys::k_tid_t) -> Result<Stack, StackError> {
    // SAFETY: the contract is the same; C finds out whether the thread was started and has not ended.
    stack_from(|stack| unsafe { sys::micrort_port_stack(thread, stack) })
}

/// # Safety
///
/// The stack exists until this has returned.
unsafe fn measured(stack: Stack) -> Measured {
    let size = stack.size.unwrap_or(0);
    // SAFETY: only these bytes are read, and they exist by the contract.
    let unused = unsafe { sys::micrort_port_stack_unused(stack.start as _, size as _) };
    (stack, known(unused))
}

pub fn report_stack(report: &mut Report<'_>) {
    // SAFETY: C calls `micrort_report_stack()` with the report, or does not.
    unsafe { sys::micrort_port_report_stack(ptr::from_mut(report).cast()) }
}

/// The stack that the caller runs on.
#[inline]
pub fn own_stack() -> Result<Stack, StackError> {
    // SAFETY: null.
    unsafe { stack_of(ptr::null_mut()) }
}

/// [`own_stack`], measured; takes time in proportion to what was never used.
#[inline]
pub fn own_usage() -> Result<Measured, StackError> {
    // SAFETY: the caller runs on it.
    own_stack().map(|stack| unsafe { measured(stack) })
}

/// The main thread's stack, measured.
pub fn main_usage() -> Result<Measured, StackError> {
    let thread = main_thread().ok_or(StackError::NoThread)?;
    // SAFETY: the kernel has the struct and the stack of this thread for ever.
    unsafe { thread_usage(thread) }
}

/// The stack that scheduled functions run on, measured.
pub fn executor_usage() -> Result<Measured, StackError> {
    let thread = executor_thread().ok_or(StackError::NoThread)?;
    // SAFETY: the struct and the stack of the executor's thread exist for ever, ended or not.
    unsafe { thread_usage(thread) }
}

/// A CPU's interrupt stack, measured.
pub fn interrupt_usage(cpu: u32) -> Result<Measured, StackError> {
    // SAFETY: callable from any context; C checks the number.
    let stack = stack_from(|stack| unsafe { sys::micrort_port_interrupt_stack(cpu, stack) })?;
    // SAFETY: the kernel has the stacks of interrupts for ever.
    Ok(unsafe { measured(stack) })
}

/// The stack of any thread; takes time in proportion to what was never used.
///
/// # Safety
///
/// The thread's struct and its stack exist until this has returned, whether it has ended or not.
pub unsafe fn thread_usage(thread: Thread) -> Result<Measured, StackError> {
    // SAFETY: the contract is the same; null, before there is a thread, is the caller's own stack.
    unsafe { stack_of(thread.to_pointer()).map(|stack| measured(stack)) }
}

pub fn main_thread() -> Option<Thread> {
    // SAFETY: callable from any context.
    Thread::from_pointer(unsafe { sys::micrort_main_thread() })
}

pub fn executor_thread() -> Option<Thread> {
    // SAFETY: callable from any context.
    Thread::from_pointer(unsafe { sys::micrort_executor_thread() })
}
