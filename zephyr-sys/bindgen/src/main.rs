// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! `zephyr-sys-bindgen OUTPUT HEADER [CLANG-ARGUMENT...]`: writes the bindings, and `OUTPUT.d`.

use std::env;
use std::process::ExitCode;

/// Kconfig symbols that are not defined when they are off, and are wanted as Rust constants.
const BOOLEANS: [&str; 13] = [
    "MICRORT_CONST",
    "MICRORT_EXCEPTION",
    "MICRORT_EXCEPTION_HEAP_REFUSED",
    "MICRORT_EXCEPTION_QUEUE_FULL",
    "MICRORT_EXECUTOR_POLL",
    "MICRORT_SCHEDULE_SECOND_ARGUMENT",
    "MICRORT_SCHEDULE_TIMING",
    "MICRORT_HEAP_LOCK_SYSTEM",
    "MICRORT_HEAP_LOCK_ISR",
    "MICRORT_MEM_INFO",
    "MICRORT_STACK_USE",
    "MICRORT_QSTR",
    "MICRORT_SHELL",
];

/// Numbers that are not there in every configuration.
const OPTIONS: [&str; 2] = ["MICRORT_EXECUTOR_PASSES_MAX", "MICRORT_HEAP_ARENA_SIZE"];

/// Numbers of every configuration.
const NUMBERS: [&str; 3] = [
    "MICRORT_KBD_INTR_CHAR",
    "MICRORT_OPT_LEVEL",
    "MICRORT_SCHEDULE_DEPTH",
];

/// Only pointers to them are used: their members belong to C, and change with Kconfig.
const OPAQUE: [&str; 3] = ["k_heap", "k_thread", "shell"];

fn main() -> ExitCode {
    let mut arguments = env::args().skip(1);
    let (Some(output), Some(header)) = (arguments.next(), arguments.next()) else {
        eprintln!("usage: zephyr-sys-bindgen OUTPUT HEADER [CLANG-ARGUMENT...]");
        return ExitCode::FAILURE;
    };
    let bindings = bindgen::Builder::default()
        .raw_line(OPAQUE.map(|name| format!("#[repr(C)] pub struct {name}([u8; 0]);")).join("\n"))
        .header(&header)
        .clang_args(arguments)
        .use_core()
        .ctypes_prefix("cty")
        .layout_tests(true)
        .generate_comments(false)
        .depfile(&output, format!("{output}.d"))
        .allowlist_function("micrort_port_.*|micrort_(main|executor)_thread")
        // What is reached from these is not asked for: it would be the members of kernel structs.
        .allowlist_recursively(false)
        .allowlist_type("micrort_.*|k_tid_t|k_timeout_t|k_ticks_t")
        .allowlist_var("CONFIG_MICRORT_.*|MICRORT_.*")
        .allowlist_var("E2BIG|EAGAIN|EBUSY|EDEADLK|EINTR|EINVAL|ENAMETOOLONG|ENOBUFS|ENODATA|ENOENT|ENOMEM|ENOSPC|ENOTSUP|EOVERFLOW|EPERM|ERANGE|ESRCH|EWOULDBLOCK")
        .generate();
    let bindings = match bindings {
        Ok(bindings) => bindings.to_string(),
        Err(error) => {
            eprintln!("zephyr-sys-bindgen: {header}: {error}");
            return ExitCode::FAILURE;
        }
    };
    match std::fs::write(&output, configured(&bindings)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("zephyr-sys-bindgen: {output}: {error}");
            ExitCode::FAILURE
        }
    }
}

/// The bindings, with what Rust asks of Kconfig in place of what Kconfig has: configurations that
/// do not differ for Rust have the same bindings.
fn configured(bindings: &str) -> String {
    let prefix = "pub const CONFIG_";
    let (kconfig, rest): (Vec<_>, Vec<_>) =
        bindings.lines().partition(|line| line.starts_with(prefix));
    let value = |name: &str| {
        let line = kconfig
            .iter()
            .find(|line| line.starts_with(&format!("{prefix}{name}:")))?;
        Some(line.split_once('=')?.1.trim_matches([' ', ';']))
    };
    let mut text = rest.join("\n") + "\n";
    for name in BOOLEANS {
        text += &format!("pub const {name}: bool = {};\n", value(name).is_some());
    }
    for name in OPTIONS {
        text += &format!(
            "pub const {name}: Option<u32> = {};\n",
            match value(name) {
                Some(number) => format!("Some({number})"),
                None => "None".into(),
            }
        );
    }
    for name in NUMBERS {
        // One that is missing is missed where it is used.
        if let Some(number) = value(name) {
            text += &format!("pub const {name}: i32 = {number};\n");
        }
    }
    text
}
