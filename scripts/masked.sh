#!/usr/bin/env bash
# Copyright (c) 2026 The micrort authors
# SPDX-License-Identifier: Apache-2.0
#
# Prints the longest stretches of instructions that micrort runs with interrupts masked, found by
# tracing a run of tests/storm on qemu_cortex_m3.
#
#   scripts/masked.sh    exits 1 if the longest one is above the limit of scripts/masked.py

set -euo pipefail

# shellcheck source=scripts/setup.sh
source "$(dirname "${BASH_SOURCE[0]}")/setup.sh"
# shellcheck source=scripts/zephyr.sh
source "$MICRORT_DIR/scripts/zephyr.sh"

setup_host
choose_toolchain || die "$ZEPHYR_WHY"
say "$ZEPHYR_FROM"
use_toolchain "$ZEPHYR_VARIANT"
exec python3 "$MICRORT_DIR/scripts/masked.py" "$MICRORT_DIR/build/masked" "$@"
