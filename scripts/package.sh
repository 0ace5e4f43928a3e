#!/usr/bin/env bash
# Copyright (c) 2026 The micrort authors
# SPDX-License-Identifier: Apache-2.0
#
# Makes a package for a vendor's SDK: the module with the Rust library for each CPU, as a folder and a .tar.xz.
# Who builds with it needs no Rust, no libclang and no network. The same source, Rust and xz give the same
# bytes, wherever it is made.
#
#   scripts/package.sh                          for all CPUs, in build/package
#   scripts/package.sh --targets NAME...        for these (scripts/matrix.yaml, libraries)
#   scripts/package.sh --output DIR
#   scripts/package.sh --debug                  with what debuggers read

set -euo pipefail

# shellcheck source=scripts/setup.sh
source "$(dirname "${BASH_SOURCE[0]}")/setup.sh"

setup_host
install_packages "python3-venv|python3 -c 'import ensurepip, venv'" "cmake|command -v cmake" || exit 1
setup_python || exit 1
python3 -c 'import tomllib' 2>/dev/null || die "a package is made with Python 3.11 or later"
exec python3 "$MICRORT_DIR/scripts/package.py" "$@"
