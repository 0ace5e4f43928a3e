// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! `zephyr-sys-bindgen OUTPUT HEADER [CLANG-ARGUMENT...]`: writes the bindings, and `OUTPUT.d`.

use std::env;
use std::process::ExitCode;

/// zephyr-sys/bindings has the files as they are written here.
const HEAD: &str = "// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

// Made by zephyr-sys-bindgen from glue/port.h.
";

/// Only pointers to them are used: their members belong to C, and change with Kconfig.
const OPAQUE: [&str; 3] = ["k_heap", "k_thread", "shell"];

fn main() -> ExitCode {
    let mut arguments = env::args().skip(1);
    let (Some(output), Some(header)) = (arguments.next(), arguments.next()) else {
        eprintln!("usage: zephyr-sys-bindgen OUTPUT HEADER [CLANG-ARGUMENT...]");
        return ExitCode::FAILURE;
    };
    let bindings = bindgen::Builder::default()
        .disable_header_comment()
        .raw_line(HEAD)
        .raw_line(OPAQUE.map(|name| format!("#[repr(C)] pub struct {name}([u8; 0]);")).join("\n"))
        .header(&header)
        .clang_args(arguments)
        .use_core()
        .ctypes_prefix("cty")
        .layout_tests(true)
        .generate_comments(false)
        .depfile(&output, format!("{output}.d"))
        .allowlist_function("micrort_port_.*|micrort_(main|executor)_thread")
        // Only C calls it; how large a k_timeout_t is, Kconfig decides.
        .blocklist_function("micrort_port_sleep")
        // Only where Kconfig has it; Rust has its own.
        .blocklist_type("micrort_qstr")
        // What is reached from these is not asked for: it would be the members of kernel structs.
        .allowlist_recursively(false)
        .allowlist_type("micrort_.*|k_tid_t")
        .allowlist_var("MICRORT_.*|micrort_port_.*")
        .allowlist_var("E2BIG|EAGAIN|EBUSY|EDEADLK|EINTR|EINVAL|ENAMETOOLONG|ENOBUFS|ENODATA|ENOENT|ENOMEM|ENOSPC|ENOTSUP|EOVERFLOW|EPERM|ERANGE|ESRCH|EWOULDBLOCK")
        .generate();
    let bindings = match bindings {
        Ok(bindings) => bindings.to_string(),
        Err(error) => {
            eprintln!("zephyr-sys-bindgen: {header}: {error}");
            return ExitCode::FAILURE;
        }
    };
    match std::fs::write(&output, bindings) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("zephyr-sys-bindgen: {output}: {error}");
            ExitCode::FAILURE
        }
    }
}
