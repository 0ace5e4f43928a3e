#!/usr/bin/env bash
# Copyright (c) 2026 The micrort authors
# SPDX-License-Identifier: Apache-2.0
#
# Proves on linked images, on qemu_cortex_m3, that what is hidden, removed or switched off is not in
# them. Prints a line "ok - NAME" or "not ok - NAME" for each proof, and a table of sizes.

set -euo pipefail

# shellcheck source=scripts/setup.sh
source "$(dirname "${BASH_SOURCE[0]}")/setup.sh"
# shellcheck source=scripts/zephyr.sh
source "$MICRORT_DIR/scripts/zephyr.sh"

exec_with_zephyr images "$@"
