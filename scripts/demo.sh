#!/usr/bin/env bash
# Copyright (c) 2026 The micrort authors
# SPDX-License-Identifier: Apache-2.0
#
# Runs samples/console on qemu_cortex_m3 at this terminal, or its twin of the host port where no Zephyr
# can be had. Ctrl-C goes to the sample.
#
#   scripts/demo.sh                    at the terminal
#   scripts/demo.sh --tour             types and explains for a minute; --fast: without pauses
#   scripts/demo.sh --script FILE      types the lines of FILE (scripts/console.py tells how) and ends
#   scripts/demo.sh --zephyr VERSION   on this Zephyr, like 3.7 or 4.1.99
#   scripts/demo.sh --host             on the host port
#
# The last two go with the others. The exit status of a tour and of a script says whether each line found its prompt.

set -euo pipefail

# shellcheck source=scripts/zephyr.sh
source "$(dirname "${BASH_SOURCE[0]}")/zephyr.sh"

script='' wanted='' host='' tour='' pace='' typist=()
while (($#)); do
	case $1:${2:-} in
	--script:?*)
		script=$(realpath "$2")
		[[ -f $script ]] || die "no file $2"
		shift
		;;
	--zephyr:?*)
		wanted=$2
		shift
		;;
	--tour:*) tour=1 ;;
	--fast:*) pace=0 ;;
	--host:*) host=1 ;;
	*) die "usage: scripts/demo.sh [--tour [--fast] | --script FILE] [--host | --zephyr VERSION]" ;;
	esac
	shift
done
if [[ -n $tour ]]; then
	[[ -z $script ]] || die "either --tour or --script"
	script=$MICRORT_DIR/samples/console/tour.txt
	typist+=(--pace "${pace:-1}")
elif [[ -n $pace ]]; then
	die "--fast is for --tour"
fi
[[ -n $script || -t 0 ]] || die "no terminal: use scripts/demo.sh --tour, or --script FILE"
build=$MICRORT_DIR/build/console

build_sample() {
	local log=$MICRORT_DIR/build/console.log

	mkdir -p "$MICRORT_DIR/build"
	remove_foreign_builds "$build"
	say "building samples/console for qemu_cortex_m3; the first time takes a minute"
	if ! cmake -GNinja -S "$MICRORT_DIR/samples/console" -B "$build" -DBOARD=qemu_cortex_m3 \
		-DEXTRA_ZEPHYR_MODULES="$MICRORT_DIR" </dev/null >"$log" 2>&1 ||
		! cmake --build "$build" </dev/null >>"$log" 2>&1; then
		tail -n 30 "$log" >&2
		die "the build failed; see $log"
	fi
}

# What is seen first. $1 what runs, $2 how to leave.
introduce() {
	local version

	version=$(sed -n 's/^version = "\(.*\)"/\1/p' "$MICRORT_DIR/Cargo.toml" | head -n 1)
	printf '\nmicrort %s on %s\n\n' "$version" "$1"
	if [[ -n $tour ]]; then
		printf 'A tour. Ctrl-C ends it.\n'
		return
	fi
	cat <<EOF
Try:
    micrort                what there is
    app burst 1000         1000 calls from one interrupt
    app alloc 64 locked    an allocation while the heap is locked;
    micrort heap stats     the record of it
    app loop               a long computation; Ctrl-C stops it
    micrort mem_info -v    use of memory, with a map of the heap
Or let scripts/demo.sh --tour show it. Leave with $2.

EOF
	((${#ZEPHYRS[@]} < 2)) || printf 'Also found: Zephyr %s (--zephyr VERSION takes it).\n\n' "${ZEPHYRS[*]:1}"
}

setup_host
if [[ -z $host ]] && choose_toolchain "$wanted"; then
	build_sample
	# mon:stdio, because Ctrl-C then reaches the guest. No -icount: people live in real time.
	command=(qemu-system-arm -cpu cortex-m3 -machine lm3s6965evb -nographic -vga none -net none
		-serial mon:stdio -kernel "$build/zephyr/zephyr.elf")
	introduce "Zephyr $ZEPHYR_VERSION, board qemu_cortex_m3 (QEMU)" "Ctrl-A x"
else
	[[ -z $wanted ]] || die "$ZEPHYR_WHY"
	[[ -n $host ]] || say "$ZEPHYR_WHY: running the console of the host port"
	cd "$MICRORT_DIR"
	say "building the console of the host port; the first time takes a minute"
	cargo build --quiet --example console
	command=(cargo run --quiet --example console)
	introduce "the host port, $(uname -sr), $(uname -m)" "exit or Ctrl-D"
fi

if [[ -n $script ]]; then
	exec python3 "$MICRORT_DIR/scripts/console.py" "${typist[@]}" --script "$script" -- "${command[@]}"
fi
exec "${command[@]}"
