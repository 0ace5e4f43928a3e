// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! The list of entries: slots of a pool, and tasks that belong to others.
//!
//! A doubly linked ring through `ends`, so that a task can be taken out of the middle in constant
//! time. An entry is queued exactly while its `next` is not null. Free slots form a list through
//! `prev`; behind the first `used` bytes of the pool are those that were never taken.
//!
//! The list trusts its own memory and checks that of tasks, which C owners may overwrite: see
//! [`Fifo::pop`].

use core::cell::Cell;
use core::ptr::{self, NonNull};

use super::callback::{Arg, Call, Func, Function, Given, Shown, Wide};
use super::task::TaskRef;
use super::Locked;

type Link = Cell<*const Entry>;

/// An entry: that of a slot, or a task's own. `struct micrort_task` in C.
#[repr(C)]
pub struct Entry {
    next: Link,
    prev: Link,
    func: Cell<Option<Func>>,
}

// SAFETY: a queued entry is only touched with the lock held, by the list. One that is not queued is
// only read.
unsafe impl Sync for Entry {}

impl Entry {
    /// An entry that is not queued.
    pub const fn new(func: Option<Func>) -> Self {
        Entry {
            next: Cell::new(ptr::null()),
            prev: Cell::new(ptr::null()),
            func: Cell::new(func),
        }
    }
}

/// A slot of a pool. `struct micrort_port_slot` in C.
#[repr(C)]
pub struct Slot {
    /// First: the address of the slot is that of its entry. Queued without a function, it is the head of a
    /// [`WideSlot`] which has one.
    entry: Entry,
    arg: Cell<Arg>,
}

/// A slot with room for a function of two arguments. `struct micrort_port_wide_slot` in C.
#[repr(C)]
pub struct WideSlot {
    slot: Slot,
    /// A `Func2`.
    func: Cell<Option<Func>>,
    second: Cell<Arg>,
}

const NO_ARG: Arg = Arg::new(ptr::null_mut());

impl WideSlot {
    /// A slot that is free.
    #[cfg(not(feature = "zephyr"))]
    const fn free() -> Self {
        WideSlot {
            slot: Slot {
                entry: Entry::new(None),
                arg: Cell::new(NO_ARG),
            },
            func: Cell::new(None),
            second: Cell::new(NO_ARG),
        }
    }
}

/// Memory of slots, for one list, in which all are free: all bytes 0. `struct micrort_port_pool` in C.
#[repr(C)]
pub struct Pool {
    first: *const Slot,
    end: *const Slot,
    /// Of a [`Slot`], or of a [`WideSlot`].
    slot_size: usize,
}

// SAFETY: constant; its slots are the list's.
unsafe impl Sync for Pool {}
// SAFETY: the same.
unsafe impl Send for Pool {}

impl Pool {
    /// The pool of these slots, which nobody else uses.
    #[cfg(not(feature = "zephyr"))]
    pub const fn of<const SLOTS: usize>(slots: &'static Slots<SLOTS>) -> Self {
        let first = (&raw const slots.0).cast::<WideSlot>();
        Pool {
            first: first.cast(),
            // SAFETY: one behind the last of them.
            end: unsafe { first.add(SLOTS) }.cast(),
            slot_size: size_of::<WideSlot>(),
        }
    }

    /// A new pool that is never freed.
    #[cfg(any(loom, feature = "internals"))]
    pub fn leak<const SLOTS: usize>() -> &'static Self {
        extern crate std;
        use std::boxed::Box;
        Box::leak(Box::new(Self::of(Box::leak(Box::new(
            Slots::<SLOTS>::free(),
        )))))
    }

    /// Whether functions of two arguments have room.
    pub fn is_wide(&self) -> bool {
        self.slot_size >= size_of::<WideSlot>()
    }

    /// The slot at an address, if one is there.
    #[inline]
    fn slot_at(&self, entry: *const Entry) -> Option<&Slot> {
        let slot = entry.cast::<Slot>();
        // SAFETY: the list only has addresses of whole slots inside of the pool.
        (self.first <= slot && slot < self.end).then(|| unsafe { &*slot })
    }

    /// A slot with its room for two arguments, if it has that.
    fn widen<'a>(&self, slot: &'a Slot) -> Option<&'a WideSlot> {
        // SAFETY: where slots are so large, each is one.
        self.is_wide()
            .then(|| unsafe { &*ptr::from_ref(slot).cast::<WideSlot>() })
    }
}

/// Memory for a [`Pool`].
#[cfg(not(feature = "zephyr"))]
pub struct Slots<const SLOTS: usize>([WideSlot; SLOTS]);

#[cfg(not(feature = "zephyr"))]
impl<const SLOTS: usize> Slots<SLOTS> {
    /// All are free.
    pub const fn free() -> Self {
        Slots([const { WideSlot::free() }; SLOTS])
    }
}

// SAFETY: only the list of the pool looks at them, with the lock held.
#[cfg(not(feature = "zephyr"))]
unsafe impl<const SLOTS: usize> Sync for Slots<SLOTS> {}

/// An entry that was taken out.
pub struct Popped {
    /// What to call.
    pub call: Call,
    /// The task, if it is one. It may be gone after the call.
    pub task: Option<TaskRef>,
}

/// The list, with a pool of slots.
pub struct Fifo {
    pool: &'static Pool,
    /// Its `next` is the first entry, its `prev` the last one; both null before the first push.
    ends: Entry,
    /// Stands behind the last entry that the pass may run.
    mark: Entry,
    /// The next entry that [`Fifo::visit`] shows; null while nobody visits.
    visited: Link,
    free: Link,
    wide: Wide,
    /// Bytes of the pool in front of the first slot that was never taken.
    used: Cell<usize>,
}

// SAFETY: every method that touches more than addresses takes a `&Locked`, so no two happen at once. The call of
// a function of two arguments reads `wide` without: who popped it makes it before the next pop.
unsafe impl Sync for Fifo {}
// SAFETY: nothing in it belongs to a thread.
unsafe impl Send for Fifo {}

impl Fifo {
    /// An empty list. The pool is no other list's.
    pub const fn new(pool: &'static Pool) -> Self {
        Fifo {
            pool,
            ends: Entry::new(None),
            mark: Entry::new(None),
            visited: Cell::new(ptr::null()),
            free: Cell::new(ptr::null()),
            wide: Wide::new(),
            used: Cell::new(0),
        }
    }

    /// Appends a function in a slot of the pool; gives it back if all are taken, or have no room for its
    /// second argument.
    #[inline]
    pub fn push<C: Function>(&self, l: &Locked, function: C) -> Result<(), C> {
        if function.is_wide() && !self.pool.is_wide() {
            return Err(function);
        }
        let Some(slot) = self.take_slot() else {
            return Err(function);
        };
        let Given { func, arg, second } = function.into().0;
        slot.arg.set(arg);
        match second {
            None => slot.entry.func.set(Some(func)),
            Some(second) => {
                if let Some(wide) = self.pool.widen(slot) {
                    wide.func.set(Some(func));
                    wide.second.set(second);
                }
            }
        }
        // SAFETY: a slot that was free is not queued, and lives as long as the list.
        unsafe { self.append(l, ptr::from_ref(slot).cast()) };
        Ok(())
    }

    /// Appends a task that has a function; false if it is queued already.
    #[inline]
    pub fn push_task(&self, l: &Locked, task: TaskRef) -> bool {
        if self.is_queued(l, task) {
            return false;
        }
        let entry = task.0.as_ptr().cast_const();
        if self.ends.prev.get() == entry {
            // The last task, initialized again while it was queued: it stays where it is.
            // SAFETY: a `TaskRef` promises that the entry lives.
            unsafe { (*entry).next.set(self.end()) };
            return false;
        }
        // SAFETY: it is not queued, and a `TaskRef` promises that it lives.
        unsafe { self.append(l, entry) };
        true
    }

    /// Whether a task has a function.
    #[inline]
    pub fn has_function(&self, _: &Locked, task: TaskRef) -> bool {
        // SAFETY: a `TaskRef` promises that the entry lives.
        unsafe { task.0.as_ref() }.func.get().is_some()
    }

    /// Whether a task is queued.
    #[inline]
    pub fn is_queued(&self, _: &Locked, task: TaskRef) -> bool {
        // SAFETY: a `TaskRef` promises that the entry lives.
        !unsafe { task.0.as_ref() }.next.get().is_null()
    }

    /// Takes a task out; false if it is not queued.
    pub fn remove(&self, l: &Locked, task: TaskRef) -> bool {
        let queued = self.is_queued(l, task);
        if queued {
            let entry = task.0.as_ptr().cast_const();
            // SAFETY: the task lives, by its `TaskRef`, and is queued.
            unsafe {
                if self.visited.get() == entry {
                    self.visited.set((*entry).next.get());
                }
                self.unlink(l, entry);
            }
        }
        queued
    }

    /// Takes the first entry out, if it stands in front of the mark, which is set. Its slot is free, or
    /// its task not queued, before its function runs.
    ///
    /// # Errors
    ///
    /// [`Damaged`] if the first task, or the one behind it, was overwritten while it was queued. The
    /// list is mended then: it keeps all entries but that one.
    #[inline(always)]
    pub fn pop(&self, l: &Locked) -> Result<Option<Popped>, Damaged> {
        let first = self.ends.next.get();
        if first == &raw const self.mark || !self.is_marked() {
            return Ok(None);
        }
        // SAFETY: the list is not empty, as the mark is in it, and its first entry is queued, so it
        // lives. Its neighbours are `ends` and the next entry, unless its owner has overwritten it: the
        // comparison finds that before `next` is used.
        let entry = unsafe { &*first };
        let next = entry.next.get();
        let is_sound = entry.prev.get() == self.end()
            // SAFETY: the entry is sound, so `next` is queued, or `ends`.
            && unsafe { (*next).prev.get() } == first;
        if !is_sound {
            return Err(self.mend(l));
        }
        // SAFETY: the entry is queued, and its links were looked at.
        unsafe { self.unlink(l, first) };
        let Some(slot) = self.pool.slot_at(first) else {
            let func = entry.func.get().ok_or(Damaged)?;
            let arg = Arg::new(first.cast_mut().cast());
            let task = NonNull::new(first.cast_mut()).map(TaskRef);
            let call = Call { func, arg };
            return Ok(Some(Popped { call, task }));
        };
        let arg = slot.arg.replace(NO_ARG);
        let call = match slot.entry.func.take() {
            Some(func) => Call { func, arg },
            None => self.take_wide(slot, arg).ok_or(Damaged)?,
        };
        slot.entry.prev.set(self.free.replace(first));
        let task = None;
        Ok(Some(Popped { call, task }))
    }

    /// Takes a function of two arguments out of its slot.
    #[cold]
    fn take_wide(&self, slot: &Slot, arg: Arg) -> Option<Call> {
        let wide = self.pool.widen(slot)?;
        let func = wide.func.take()?;
        let second = Some(wide.second.replace(NO_ARG));
        Some(self.wide.call_of(Given { func, arg, second }))
    }

    /// What a call was given that was popped last.
    pub fn given(&self, _: &Locked, running: Shown) -> Given {
        self.wide.given(running)
    }

    /// The address of a function whose call was popped last.
    pub fn address(&self, _: &Locked, run: Shown) -> usize {
        self.wide.address(run)
    }

    fn is_marked(&self) -> bool {
        !self.mark.next.get().is_null()
    }

    /// Puts the mark behind what is queued now.
    #[inline]
    pub fn set_mark(&self, l: &Locked) {
        let mark = &raw const self.mark;
        if !self.is_marked() {
            // SAFETY: the mark is not queued, and lives as long as the list.
            unsafe { self.append(l, mark) };
        }
    }

    /// How many entries there are, the mark not among them. For a list that was mended.
    #[cold]
    pub fn count(&self, _: &Locked) -> u32 {
        let mut count = 0;
        let mut at = self.ends.next.get();
        while !at.is_null() && at != self.end() {
            count += u32::from(at != &raw const self.mark);
            // SAFETY: a queued entry lives.
            at = unsafe { (*at).next.get() };
        }
        count
    }

    /// Takes the mark out; tells whether the first entry was the mark.
    #[inline]
    pub fn clear_mark(&self, l: &Locked) -> bool {
        let mark = &raw const self.mark;
        if !self.is_marked() {
            return false;
        }
        if self.visited.get() == mark {
            self.visited.set(self.mark.next.get());
        }
        let was_first = self.mark.prev.get() == self.end();
        // SAFETY: the mark is queued.
        unsafe { self.unlink(l, mark) };
        was_first
    }

    /// Begins to show what is queued, or goes on: what the next entry was given. While somebody
    /// visits nothing may be popped; pushed or removed it may.
    pub fn visit(&self, _: &Locked, begin: bool) -> Option<Given> {
        let mut at = if begin {
            self.ends.next.get()
        } else {
            self.visited.get()
        };
        if at == &raw const self.mark {
            at = self.mark.next.get();
        }
        if at.is_null() || at == self.end() {
            self.visited.set(ptr::null());
            return None;
        }
        // SAFETY: the entry is queued, so it lives: what is removed moves `visited` on.
        let entry = unsafe { &*at };
        self.visited.set(entry.next.get());
        // None only where its owner has overwritten it.
        match self.pool.slot_at(at) {
            Some(slot) => self.given_of_slot(slot),
            None => Some(Given {
                func: entry.func.get()?,
                arg: Arg::new(at.cast_mut().cast()),
                second: None,
            }),
        }
    }

    fn end(&self) -> *const Entry {
        &raw const self.ends
    }

    #[inline]
    fn take_slot(&self) -> Option<&Slot> {
        let free = self.free.get().cast::<Slot>();
        // SAFETY: the list of free slots has slots of this pool only.
        if let Some(slot) = unsafe { free.as_ref() } {
            self.free.set(slot.entry.prev.get());
            return Some(slot);
        }
        let used = self.used.get();
        let slot = self.pool.first.wrapping_byte_add(used);
        if slot == self.pool.end {
            return None;
        }
        self.used.set(used + self.pool.slot_size);
        // SAFETY: slots are taken one by one, so it is one, in front of the end.
        Some(unsafe { &*slot })
    }

    fn given_of_slot(&self, slot: &Slot) -> Option<Given> {
        let arg = slot.arg.get();
        if let Some(func) = slot.entry.func.get() {
            let second = None;
            return Some(Given { func, arg, second });
        }
        let wide = self.pool.widen(slot)?;
        let func = wide.func.get()?;
        let second = Some(wide.second.get());
        Some(Given { func, arg, second })
    }

    /// # Safety
    ///
    /// The entry lives, and is not queued.
    #[inline]
    unsafe fn append(&self, _: &Locked, entry: *const Entry) {
        let mut last = self.ends.prev.get();
        if last.is_null() {
            last = self.end();
        }
        // SAFETY: the last entry is queued, so it lives, or is `ends`; the new one lives.
        unsafe {
            (*entry).prev.set(last);
            (*entry).next.set(self.end());
            (*last).next.set(entry);
        }
        self.ends.prev.set(entry);
    }

    /// # Safety
    ///
    /// The entry is queued, and its links are sound.
    #[inline]
    unsafe fn unlink(&self, _: &Locked, entry: *const Entry) {
        // SAFETY: promised: its neighbours are queued entries or `ends`.
        unsafe {
            let (next, prev) = ((*entry).next.get(), (*entry).prev.get());
            (*next).prev.set(prev);
            (*prev).next.set(next);
            (*entry).next.set(ptr::null());
        }
    }

    /// Joins what stands in front of the damage, which is the first entry or nothing, to what can be
    /// reached from the last entry backwards, which is all that stands behind it.
    #[cold]
    fn mend(&self, _: &Locked) -> Damaged {
        let first = self.ends.next.get();
        // SAFETY: the first entry is queued, so it lives.
        let before = if unsafe { (*first).prev.get() } == self.end() {
            first
        } else {
            self.end()
        };
        let mut behind = self.end();
        loop {
            // SAFETY: `behind` is `ends` or an entry that was reached over links which agree in both
            // directions; the one in front of it was queued in front of it, so it lives.
            let prev = unsafe { (*behind).prev.get() };
            // SAFETY: as `behind` is sound, so is the link to the entry in front of it.
            if prev.is_null() || prev == before || unsafe { (*prev).next.get() } != behind {
                break;
            }
            behind = prev;
        }
        // SAFETY: both are `ends` or queued entries.
        unsafe {
            (*before).next.set(behind);
            (*behind).prev.set(before);
        }
        Damaged
    }
}

/// A task was overwritten while it was queued. It is not queued any more, and will not run.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Damaged;
