#!/usr/bin/env bash
# Copyright (c) 2026 The micrort authors
# SPDX-License-Identifier: Apache-2.0
#
# Runs samples/console on qemu_cortex_m3 at this terminal, or its twin of the host port where no Zephyr
# can be had. Ctrl-C goes to the sample.
#
#   scripts/demo.sh                 at the terminal
#   scripts/demo.sh --script FILE   types the lines of FILE (scripts/console.py tells how) and ends

set -euo pipefail

# shellcheck source=scripts/setup.sh
source "$(dirname "${BASH_SOURCE[0]}")/setup.sh"
# shellcheck source=scripts/zephyr.sh
source "$MICRORT_DIR/scripts/zephyr.sh"

script=
case $#:${1:-} in
0:) [[ -t 0 ]] || die "no terminal: use scripts/demo.sh --script FILE" ;;
2:--script)
	script=$(realpath "$2")
	[[ -f $script ]] || die "no file $2"
	;;
*) die "usage: scripts/demo.sh [--script FILE]" ;;
esac
build=$MICRORT_DIR/build/console

build_sample() {
	local log=$MICRORT_DIR/build/console.log

	mkdir -p "$MICRORT_DIR/build"
	# CMake keeps the Zephyr that it found first, also when another one is meant now.
	if ! grep -qs "^ZEPHYR_BASE:.*=$ZEPHYR_BASE\$" "$build/CMakeCache.txt"; then
		rm -rf "$build"
	fi
	say "building samples/console for qemu_cortex_m3"
	if ! cmake -GNinja -S "$MICRORT_DIR/samples/console" -B "$build" -DBOARD=qemu_cortex_m3 \
		-DEXTRA_ZEPHYR_MODULES="$MICRORT_DIR" </dev/null >"$log" 2>&1 ||
		! cmake --build "$build" </dev/null >>"$log" 2>&1; then
		tail -n 30 "$log" >&2
		die "the build failed; see $log"
	fi
}

setup_host
if ! choose_toolchain; then
	say "$ZEPHYR_WHY: running the console of the host port"
	cd "$MICRORT_DIR"
	cargo build --quiet --example console
	command=(cargo run --quiet --example console)
	leave="exit leaves"
else
	say "$ZEPHYR_FROM"
	use_toolchain "$ZEPHYR_VARIANT"
	build_sample
	# mon:stdio, because Ctrl-C then reaches the guest. No -icount: people live in real time.
	command=(qemu-system-arm -cpu cortex-m3 -machine lm3s6965evb -nographic -vga none -net none
		-serial mon:stdio -kernel "$build/zephyr/zephyr.elf")
	leave="Ctrl-A x leaves"
fi

if [[ -n $script ]]; then
	exec python3 "$MICRORT_DIR/scripts/console.py" --script "$script" -- "${command[@]}"
fi
say "Ctrl-C stops a command, $leave"
exec "${command[@]}"
