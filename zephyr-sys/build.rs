// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! Finds the bindings that the module's CMake code has made for this build.
//!
//! `MICRORT_BINDINGS` names the file. Where a Rust application calls cargo itself, `DOTCONFIG`
//! names the build's .config, and the bindings lie beside it.

use std::env;
use std::path::{Path, PathBuf};

fn main() {
    println!("cargo::rustc-check-cfg=cfg(micrort_inline_cpu)");
    println!("cargo::rerun-if-env-changed=MICRORT_BINDINGS");
    println!("cargo::rerun-if-env-changed=DOTCONFIG");
    let bindings = env::var_os("MICRORT_BINDINGS")
        .map(PathBuf::from)
        .or_else(|| {
            let dotconfig = env::var_os("DOTCONFIG")?;
            Some(Path::new(&dotconfig).with_file_name("micrort-bindings.rs"))
        });
    match bindings {
        Some(path) if path.is_file() => {
            println!("cargo::rerun-if-changed={}", path.display());
            println!("cargo::rustc-env=MICRORT_BINDINGS={}", path.display());
            let text = std::fs::read_to_string(&path).unwrap_or_default();
            if text.contains("MICRORT_LOCK_BASEPRI") {
                println!("cargo::rustc-cfg=micrort_inline_cpu");
            }
        }
        Some(path) => println!("cargo::error={} does not exist", path.display()),
        None => println!(
            "cargo::error=zephyr-sys is built as part of a Zephyr build: neither MICRORT_BINDINGS \
             nor DOTCONFIG is set"
        ),
    }
}
