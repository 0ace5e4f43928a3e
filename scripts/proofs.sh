#!/usr/bin/env bash
# Copyright (c) 2026 The micrort authors
# SPDX-License-Identifier: Apache-2.0
#
# Shows from linked images for qemu_cortex_m3 what micrort promises of interrupts, a line
# "ok - NAME" or "not ok - NAME" for each promise, and prints the stack that each public function needs.
#
#   scripts/proofs.sh [--write]    --write writes the table into docs/stack.md

set -euo pipefail

# shellcheck source=scripts/setup.sh
source "$(dirname "${BASH_SOURCE[0]}")/setup.sh"
# shellcheck source=scripts/zephyr.sh
source "$MICRORT_DIR/scripts/zephyr.sh"

exec_with_zephyr proofs "$@"
