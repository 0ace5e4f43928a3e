#!/usr/bin/env bash
# Copyright (c) 2026 The micrort authors
# SPDX-License-Identifier: Apache-2.0
#
# Prints what micrort costs on qemu_cortex_m3: the instructions of each call, beside Zephyr's own, and
# bytes of flash and RAM.
#
#   scripts/bench.sh                 tables
#   scripts/bench.sh --json FILE     and the figures as JSON, as benches/figures-VERSION.json of each Zephyr
#   scripts/bench.sh --write         and docs/performance.md is filled with the tables
#   scripts/bench.sh --check FILE    and a comparison with such a file: worse figures fail

set -euo pipefail

# shellcheck source=scripts/setup.sh
source "$(dirname "${BASH_SOURCE[0]}")/setup.sh"
# shellcheck source=scripts/zephyr.sh
source "$MICRORT_DIR/scripts/zephyr.sh"

exec_with_zephyr bench "$@"
