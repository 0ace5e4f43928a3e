#!/usr/bin/env bash
# Copyright (c) 2026 The micrort authors
# SPDX-License-Identifier: Apache-2.0
#
# Records the tour on qemu_cortex_m3 as docs/tour.cast (asciinema plays it), draws its first steps as docs/tour.svg,
# which README.md shows, and `micrort top` on both ports as docs/top*.svg.

set -euo pipefail

# shellcheck source=scripts/setup.sh
source "$(dirname "${BASH_SOURCE[0]}")/setup.sh"

setup_python || exit 1
cd "$MICRORT_DIR"
mkdir -p build
# It builds, and its end tells whether all was answered.
scripts/demo.sh --tour --fast >/dev/null

# record NAME LIMIT OPTION...: what scripts/demo.sh shows, with pauses of so many seconds at most.
record() {
	local name=$1 limit=$2
	shift 2
	asciinema rec --quiet --overwrite --cols 90 --rows 30 --title micrort --env '' --idle-time-limit "$limit" \
		--command "scripts/demo.sh $* 2>build/tour.log" "build/$name.cast"
}

# picture NAME FIRST [END]: of that recording.
picture() {
	local name=$1
	shift
	python3 scripts/picture.py "build/$name.cast" "build/$name.svg" "$@"
	! grep -F -e "$HOME" -e "$MICRORT_DIR" -e "${ZEPHYR_BASE:-$HOME}" "build/$name.cast" "build/$name.svg" ||
		die "the recording names a folder of this machine"
	mv "build/$name.svg" docs/
}

record tour 3 --tour
picture tour '1. ' '5. '
mv build/tour.cast docs/
printf '%s\n' 'micrort top 3' >build/idle.txt
printf '%s\n' 'app storm 1000' 'app alloc 64 locked' 'app intern temperature' 'micrort top 3' >build/busy.txt
record top 3 --script build/idle.txt
picture top 'uart:~$ micrort top'
record top-busy 3 --script build/busy.txt
picture top-busy 'uart:~$ micrort top'
record top-host 3 --host --script build/busy.txt
picture top-host 'uart:~$ micrort top'
say "docs/tour.cast, docs/tour.svg and docs/top*.svg are written"
