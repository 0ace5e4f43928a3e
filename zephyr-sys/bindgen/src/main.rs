// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! `zephyr-sys-bindgen OUTPUT HEADER [CLANG-ARGUMENT...]`: writes the bindings, and `OUTPUT.d`.

use std::env;
use std::process::ExitCode;

/// Kconfig symbols that are not defined when they are off, and are wanted as Rust constants.
const BOOLEANS: [&str; 14] = [
    "MICRORT_CONST",
    "MICRORT_EXCEPTION",
    "MICRORT_EXCEPTION_HEAP_REFUSED",
    "MICRORT_EXCEPTION_QUEUE_FULL",
    "MICRORT_EXECUTOR_POLL",
    "MICRORT_SCHEDULE_SECOND_ARGUMENT",
    "MICRORT_SCHEDULE_TIMING",
    "MICRORT_HEAP_LOCK_SYSTEM",
    "MICRORT_HEAP_LOCK_ISR",
    "MICRORT_HEAP_ARENA",
    "MICRORT_MEM_INFO",
    "MICRORT_STACK_USE",
    "MICRORT_QSTR",
    "MICRORT_SHELL",
];

fn main() -> ExitCode {
    let mut arguments = env::args().skip(1);
    let (Some(output), Some(header)) = (arguments.next(), arguments.next()) else {
        eprintln!("usage: zephyr-sys-bindgen OUTPUT HEADER [CLANG-ARGUMENT...]");
        return ExitCode::FAILURE;
    };
    let bindings = bindgen::Builder::default()
        .header(&header)
        .clang_args(arguments)
        .use_core()
        .ctypes_prefix("cty")
        .layout_tests(true)
        .depfile(&output, format!("{output}.d"))
        .allowlist_function("micrort_port_.*|micrort_(main|executor)_thread")
        .allowlist_type("micrort_.*")
        .allowlist_var("CONFIG_MICRORT_.*|MICRORT_.*")
        .allowlist_var("E2BIG|EAGAIN|EBUSY|EDEADLK|EINTR|EINVAL|ENAMETOOLONG|ENOBUFS|ENODATA|ENOENT|ENOMEM|ENOSPC|ENOTSUP|EOVERFLOW|EPERM|ERANGE|ESRCH|EWOULDBLOCK")
        // Kernel structs change with Kconfig and belong to C.
        .opaque_type("k_thread|k_heap|shell")
        .generate();
    let bindings = match bindings {
        Ok(bindings) => bindings.to_string(),
        Err(error) => {
            eprintln!("zephyr-sys-bindgen: {header}: {error}");
            return ExitCode::FAILURE;
        }
    };
    match std::fs::write(&output, bindings.clone() + &configuration(&bindings)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("zephyr-sys-bindgen: {output}: {error}");
            ExitCode::FAILURE
        }
    }
}

fn configuration(bindings: &str) -> String {
    let is_on = |name: &str| bindings.contains(&format!("pub const CONFIG_{name}:"));
    let mut constants: String = BOOLEANS
        .iter()
        .map(|name| format!("pub const {name}: bool = {};\n", is_on(name)))
        .collect();
    let arena = if is_on("MICRORT_HEAP_ARENA") {
        "Some(CONFIG_MICRORT_HEAP_ARENA_SIZE as usize)"
    } else {
        "None"
    };
    constants += &format!("pub const MICRORT_HEAP_ARENA_SIZE: Option<usize> = {arena};\n");
    let passes = if is_on("MICRORT_EXECUTOR_PASSES_MAX") {
        "Some(CONFIG_MICRORT_EXECUTOR_PASSES_MAX)"
    } else {
        "None"
    };
    constants += &format!("pub const MICRORT_EXECUTOR_PASSES_MAX: Option<u32> = {passes};\n");
    constants
}
