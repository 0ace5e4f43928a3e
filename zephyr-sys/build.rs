// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! Finds the bindings that the module's CMake code has made for this build.
//!
//! `MICRORT_BINDINGS` names the file. Where a Rust application calls cargo itself, `DOTCONFIG`
//! names the build's .config: the bindings lie beside it, and what it says decides of what is compiled
//! with the application.

use std::env;
use std::path::PathBuf;

fn main() {
    println!("cargo::rustc-check-cfg=cfg(micrort_inline_cpu)");
    println!("cargo::rerun-if-env-changed=MICRORT_BINDINGS");
    println!("cargo::rerun-if-env-changed=MICRORT_LIBRARY");
    println!("cargo::rerun-if-env-changed=DOTCONFIG");
    let dotconfig = env::var_os("DOTCONFIG").map(PathBuf::from);
    let bindings = env::var_os("MICRORT_BINDINGS")
        .map(PathBuf::from)
        .or_else(|| Some(dotconfig.as_ref()?.with_file_name("micrort-bindings.rs")));
    match bindings {
        Some(path) if path.is_file() => {
            println!("cargo::rerun-if-changed={}", path.display());
            println!("cargo::rustc-env=MICRORT_BINDINGS={}", path.display());
        }
        Some(path) => println!("cargo::error={} does not exist", path.display()),
        None => println!(
            "cargo::error=zephyr-sys is built as part of a Zephyr build: neither MICRORT_BINDINGS \
             nor DOTCONFIG is set"
        ),
    }
    let mut text = String::new();
    if let Some(path) = &dotconfig {
        println!("cargo::rerun-if-changed={}", path.display());
        text = std::fs::read_to_string(path).unwrap_or_default();
    }
    if is_inline_cpu(&text) {
        println!("cargo::rustc-cfg=micrort_inline_cpu");
    }
    application(dotconfig.is_some(), &text);
}

/// Whether src/cpu.rs does inline what functions of glue/port.c do: on Cortex-M with BASEPRI, which alone is the
/// kernel's lock there. Not on Cortex-M7, whose first revisions take a few instructions to mask (Arm's
/// erratum 837070).
fn is_inline_cpu(config: &str) -> bool {
    let target = env::var("TARGET").unwrap_or_default();
    let library = env::var("MICRORT_LIBRARY").unwrap_or_default();
    let is_cortex_m7 =
        library.ends_with("-m7") || config.lines().any(|line| line == "CONFIG_CPU_CORTEX_M7=y");
    (target.starts_with("thumbv7") || target.starts_with("thumbv8m.main")) && !is_cortex_m7
}

/// What Kconfig says to macros and generic functions, which an application in Rust instantiates. The
/// library for applications in C, which has no .config, uses none of them.
fn application(is_application: bool, config: &str) {
    let value = |name: &str| {
        config
            .lines()
            .find_map(|line| line.strip_prefix(&format!("CONFIG_MICRORT_{name}=")))
    };
    let mut constants = format!(
        "pub const OPT_LEVEL: u8 = {};\n",
        value("OPT_LEVEL").unwrap_or("0")
    );
    let is_poll = value("EXECUTOR_POLL").is_some();
    constants += &format!("pub const EXECUTOR_POLL: bool = {is_poll};\n");
    for (constant, name) in [
        ("CONST", "CONST"),
        ("EXCEPTION", "EXCEPTION"),
        ("QSTR", "QSTR"),
        ("SECOND_ARGUMENT", "SCHEDULE_SECOND_ARGUMENT"),
    ] {
        let is_on = !is_application || value(name).is_some();
        constants += &format!("pub const {constant}: bool = {is_on};\n");
    }
    let folder = env::var_os("OUT_DIR")
        .map(PathBuf::from)
        .unwrap_or_default();
    if let Err(error) = std::fs::write(folder.join("application.rs"), constants) {
        println!("cargo::error=application.rs: {error}");
    }
}
