#!/usr/bin/env bash
# Copyright (c) 2026 The micrort authors
# SPDX-License-Identifier: Apache-2.0
#
# Prints what async tasks cost on qemu_cortex_m3, in micrort's pass and beside embassy's own executors.
#
#   scripts/embassy.sh               a table
#   scripts/embassy.sh --write       and docs/performance.md has it

set -euo pipefail

# shellcheck source=scripts/setup.sh
source "$(dirname "${BASH_SOURCE[0]}")/setup.sh"
# shellcheck source=scripts/zephyr.sh
source "$MICRORT_DIR/scripts/zephyr.sh"

exec_with_zephyr embassy "$@"
