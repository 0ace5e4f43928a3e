#!/usr/bin/env bash
# Copyright (c) 2026 The micrort authors
# SPDX-License-Identifier: Apache-2.0
#
# Records the tour on qemu_cortex_m3 as docs/tour.cast (asciinema plays it), and draws its first steps as
# docs/tour.svg, which README.md shows.

set -euo pipefail

# shellcheck source=scripts/setup.sh
source "$(dirname "${BASH_SOURCE[0]}")/setup.sh"

setup_python || exit 1
cd "$MICRORT_DIR"
mkdir -p build
# It builds, and its end tells whether all was answered.
scripts/demo.sh --tour --fast >/dev/null
asciinema rec --quiet --overwrite --cols 90 --rows 30 --title micrort --env '' --idle-time-limit 3 \
	--command "scripts/demo.sh --tour 2>build/tour.log" build/tour.cast
python3 scripts/picture.py build/tour.cast build/tour.svg '1. ' '5. '
! grep -F -e "$HOME" -e "$MICRORT_DIR" -e "${ZEPHYR_BASE:-$HOME}" build/tour.cast build/tour.svg ||
	die "the recording names a folder of this machine"
mv build/tour.cast build/tour.svg docs/
say "docs/tour.cast and docs/tour.svg are written"
