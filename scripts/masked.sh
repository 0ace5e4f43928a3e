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

exec_with_zephyr masked "$@"
