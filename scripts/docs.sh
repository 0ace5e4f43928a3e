#!/usr/bin/env bash
# Copyright (c) 2026 The micrort authors
# SPDX-License-Identifier: Apache-2.0
#
# Builds the documentation as one site in build/docs: the guide (docs/, with a search), the C API (Doxygen) in c/
# and the Rust API (rustdoc) in rust/. A warning of any of them fails.
#
#   scripts/docs.sh            then open build/docs/index.html, or, for the search, serve it:
#   scripts/docs.sh --serve    at http://localhost:8000

set -euo pipefail

# shellcheck source=scripts/setup.sh
source "$(dirname "${BASH_SOURCE[0]}")/setup.sh"

setup_host
install_packages "doxygen|command -v doxygen" "python3-venv|python3 -c 'import ensurepip, venv'" || exit 1
setup_python || exit 1
cd "$MICRORT_DIR"

rm -rf build/docs
zensical build --strict --config-file mkdocs.yml
doxygen docs/Doxyfile
rm -rf target/doc
RUSTDOCFLAGS="-D warnings" env -u CARGO_BUILD_TARGET cargo doc --quiet --no-deps --package micrort --features embassy-time --target-dir target
cp -r target/doc build/docs/rust
say "the site is in build/docs"

if [[ ${1:-} == --serve ]]; then
	exec python3 -m http.server --directory build/docs --bind localhost 8000
fi
