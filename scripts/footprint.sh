#!/usr/bin/env bash
# Copyright (c) 2026 The micrort authors
# SPDX-License-Identifier: Apache-2.0
#
# Prints the flash and RAM that each part of micrort adds on qemu_cortex_m3.
#
#   scripts/footprint.sh [--json FILE] [--write]    --write puts it into docs/performance.md

set -euo pipefail

# shellcheck source=scripts/setup.sh
source "$(dirname "${BASH_SOURCE[0]}")/setup.sh"
# shellcheck source=scripts/zephyr.sh
source "$MICRORT_DIR/scripts/zephyr.sh"

exec_with_zephyr footprint "$@"
