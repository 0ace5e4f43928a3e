#!/usr/bin/env bash
# Copyright (c) 2026 The micrort authors
# SPDX-License-Identifier: Apache-2.0
#
# Measures what grows with what, and draws it: instructions on qemu_cortex_m3, and by valgrind's
# callgrind on native_sim.
#
#   scripts/scale.sh              a table
#   scripts/scale.sh --write      and docs/scale.json, docs/scale-*.svg

set -euo pipefail

# shellcheck source=scripts/setup.sh
source "$(dirname "${BASH_SOURCE[0]}")/setup.sh"
# shellcheck source=scripts/zephyr.sh
source "$MICRORT_DIR/scripts/zephyr.sh"

install_packages "valgrind|command -v valgrind" || die "no valgrind"
exec_with_zephyr scale "$@"
