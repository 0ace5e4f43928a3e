// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! Heaps and stacks of Zephyr, for reports: the functions of glue/memory.h.

use core::mem::{align_of, size_of, MaybeUninit};
use core::ptr;

use zephyr_sys as sys;

use super::Thread;
use crate::config;
use crate::heap_walk::{Blocks, Shape, Step};
use crate::mem_info::HeapId;
use crate::raw::arena;
use crate::stack_use::{Stack, StackError};

const _: () = assert!(
    size_of::<Step>() == size_of::<sys::micrort_port_heap_step>()
        && align_of::<Step>() == align_of::<sys::micrort_port_heap_step>()
);

struct SystemHeap;

impl Blocks for SystemHeap {
    fn shape(&self) -> Shape {
        let mut shape = MaybeUninit::uninit();
        // SAFETY: the function fills all of it.
        let shape = unsafe {
            sys::micrort_port_heap_shape(shape.as_mut_ptr());
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
        // SAFETY: the two structs have the same fields.
        unsafe { sys::micrort_port_heap_step(from, ptr::from_mut(step).cast()) }
    }
}

struct ArenaHeap;

fn alone<R>(f: impl FnOnce() -> R) -> R {
    // SAFETY: `mem_info` calls this in threads only.
    unsafe { sys::micrort_port_sched_lock() };
    let result = f();
    // SAFETY: the same thread.
    unsafe { sys::micrort_port_sched_unlock() };
    result
}

impl Blocks for ArenaHeap {
    fn shape(&self) -> Shape {
        // SAFETY: a thread that keeps its CPU.
        alone(|| unsafe { arena::shape() })
    }

    fn step(&self, from: u32, step: &mut Step) {
        // SAFETY: a thread that keeps its CPU.
        alone(|| unsafe { arena::step(from, step) })
    }
}

/// A heap that may be configured; it has no units if it is not.
pub fn heap(id: HeapId) -> Option<&'static dyn Blocks> {
    match id {
        _ if !config::MEM_INFO => None,
        HeapId::System => Some(&SystemHeap),
        HeapId::Arena if config::HEAP_ARENA_SIZE.is_some() => Some(&ArenaHeap),
        HeapId::Arena => None,
    }
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
    // SAFETY: all of its fields may be zero.
    let stack = unsafe { stack.assume_init() };
    Ok(Stack {
        start: stack.start,
        size: Some(stack.size),
        pointer: known(stack.pointer),
        grows_up: stack.grows_up,
    })
}

/// The stack of a thread, or the one that the caller runs on.
#[inline]
pub fn stack(thread: Option<Thread>) -> Result<Stack, StackError> {
    // SAFETY: the kernel gave the thread its name; C checks what it can.
    stack_from(|stack| unsafe {
        sys::micrort_port_stack(thread.map_or(ptr::null_mut(), Thread::to_kernel), stack)
    })
}

/// Bytes of a stack that were never written, where they are known; takes time in proportion.
pub fn stack_unused(stack: &Stack) -> Option<usize> {
    // SAFETY: a stack as C has described it.
    known(unsafe { sys::micrort_port_stack_unused(stack.start as _, stack.size? as _) })
}

/// A CPU's interrupt stack.
pub fn interrupt_stack(cpu: u32) -> Result<Stack, StackError> {
    // SAFETY: callable from any context.
    stack_from(|stack| unsafe { sys::micrort_port_interrupt_stack(cpu, stack) })
}

pub fn main_thread() -> Option<Thread> {
    // SAFETY: callable from any context.
    Thread::from_kernel(unsafe { sys::micrort_main_thread() })
}

pub fn executor_thread() -> Option<Thread> {
    // SAFETY: callable from any context.
    Thread::from_kernel(unsafe { sys::micrort_executor_thread() })
}
