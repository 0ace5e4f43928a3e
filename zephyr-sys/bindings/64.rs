// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

// Made by zephyr-sys-bindgen from glue/port.h.

#[repr(C)] pub struct k_heap([u8; 0]);
#[repr(C)] pub struct k_thread([u8; 0]);
#[repr(C)] pub struct shell([u8; 0]);

pub const EPERM: u32 = 1;
pub const ENOENT: u32 = 2;
pub const ESRCH: u32 = 3;
pub const EINTR: u32 = 4;
pub const E2BIG: u32 = 7;
pub const EAGAIN: u32 = 11;
pub const ENOMEM: u32 = 12;
pub const EBUSY: u32 = 16;
pub const EINVAL: u32 = 22;
pub const ENOSPC: u32 = 28;
pub const ERANGE: u32 = 34;
pub const EDEADLK: u32 = 45;
pub const ENODATA: u32 = 61;
pub const ENAMETOOLONG: u32 = 91;
pub const ENOBUFS: u32 = 105;
pub const ENOTSUP: u32 = 134;
pub const EOVERFLOW: u32 = 139;
pub const EWOULDBLOCK: u32 = 11;
pub const MICRORT_EXCEPTION_ADDRESSES_MAX: u32 = 8;
pub const MICRORT_EXCEPTION_THREAD_MAX: u32 = 32;
pub const MICRORT_EXCEPTION_LOST_ADDRESSES: u32 = 1;
pub const MICRORT_EXCEPTION_LOST_THREAD: u32 = 2;
pub const MICRORT_EXCEPTION_LOST_TEXT: u32 = 4;
pub const MICRORT_EXCEPTION_LOST_PLACE: u32 = 8;
pub const MICRORT_KBD_INTR_OFF: i32 = -1;
pub const MICRORT_QSTR_LENGTH_MAX: u32 = 255;
pub const MICRORT_TASK_JOINED: u32 = 1;
pub const MICRORT_TASK_RUNNING: u32 = 1;
pub const MICRORT_RESET_STRINGS: u32 = 1;
pub const MICRORT_PORT_ABI: u32 = 1;
pub const MICRORT_COMMAND_HELP: u32 = 1;
pub type k_tid_t = *mut k_thread;
pub const micrort_const_kind_MICRORT_CONST_KIND_INT: micrort_const_kind = 0;
pub const micrort_const_kind_MICRORT_CONST_KIND_UINT: micrort_const_kind = 1;
pub const micrort_const_kind_MICRORT_CONST_KIND_BOOL: micrort_const_kind = 2;
pub const micrort_const_kind_MICRORT_CONST_KIND_STR: micrort_const_kind = 3;
pub type micrort_const_kind = cty::c_uint;
#[repr(C)]
#[derive(Copy, Clone)]
pub struct micrort_const_value {
    pub kind: u8,
    pub __bindgen_anon_1: micrort_const_value__bindgen_ty_1,
}
#[repr(C)]
#[derive(Copy, Clone)]
pub union micrort_const_value__bindgen_ty_1 {
    pub int_value: i64,
    pub uint_value: u64,
    pub bool_value: bool,
    pub str_value: *const cty::c_char,
}
#[allow(clippy::unnecessary_operation, clippy::identity_op)]
const _: () = {
    ["Size of micrort_const_value__bindgen_ty_1"]
        [::core::mem::size_of::<micrort_const_value__bindgen_ty_1>() - 8usize];
    ["Alignment of micrort_const_value__bindgen_ty_1"]
        [::core::mem::align_of::<micrort_const_value__bindgen_ty_1>() - 8usize];
    ["Offset of field: micrort_const_value__bindgen_ty_1::int_value"]
        [::core::mem::offset_of!(micrort_const_value__bindgen_ty_1, int_value) - 0usize];
    ["Offset of field: micrort_const_value__bindgen_ty_1::uint_value"]
        [::core::mem::offset_of!(micrort_const_value__bindgen_ty_1, uint_value) - 0usize];
    ["Offset of field: micrort_const_value__bindgen_ty_1::bool_value"]
        [::core::mem::offset_of!(micrort_const_value__bindgen_ty_1, bool_value) - 0usize];
    ["Offset of field: micrort_const_value__bindgen_ty_1::str_value"]
        [::core::mem::offset_of!(micrort_const_value__bindgen_ty_1, str_value) - 0usize];
};
#[allow(clippy::unnecessary_operation, clippy::identity_op)]
const _: () = {
    ["Size of micrort_const_value"][::core::mem::size_of::<micrort_const_value>() - 16usize];
    ["Alignment of micrort_const_value"][::core::mem::align_of::<micrort_const_value>() - 8usize];
    ["Offset of field: micrort_const_value::kind"]
        [::core::mem::offset_of!(micrort_const_value, kind) - 0usize];
};
#[repr(C)]
#[derive(Copy, Clone)]
pub struct micrort_const {
    pub name: *const cty::c_char,
    pub kind: u8,
    pub __bindgen_anon_1: micrort_const__bindgen_ty_1,
}
#[repr(C)]
#[derive(Copy, Clone)]
pub union micrort_const__bindgen_ty_1 {
    pub int_value: i64,
    pub uint_value: u64,
    pub bool_value: bool,
    pub str_value: *const cty::c_char,
}
#[allow(clippy::unnecessary_operation, clippy::identity_op)]
const _: () = {
    ["Size of micrort_const__bindgen_ty_1"]
        [::core::mem::size_of::<micrort_const__bindgen_ty_1>() - 8usize];
    ["Alignment of micrort_const__bindgen_ty_1"]
        [::core::mem::align_of::<micrort_const__bindgen_ty_1>() - 8usize];
    ["Offset of field: micrort_const__bindgen_ty_1::int_value"]
        [::core::mem::offset_of!(micrort_const__bindgen_ty_1, int_value) - 0usize];
    ["Offset of field: micrort_const__bindgen_ty_1::uint_value"]
        [::core::mem::offset_of!(micrort_const__bindgen_ty_1, uint_value) - 0usize];
    ["Offset of field: micrort_const__bindgen_ty_1::bool_value"]
        [::core::mem::offset_of!(micrort_const__bindgen_ty_1, bool_value) - 0usize];
    ["Offset of field: micrort_const__bindgen_ty_1::str_value"]
        [::core::mem::offset_of!(micrort_const__bindgen_ty_1, str_value) - 0usize];
};
#[allow(clippy::unnecessary_operation, clippy::identity_op)]
const _: () = {
    ["Size of micrort_const"][::core::mem::size_of::<micrort_const>() - 24usize];
    ["Alignment of micrort_const"][::core::mem::align_of::<micrort_const>() - 8usize];
    ["Offset of field: micrort_const::name"][::core::mem::offset_of!(micrort_const, name) - 0usize];
    ["Offset of field: micrort_const::kind"][::core::mem::offset_of!(micrort_const, kind) - 8usize];
};
pub type micrort_print_fn = ::core::option::Option<
    unsafe extern "C" fn(
        text: *const cty::c_char,
        length: usize,
        arg: *mut cty::c_void,
    ) -> cty::c_int,
>;
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct micrort_printer {
    pub print: micrort_print_fn,
    pub arg: *mut cty::c_void,
}
#[allow(clippy::unnecessary_operation, clippy::identity_op)]
const _: () = {
    ["Size of micrort_printer"][::core::mem::size_of::<micrort_printer>() - 16usize];
    ["Alignment of micrort_printer"][::core::mem::align_of::<micrort_printer>() - 8usize];
    ["Offset of field: micrort_printer::print"]
        [::core::mem::offset_of!(micrort_printer, print) - 0usize];
    ["Offset of field: micrort_printer::arg"]
        [::core::mem::offset_of!(micrort_printer, arg) - 8usize];
};
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct micrort_exception_type {
    pub name: *const cty::c_char,
}
#[allow(clippy::unnecessary_operation, clippy::identity_op)]
const _: () = {
    ["Size of micrort_exception_type"][::core::mem::size_of::<micrort_exception_type>() - 8usize];
    ["Alignment of micrort_exception_type"]
        [::core::mem::align_of::<micrort_exception_type>() - 8usize];
    ["Offset of field: micrort_exception_type::name"]
        [::core::mem::offset_of!(micrort_exception_type, name) - 0usize];
};
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct micrort_exception {
    pub text: *mut cty::c_char,
    pub text_size: usize,
    pub type_: *const micrort_exception_type,
    pub file: *const cty::c_char,
    pub line: cty::c_uint,
    pub interrupt: cty::c_uint,
    pub lost: cty::c_uint,
    pub thread: [cty::c_char; 33usize],
    pub in_isr: bool,
    pub address_count: cty::c_uint,
    pub addresses: [*mut cty::c_void; 8usize],
}
#[allow(clippy::unnecessary_operation, clippy::identity_op)]
const _: () = {
    ["Size of micrort_exception"][::core::mem::size_of::<micrort_exception>() - 152usize];
    ["Alignment of micrort_exception"][::core::mem::align_of::<micrort_exception>() - 8usize];
    ["Offset of field: micrort_exception::text"]
        [::core::mem::offset_of!(micrort_exception, text) - 0usize];
    ["Offset of field: micrort_exception::text_size"]
        [::core::mem::offset_of!(micrort_exception, text_size) - 8usize];
    ["Offset of field: micrort_exception::type_"]
        [::core::mem::offset_of!(micrort_exception, type_) - 16usize];
    ["Offset of field: micrort_exception::file"]
        [::core::mem::offset_of!(micrort_exception, file) - 24usize];
    ["Offset of field: micrort_exception::line"]
        [::core::mem::offset_of!(micrort_exception, line) - 32usize];
    ["Offset of field: micrort_exception::interrupt"]
        [::core::mem::offset_of!(micrort_exception, interrupt) - 36usize];
    ["Offset of field: micrort_exception::lost"]
        [::core::mem::offset_of!(micrort_exception, lost) - 40usize];
    ["Offset of field: micrort_exception::thread"]
        [::core::mem::offset_of!(micrort_exception, thread) - 44usize];
    ["Offset of field: micrort_exception::in_isr"]
        [::core::mem::offset_of!(micrort_exception, in_isr) - 77usize];
    ["Offset of field: micrort_exception::address_count"]
        [::core::mem::offset_of!(micrort_exception, address_count) - 80usize];
    ["Offset of field: micrort_exception::addresses"]
        [::core::mem::offset_of!(micrort_exception, addresses) - 88usize];
};
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct micrort_heap_refusals {
    pub count: u32,
    pub size: usize,
    pub caller: *mut cty::c_void,
    pub thread: k_tid_t,
    pub in_isr: bool,
}
#[allow(clippy::unnecessary_operation, clippy::identity_op)]
const _: () = {
    ["Size of micrort_heap_refusals"][::core::mem::size_of::<micrort_heap_refusals>() - 40usize];
    ["Alignment of micrort_heap_refusals"]
        [::core::mem::align_of::<micrort_heap_refusals>() - 8usize];
    ["Offset of field: micrort_heap_refusals::count"]
        [::core::mem::offset_of!(micrort_heap_refusals, count) - 0usize];
    ["Offset of field: micrort_heap_refusals::size"]
        [::core::mem::offset_of!(micrort_heap_refusals, size) - 8usize];
    ["Offset of field: micrort_heap_refusals::caller"]
        [::core::mem::offset_of!(micrort_heap_refusals, caller) - 16usize];
    ["Offset of field: micrort_heap_refusals::thread"]
        [::core::mem::offset_of!(micrort_heap_refusals, thread) - 24usize];
    ["Offset of field: micrort_heap_refusals::in_isr"]
        [::core::mem::offset_of!(micrort_heap_refusals, in_isr) - 32usize];
};
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct micrort_locked_heap {
    pub heap: *mut k_heap,
}
#[allow(clippy::unnecessary_operation, clippy::identity_op)]
const _: () = {
    ["Size of micrort_locked_heap"][::core::mem::size_of::<micrort_locked_heap>() - 8usize];
    ["Alignment of micrort_locked_heap"][::core::mem::align_of::<micrort_locked_heap>() - 8usize];
    ["Offset of field: micrort_locked_heap::heap"]
        [::core::mem::offset_of!(micrort_locked_heap, heap) - 0usize];
};
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct micrort_console {
    pub shell: *const shell,
    pub next: *mut micrort_console,
    pub attached: usize,
    pub borrower: usize,
    pub is_listed: bool,
    pub pending: bool,
}
#[allow(clippy::unnecessary_operation, clippy::identity_op)]
const _: () = {
    ["Size of micrort_console"][::core::mem::size_of::<micrort_console>() - 40usize];
    ["Alignment of micrort_console"][::core::mem::align_of::<micrort_console>() - 8usize];
    ["Offset of field: micrort_console::shell"]
        [::core::mem::offset_of!(micrort_console, shell) - 0usize];
    ["Offset of field: micrort_console::next"]
        [::core::mem::offset_of!(micrort_console, next) - 8usize];
    ["Offset of field: micrort_console::attached"]
        [::core::mem::offset_of!(micrort_console, attached) - 16usize];
    ["Offset of field: micrort_console::borrower"]
        [::core::mem::offset_of!(micrort_console, borrower) - 24usize];
    ["Offset of field: micrort_console::is_listed"]
        [::core::mem::offset_of!(micrort_console, is_listed) - 32usize];
    ["Offset of field: micrort_console::pending"]
        [::core::mem::offset_of!(micrort_console, pending) - 33usize];
};
pub const micrort_heap_id_MICRORT_HEAP_ID_SYSTEM: micrort_heap_id = 0;
pub const micrort_heap_id_MICRORT_HEAP_ID_ARENA: micrort_heap_id = 1;
pub type micrort_heap_id = cty::c_uint;
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct micrort_heap_info {
    pub total: usize,
    pub used: usize,
    pub free: usize,
    pub block_size: usize,
    pub one_blocks: usize,
    pub two_blocks: usize,
    pub max_block: usize,
    pub max_free: usize,
    pub allocated: usize,
    pub peak: usize,
}
#[allow(clippy::unnecessary_operation, clippy::identity_op)]
const _: () = {
    ["Size of micrort_heap_info"][::core::mem::size_of::<micrort_heap_info>() - 80usize];
    ["Alignment of micrort_heap_info"][::core::mem::align_of::<micrort_heap_info>() - 8usize];
    ["Offset of field: micrort_heap_info::total"]
        [::core::mem::offset_of!(micrort_heap_info, total) - 0usize];
    ["Offset of field: micrort_heap_info::used"]
        [::core::mem::offset_of!(micrort_heap_info, used) - 8usize];
    ["Offset of field: micrort_heap_info::free"]
        [::core::mem::offset_of!(micrort_heap_info, free) - 16usize];
    ["Offset of field: micrort_heap_info::block_size"]
        [::core::mem::offset_of!(micrort_heap_info, block_size) - 24usize];
    ["Offset of field: micrort_heap_info::one_blocks"]
        [::core::mem::offset_of!(micrort_heap_info, one_blocks) - 32usize];
    ["Offset of field: micrort_heap_info::two_blocks"]
        [::core::mem::offset_of!(micrort_heap_info, two_blocks) - 40usize];
    ["Offset of field: micrort_heap_info::max_block"]
        [::core::mem::offset_of!(micrort_heap_info, max_block) - 48usize];
    ["Offset of field: micrort_heap_info::max_free"]
        [::core::mem::offset_of!(micrort_heap_info, max_free) - 56usize];
    ["Offset of field: micrort_heap_info::allocated"]
        [::core::mem::offset_of!(micrort_heap_info, allocated) - 64usize];
    ["Offset of field: micrort_heap_info::peak"]
        [::core::mem::offset_of!(micrort_heap_info, peak) - 72usize];
};
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct micrort_qstr_stats {
    pub pools: u32,
    pub strings: u32,
    pub data_bytes: usize,
    pub total_bytes: usize,
}
#[allow(clippy::unnecessary_operation, clippy::identity_op)]
const _: () = {
    ["Size of micrort_qstr_stats"][::core::mem::size_of::<micrort_qstr_stats>() - 24usize];
    ["Alignment of micrort_qstr_stats"][::core::mem::align_of::<micrort_qstr_stats>() - 8usize];
    ["Offset of field: micrort_qstr_stats::pools"]
        [::core::mem::offset_of!(micrort_qstr_stats, pools) - 0usize];
    ["Offset of field: micrort_qstr_stats::strings"]
        [::core::mem::offset_of!(micrort_qstr_stats, strings) - 4usize];
    ["Offset of field: micrort_qstr_stats::data_bytes"]
        [::core::mem::offset_of!(micrort_qstr_stats, data_bytes) - 8usize];
    ["Offset of field: micrort_qstr_stats::total_bytes"]
        [::core::mem::offset_of!(micrort_qstr_stats, total_bytes) - 16usize];
};
pub type micrort_fn_t = ::core::option::Option<unsafe extern "C" fn(arg: *mut cty::c_void)>;
pub type micrort_fn2_t =
    ::core::option::Option<unsafe extern "C" fn(arg: *mut cty::c_void, arg2: *mut cty::c_void)>;
pub type micrort_task_fn_t = ::core::option::Option<unsafe extern "C" fn(task: *mut micrort_task)>;
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct micrort_task {
    pub next: *mut micrort_task,
    pub prev: *mut micrort_task,
    pub fn_: micrort_task_fn_t,
}
#[allow(clippy::unnecessary_operation, clippy::identity_op)]
const _: () = {
    ["Size of micrort_task"][::core::mem::size_of::<micrort_task>() - 24usize];
    ["Alignment of micrort_task"][::core::mem::align_of::<micrort_task>() - 8usize];
    ["Offset of field: micrort_task::next"][::core::mem::offset_of!(micrort_task, next) - 0usize];
    ["Offset of field: micrort_task::prev"][::core::mem::offset_of!(micrort_task, prev) - 8usize];
    ["Offset of field: micrort_task::fn_"][::core::mem::offset_of!(micrort_task, fn_) - 16usize];
};
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct micrort_schedule_stats {
    pub accepted: u32,
    pub run: u32,
    pub refused: u32,
    pub coalesced: u32,
    pub high_water: u32,
    pub longest_cycles: u32,
    pub cancelled: u32,
    pub longest_function: *const cty::c_void,
}
#[allow(clippy::unnecessary_operation, clippy::identity_op)]
const _: () = {
    ["Size of micrort_schedule_stats"][::core::mem::size_of::<micrort_schedule_stats>() - 40usize];
    ["Alignment of micrort_schedule_stats"]
        [::core::mem::align_of::<micrort_schedule_stats>() - 8usize];
    ["Offset of field: micrort_schedule_stats::accepted"]
        [::core::mem::offset_of!(micrort_schedule_stats, accepted) - 0usize];
    ["Offset of field: micrort_schedule_stats::run"]
        [::core::mem::offset_of!(micrort_schedule_stats, run) - 4usize];
    ["Offset of field: micrort_schedule_stats::refused"]
        [::core::mem::offset_of!(micrort_schedule_stats, refused) - 8usize];
    ["Offset of field: micrort_schedule_stats::coalesced"]
        [::core::mem::offset_of!(micrort_schedule_stats, coalesced) - 12usize];
    ["Offset of field: micrort_schedule_stats::high_water"]
        [::core::mem::offset_of!(micrort_schedule_stats, high_water) - 16usize];
    ["Offset of field: micrort_schedule_stats::longest_cycles"]
        [::core::mem::offset_of!(micrort_schedule_stats, longest_cycles) - 20usize];
    ["Offset of field: micrort_schedule_stats::cancelled"]
        [::core::mem::offset_of!(micrort_schedule_stats, cancelled) - 24usize];
    ["Offset of field: micrort_schedule_stats::longest_function"]
        [::core::mem::offset_of!(micrort_schedule_stats, longest_function) - 32usize];
};
#[repr(C)]
#[derive(Copy, Clone)]
pub struct micrort_scheduled {
    pub __bindgen_anon_1: micrort_scheduled__bindgen_ty_1,
    pub arg: *mut cty::c_void,
    pub arg2: *mut cty::c_void,
}
#[repr(C)]
#[derive(Copy, Clone)]
pub union micrort_scheduled__bindgen_ty_1 {
    pub fn_: micrort_fn_t,
    pub fn2: micrort_fn2_t,
}
#[allow(clippy::unnecessary_operation, clippy::identity_op)]
const _: () = {
    ["Size of micrort_scheduled__bindgen_ty_1"]
        [::core::mem::size_of::<micrort_scheduled__bindgen_ty_1>() - 8usize];
    ["Alignment of micrort_scheduled__bindgen_ty_1"]
        [::core::mem::align_of::<micrort_scheduled__bindgen_ty_1>() - 8usize];
    ["Offset of field: micrort_scheduled__bindgen_ty_1::fn_"]
        [::core::mem::offset_of!(micrort_scheduled__bindgen_ty_1, fn_) - 0usize];
    ["Offset of field: micrort_scheduled__bindgen_ty_1::fn2"]
        [::core::mem::offset_of!(micrort_scheduled__bindgen_ty_1, fn2) - 0usize];
};
#[allow(clippy::unnecessary_operation, clippy::identity_op)]
const _: () = {
    ["Size of micrort_scheduled"][::core::mem::size_of::<micrort_scheduled>() - 24usize];
    ["Alignment of micrort_scheduled"][::core::mem::align_of::<micrort_scheduled>() - 8usize];
    ["Offset of field: micrort_scheduled::arg"]
        [::core::mem::offset_of!(micrort_scheduled, arg) - 8usize];
    ["Offset of field: micrort_scheduled::arg2"]
        [::core::mem::offset_of!(micrort_scheduled, arg2) - 16usize];
};
pub type micrort_schedule_visitor_t = ::core::option::Option<
    unsafe extern "C" fn(scheduled: *const micrort_scheduled, context: *mut cty::c_void),
>;
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct micrort_reset_report {
    pub functions: u32,
    pub regions: u32,
    pub heap_depth: u32,
    pub exceptions: u32,
    pub strings: u32,
    pub interrupt: bool,
}
#[allow(clippy::unnecessary_operation, clippy::identity_op)]
const _: () = {
    ["Size of micrort_reset_report"][::core::mem::size_of::<micrort_reset_report>() - 24usize];
    ["Alignment of micrort_reset_report"][::core::mem::align_of::<micrort_reset_report>() - 4usize];
    ["Offset of field: micrort_reset_report::functions"]
        [::core::mem::offset_of!(micrort_reset_report, functions) - 0usize];
    ["Offset of field: micrort_reset_report::regions"]
        [::core::mem::offset_of!(micrort_reset_report, regions) - 4usize];
    ["Offset of field: micrort_reset_report::heap_depth"]
        [::core::mem::offset_of!(micrort_reset_report, heap_depth) - 8usize];
    ["Offset of field: micrort_reset_report::exceptions"]
        [::core::mem::offset_of!(micrort_reset_report, exceptions) - 12usize];
    ["Offset of field: micrort_reset_report::strings"]
        [::core::mem::offset_of!(micrort_reset_report, strings) - 16usize];
    ["Offset of field: micrort_reset_report::interrupt"]
        [::core::mem::offset_of!(micrort_reset_report, interrupt) - 20usize];
};
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct micrort_stack_usage {
    pub size: usize,
    pub used: usize,
    pub high_water: usize,
}
#[allow(clippy::unnecessary_operation, clippy::identity_op)]
const _: () = {
    ["Size of micrort_stack_usage"][::core::mem::size_of::<micrort_stack_usage>() - 24usize];
    ["Alignment of micrort_stack_usage"][::core::mem::align_of::<micrort_stack_usage>() - 8usize];
    ["Offset of field: micrort_stack_usage::size"]
        [::core::mem::offset_of!(micrort_stack_usage, size) - 0usize];
    ["Offset of field: micrort_stack_usage::used"]
        [::core::mem::offset_of!(micrort_stack_usage, used) - 8usize];
    ["Offset of field: micrort_stack_usage::high_water"]
        [::core::mem::offset_of!(micrort_stack_usage, high_water) - 16usize];
};
unsafe extern "C" {
    pub fn micrort_main_thread() -> k_tid_t;
}
unsafe extern "C" {
    pub fn micrort_executor_thread() -> k_tid_t;
}
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct micrort_port_config {
    pub passes_max: u32,
    pub opt_level: u8,
    pub executor_poll: bool,
    pub schedule_timing: bool,
    pub heap_lock: bool,
    pub heap_lock_system: bool,
    pub heap_lock_isr: bool,
    pub heap_arena: bool,
    pub mem_info: bool,
    pub stack_use: bool,
}
#[allow(clippy::unnecessary_operation, clippy::identity_op)]
const _: () = {
    ["Size of micrort_port_config"][::core::mem::size_of::<micrort_port_config>() - 16usize];
    ["Alignment of micrort_port_config"][::core::mem::align_of::<micrort_port_config>() - 4usize];
    ["Offset of field: micrort_port_config::passes_max"]
        [::core::mem::offset_of!(micrort_port_config, passes_max) - 0usize];
    ["Offset of field: micrort_port_config::opt_level"]
        [::core::mem::offset_of!(micrort_port_config, opt_level) - 4usize];
    ["Offset of field: micrort_port_config::executor_poll"]
        [::core::mem::offset_of!(micrort_port_config, executor_poll) - 5usize];
    ["Offset of field: micrort_port_config::schedule_timing"]
        [::core::mem::offset_of!(micrort_port_config, schedule_timing) - 6usize];
    ["Offset of field: micrort_port_config::heap_lock"]
        [::core::mem::offset_of!(micrort_port_config, heap_lock) - 7usize];
    ["Offset of field: micrort_port_config::heap_lock_system"]
        [::core::mem::offset_of!(micrort_port_config, heap_lock_system) - 8usize];
    ["Offset of field: micrort_port_config::heap_lock_isr"]
        [::core::mem::offset_of!(micrort_port_config, heap_lock_isr) - 9usize];
    ["Offset of field: micrort_port_config::heap_arena"]
        [::core::mem::offset_of!(micrort_port_config, heap_arena) - 10usize];
    ["Offset of field: micrort_port_config::mem_info"]
        [::core::mem::offset_of!(micrort_port_config, mem_info) - 11usize];
    ["Offset of field: micrort_port_config::stack_use"]
        [::core::mem::offset_of!(micrort_port_config, stack_use) - 12usize];
};
unsafe extern "C" {
    pub static micrort_port_config: micrort_port_config;
}
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct micrort_port_slot {
    pub entry: micrort_task,
    pub arg: *mut cty::c_void,
}
#[allow(clippy::unnecessary_operation, clippy::identity_op)]
const _: () = {
    ["Size of micrort_port_slot"][::core::mem::size_of::<micrort_port_slot>() - 32usize];
    ["Alignment of micrort_port_slot"][::core::mem::align_of::<micrort_port_slot>() - 8usize];
    ["Offset of field: micrort_port_slot::entry"]
        [::core::mem::offset_of!(micrort_port_slot, entry) - 0usize];
    ["Offset of field: micrort_port_slot::arg"]
        [::core::mem::offset_of!(micrort_port_slot, arg) - 24usize];
};
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct micrort_port_wide_slot {
    pub slot: micrort_port_slot,
    pub fn_: micrort_fn2_t,
    pub arg2: *mut cty::c_void,
}
#[allow(clippy::unnecessary_operation, clippy::identity_op)]
const _: () = {
    ["Size of micrort_port_wide_slot"][::core::mem::size_of::<micrort_port_wide_slot>() - 48usize];
    ["Alignment of micrort_port_wide_slot"]
        [::core::mem::align_of::<micrort_port_wide_slot>() - 8usize];
    ["Offset of field: micrort_port_wide_slot::slot"]
        [::core::mem::offset_of!(micrort_port_wide_slot, slot) - 0usize];
    ["Offset of field: micrort_port_wide_slot::fn_"]
        [::core::mem::offset_of!(micrort_port_wide_slot, fn_) - 32usize];
    ["Offset of field: micrort_port_wide_slot::arg2"]
        [::core::mem::offset_of!(micrort_port_wide_slot, arg2) - 40usize];
};
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct micrort_port_pool {
    pub first: *mut cty::c_void,
    pub end: *mut cty::c_void,
    pub slot_size: usize,
}
#[allow(clippy::unnecessary_operation, clippy::identity_op)]
const _: () = {
    ["Size of micrort_port_pool"][::core::mem::size_of::<micrort_port_pool>() - 24usize];
    ["Alignment of micrort_port_pool"][::core::mem::align_of::<micrort_port_pool>() - 8usize];
    ["Offset of field: micrort_port_pool::first"]
        [::core::mem::offset_of!(micrort_port_pool, first) - 0usize];
    ["Offset of field: micrort_port_pool::end"]
        [::core::mem::offset_of!(micrort_port_pool, end) - 8usize];
    ["Offset of field: micrort_port_pool::slot_size"]
        [::core::mem::offset_of!(micrort_port_pool, slot_size) - 16usize];
};
unsafe extern "C" {
    pub static micrort_port_pool: micrort_port_pool;
}
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct micrort_port_arena {
    pub bytes: *mut u8,
    pub size: usize,
    pub map: *mut u32,
    pub words: usize,
}
#[allow(clippy::unnecessary_operation, clippy::identity_op)]
const _: () = {
    ["Size of micrort_port_arena"][::core::mem::size_of::<micrort_port_arena>() - 32usize];
    ["Alignment of micrort_port_arena"][::core::mem::align_of::<micrort_port_arena>() - 8usize];
    ["Offset of field: micrort_port_arena::bytes"]
        [::core::mem::offset_of!(micrort_port_arena, bytes) - 0usize];
    ["Offset of field: micrort_port_arena::size"]
        [::core::mem::offset_of!(micrort_port_arena, size) - 8usize];
    ["Offset of field: micrort_port_arena::map"]
        [::core::mem::offset_of!(micrort_port_arena, map) - 16usize];
    ["Offset of field: micrort_port_arena::words"]
        [::core::mem::offset_of!(micrort_port_arena, words) - 24usize];
};
unsafe extern "C" {
    pub static micrort_port_arena: micrort_port_arena;
}
unsafe extern "C" {
    pub static mut micrort_port_kbd_intr_char: i16;
}
unsafe extern "C" {
    pub static mut micrort_port_opt_level: u8;
}
unsafe extern "C" {
    pub fn micrort_port_allocation_refused(caller: *mut cty::c_void);
}
unsafe extern "C" {
    pub fn micrort_port_queue_was_full();
}
unsafe extern "C" {
    pub fn micrort_port_report_stack(report: *mut cty::c_void);
}
unsafe extern "C" {
    pub fn micrort_port_alloc(align: usize, size: usize) -> *mut cty::c_void;
}
unsafe extern "C" {
    pub fn micrort_port_free(block: *mut cty::c_void, align: usize, size: usize);
}
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct micrort_port_heap_shape {
    pub base: usize,
    pub unit: usize,
    pub units: u32,
    pub has_stats: bool,
    pub allocated: usize,
    pub peak: usize,
}
#[allow(clippy::unnecessary_operation, clippy::identity_op)]
const _: () = {
    ["Size of micrort_port_heap_shape"]
        [::core::mem::size_of::<micrort_port_heap_shape>() - 40usize];
    ["Alignment of micrort_port_heap_shape"]
        [::core::mem::align_of::<micrort_port_heap_shape>() - 8usize];
    ["Offset of field: micrort_port_heap_shape::base"]
        [::core::mem::offset_of!(micrort_port_heap_shape, base) - 0usize];
    ["Offset of field: micrort_port_heap_shape::unit"]
        [::core::mem::offset_of!(micrort_port_heap_shape, unit) - 8usize];
    ["Offset of field: micrort_port_heap_shape::units"]
        [::core::mem::offset_of!(micrort_port_heap_shape, units) - 16usize];
    ["Offset of field: micrort_port_heap_shape::has_stats"]
        [::core::mem::offset_of!(micrort_port_heap_shape, has_stats) - 20usize];
    ["Offset of field: micrort_port_heap_shape::allocated"]
        [::core::mem::offset_of!(micrort_port_heap_shape, allocated) - 24usize];
    ["Offset of field: micrort_port_heap_shape::peak"]
        [::core::mem::offset_of!(micrort_port_heap_shape, peak) - 32usize];
};
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct micrort_port_heap_step {
    pub at: u32,
    pub count: u32,
    pub blocks: [u32; 8usize],
}
#[allow(clippy::unnecessary_operation, clippy::identity_op)]
const _: () = {
    ["Size of micrort_port_heap_step"][::core::mem::size_of::<micrort_port_heap_step>() - 40usize];
    ["Alignment of micrort_port_heap_step"]
        [::core::mem::align_of::<micrort_port_heap_step>() - 4usize];
    ["Offset of field: micrort_port_heap_step::at"]
        [::core::mem::offset_of!(micrort_port_heap_step, at) - 0usize];
    ["Offset of field: micrort_port_heap_step::count"]
        [::core::mem::offset_of!(micrort_port_heap_step, count) - 4usize];
    ["Offset of field: micrort_port_heap_step::blocks"]
        [::core::mem::offset_of!(micrort_port_heap_step, blocks) - 8usize];
};
unsafe extern "C" {
    pub fn micrort_port_heap_shape(arena: bool, shape: *mut micrort_port_heap_shape);
}
unsafe extern "C" {
    pub fn micrort_port_heap_step(arena: bool, from: u32, step: *mut micrort_port_heap_step);
}
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct micrort_port_stack {
    pub start: usize,
    pub size: usize,
    pub pointer: usize,
    pub grows_up: bool,
}
#[allow(clippy::unnecessary_operation, clippy::identity_op)]
const _: () = {
    ["Size of micrort_port_stack"][::core::mem::size_of::<micrort_port_stack>() - 32usize];
    ["Alignment of micrort_port_stack"][::core::mem::align_of::<micrort_port_stack>() - 8usize];
    ["Offset of field: micrort_port_stack::start"]
        [::core::mem::offset_of!(micrort_port_stack, start) - 0usize];
    ["Offset of field: micrort_port_stack::size"]
        [::core::mem::offset_of!(micrort_port_stack, size) - 8usize];
    ["Offset of field: micrort_port_stack::pointer"]
        [::core::mem::offset_of!(micrort_port_stack, pointer) - 16usize];
    ["Offset of field: micrort_port_stack::grows_up"]
        [::core::mem::offset_of!(micrort_port_stack, grows_up) - 24usize];
};
unsafe extern "C" {
    pub fn micrort_port_stack(thread: k_tid_t, stack: *mut micrort_port_stack) -> cty::c_int;
}
unsafe extern "C" {
    pub fn micrort_port_interrupt_stack(
        cpu: cty::c_uint,
        stack: *mut micrort_port_stack,
    ) -> cty::c_int;
}
unsafe extern "C" {
    pub fn micrort_port_stack_unused(start: usize, size: usize) -> usize;
}
unsafe extern "C" {
    pub fn micrort_port_lock() -> cty::c_uint;
}
unsafe extern "C" {
    pub fn micrort_port_unlock(key: cty::c_uint);
}
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct micrort_thread_state {
    pub heap_depth: u16,
    pub regions: u16,
}
#[allow(clippy::unnecessary_operation, clippy::identity_op)]
const _: () = {
    ["Size of micrort_thread_state"][::core::mem::size_of::<micrort_thread_state>() - 4usize];
    ["Alignment of micrort_thread_state"][::core::mem::align_of::<micrort_thread_state>() - 2usize];
    ["Offset of field: micrort_thread_state::heap_depth"]
        [::core::mem::offset_of!(micrort_thread_state, heap_depth) - 0usize];
    ["Offset of field: micrort_thread_state::regions"]
        [::core::mem::offset_of!(micrort_thread_state, regions) - 2usize];
};
unsafe extern "C" {
    pub fn micrort_port_own_state() -> *mut micrort_thread_state;
}
unsafe extern "C" {
    pub fn micrort_port_state_of(thread: k_tid_t) -> *mut micrort_thread_state;
}
unsafe extern "C" {
    pub fn micrort_port_current() -> k_tid_t;
}
unsafe extern "C" {
    pub fn micrort_port_in_isr() -> bool;
}
unsafe extern "C" {
    pub fn micrort_port_call_timed(fn_: micrort_fn_t, arg: *mut cty::c_void) -> u32;
}
unsafe extern "C" {
    pub fn micrort_port_wake_executor();
}
unsafe extern "C" {
    pub fn micrort_port_wake_executor_later();
}
unsafe extern "C" {
    pub fn micrort_port_poll_pass(most: usize) -> usize;
}
unsafe extern "C" {
    pub fn micrort_port_sleep_round() -> u32;
}
unsafe extern "C" {
    pub fn micrort_port_sleep_until_woken(round: u32);
}
unsafe extern "C" {
    pub fn micrort_port_wake_sleepers();
}
unsafe extern "C" {
    pub fn micrort_port_pass_try_lock() -> cty::c_int;
}
unsafe extern "C" {
    pub fn micrort_port_pass_unlock();
}
unsafe extern "C" {
    pub fn micrort_port_pass_wait();
}
unsafe extern "C" {
    pub fn micrort_port_pass_abandoned(thread: k_tid_t);
}
unsafe extern "C" {
    pub fn micrort_port_default_foreground(sh: *const shell) -> k_tid_t;
}
unsafe extern "C" {
    pub fn micrort_port_sleep_us(microseconds: u64) -> cty::c_int;
}
unsafe extern "C" {
    pub fn micrort_port_uptime_ms() -> u32;
}
unsafe extern "C" {
    pub fn micrort_port_clock() -> u64;
}
unsafe extern "C" {
    pub fn micrort_port_clock_hz() -> u32;
}
unsafe extern "C" {
    pub fn micrort_port_set_alarm(at: u64, call: ::core::option::Option<unsafe extern "C" fn()>);
}
unsafe extern "C" {
    pub fn micrort_port_section_begin() -> bool;
}
unsafe extern "C" {
    pub fn micrort_port_section_end(woken: bool);
}
unsafe extern "C" {
    pub fn micrort_port_sched_lock();
}
unsafe extern "C" {
    pub fn micrort_port_sched_unlock();
}
unsafe extern "C" {
    pub fn micrort_port_hold_cpu() -> bool;
}
unsafe extern "C" {
    pub fn micrort_port_thread_name(
        thread: k_tid_t,
        buffer: *mut cty::c_char,
        size: usize,
    ) -> usize;
}
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct micrort_port_place {
    pub file: *const cty::c_char,
    pub line: cty::c_uint,
    pub interrupt: cty::c_uint,
    pub address_count: usize,
    pub addresses: [usize; 8usize],
}
#[allow(clippy::unnecessary_operation, clippy::identity_op)]
const _: () = {
    ["Size of micrort_port_place"][::core::mem::size_of::<micrort_port_place>() - 88usize];
    ["Alignment of micrort_port_place"][::core::mem::align_of::<micrort_port_place>() - 8usize];
    ["Offset of field: micrort_port_place::file"]
        [::core::mem::offset_of!(micrort_port_place, file) - 0usize];
    ["Offset of field: micrort_port_place::line"]
        [::core::mem::offset_of!(micrort_port_place, line) - 8usize];
    ["Offset of field: micrort_port_place::interrupt"]
        [::core::mem::offset_of!(micrort_port_place, interrupt) - 12usize];
    ["Offset of field: micrort_port_place::address_count"]
        [::core::mem::offset_of!(micrort_port_place, address_count) - 16usize];
    ["Offset of field: micrort_port_place::addresses"]
        [::core::mem::offset_of!(micrort_port_place, addresses) - 24usize];
};
unsafe extern "C" {
    pub fn micrort_port_number_argument(arguments: *mut cty::c_void, wide: bool) -> u64;
}
unsafe extern "C" {
    pub fn micrort_port_text_argument(
        arguments: *mut cty::c_void,
        limit: usize,
        length: *mut usize,
    ) -> *const cty::c_char;
}
unsafe extern "C" {
    pub fn micrort_port_print(text: *const cty::c_char, length: usize);
}
unsafe extern "C" {
    pub fn micrort_port_shell_print(
        sh: *mut cty::c_void,
        text: *const cty::c_char,
        length: usize,
        error: bool,
    ) -> cty::c_int;
}
unsafe extern "C" {
    pub fn micrort_port_shell_has_cursor(sh: *mut cty::c_void) -> bool;
}
unsafe extern "C" {
    pub fn micrort_port_shell_wait(sh: *mut cty::c_void, milliseconds: u32) -> cty::c_int;
}
unsafe extern "C" {
    pub fn micrort_port_warn_region_left_open(depth: cty::c_uint);
}
unsafe extern "C" {
    pub fn micrort_port_warn_region_of_ended_thread(thread: k_tid_t);
}
unsafe extern "C" {
    pub fn micrort_port_warn_heap_locked_at_prompt(depth: cty::c_uint);
}
unsafe extern "C" {
    pub fn micrort_port_report_damaged_task();
}
unsafe extern "C" {
    pub fn micrort_port_panic() -> !;
}
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct micrort_command {
    _unused: [u8; 0],
}
