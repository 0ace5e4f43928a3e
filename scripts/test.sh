#!/usr/bin/env bash
# Copyright (c) 2026 The micrort authors
# SPDX-License-Identifier: Apache-2.0
#
# Runs every check of micrort, on this machine and on every board of scripts/matrix.yaml that it can
# build, and ends with a line of totals.
#
#   scripts/test.sh           everything
#   scripts/test.sh --quick   the host and qemu_cortex_m3

set -euo pipefail

# shellcheck source=scripts/setup.sh
source "$(dirname "${BASH_SOURCE[0]}")/setup.sh"
# shellcheck source=scripts/zephyr.sh
source "$MICRORT_DIR/scripts/zephyr.sh"

quick=
case ${1:-} in
"") ;;
--quick) quick=--quick ;;
*) die "usage: scripts/test.sh [--quick]" ;;
esac

cd "$MICRORT_DIR"
logs=$MICRORT_DIR/build/test
record=$logs/record
rm -rf "$logs"
mkdir -p "$logs"
: >"$record"

# Instances of CMake and cargo below must not be confused by a build that the caller is inside of.
unset MAKEFLAGS RUSTFLAGS

# run KIND NAME SECONDS COMMAND...: one step, recorded for totals.py with its log or with $output.
# The step is a job with a process group of its own, so that whatever it started ends with it.
run() {
	local kind=$1 name=$2 seconds=$3 status=0 log pipe tee step
	shift 3
	log=$logs/${name//[^a-zA-Z0-9]/-}.log
	printf '\n== %s\n' "$name"
	exec {pipe}> >(exec tee "$log")
	tee=$!
	set -m
	timeout --kill-after=10 "$seconds" "$@" </dev/null >&"$pipe" 2>&1 {pipe}>&- &
	step=$!
	set +m
	trap 'kill "$step"; exit 130' INT TERM HUP
	exec {pipe}>&-
	wait "$step" || status=$?
	wait "$tee"
	trap - INT TERM HUP
	printf '%s\t%s\t%s\t%s\n' "$kind" "$name" "$status" "${output:-$log}" >>"$record"
}

skip() {
	printf 'skip\t%s\t%s\n' "$1" "$2" >>"$record"
}

host_tests() {
	local seed
	run check "cargo fmt" 120 cargo fmt --all --check
	# It exists only inside a Zephyr build; clippy_zephyr sees to it.
	run check "clippy, host port" 900 \
		cargo clippy --workspace --exclude micrort-zephyr-sys --all-targets -- -D warnings
	run check "clippy, host port, poll executor" 900 \
		cargo clippy --features host-executor-poll --all-targets -- -D warnings
	run check "cargo doc" 600 env RUSTDOCFLAGS="-D warnings" cargo doc --no-deps --package micrort
	run cargo "host tests" 1200 cargo test --workspace --exclude micrort-zephyr-sys
	run cargo "host tests, poll executor" 900 cargo test --features host-executor-poll --test poll
	# loom replaces the locks of the library, so its build must not mix with the ordinary one.
	run cargo "models (loom)" 1200 env RUSTFLAGS="--cfg loom" CARGO_TARGET_DIR=target/loom \
		cargo test --release --test loom
	if have_nightly && cargo +nightly miri --version >/dev/null 2>&1 </dev/null &&
		timeout 600 cargo +nightly miri setup >"$logs/miri-setup.log" 2>&1 </dev/null; then
		# Another seed, another order of the threads and other stale values of relaxed atomics. The
		# tests leak their tasks: a task lives for ever.
		for seed in 0 1 2 3; do
			run cargo "miri, seed $seed" 600 env CARGO_TARGET_DIR=target/miri \
				MIRIFLAGS="-Zmiri-ignore-leaks -Zmiri-seed=$seed" \
				cargo +nightly miri test --test queue --test heap_lock --test exception
		done
	else
		skip "miri" "no nightly toolchain with miri and rust-src"
	fi
}

# Each target of fuzz/ for some seconds; for longer, the same by hand.
fuzz_tests() {
	local target seconds=15

	mkdir -p "$MICRORT_CACHE"
	if ! setup_cargo_fuzz; then
		skip "fuzz" "no nightly toolchain, or cargo-fuzz cannot be installed"
		return
	fi
	for target in fuzz/fuzz_targets/*.rs; do
		target=$(basename "$target" .rs)
		mkdir -p "target/fuzz/corpus/$target"
		run check "fuzz, $target" 600 cargo +nightly fuzz run --target-dir target/fuzz "$target" \
			"target/fuzz/corpus/$target" -- -max_total_time=$seconds -verbosity=0 \
			-artifact_prefix=target/fuzz/
	done
}

# One run of twister for the toolchain $1 on the boards that follow.
twister() {
	local variant=$1 board output args=()
	shift
	for board in "$@"; do
		args+=(-p "$board")
	done
	output=$MICRORT_DIR/twister-out-$variant
	use_toolchain "$variant"
	# Debian's compilers are none of the toolchains that a board's file names for x86_64.
	[[ $variant != host ]] || args+=(--force-toolchain)
	run twister "twister ($variant)" 2400 \
		python3 "$ZEPHYR_BASE/scripts/twister" -T tests -T samples "${args[@]}" \
		-x=EXTRA_ZEPHYR_MODULES="$MICRORT_DIR" \
		--outdir "$output" --clobber-output \
		--disable-warnings-as-errors --timeout-multiplier 2 -j 2
}

# The Zephyr port is checked against the bindings of a build for each board.
clippy_zephyr() {
	local board=$1 bindings target
	target=$(python3 scripts/matrix.py target "$board")
	bindings=$(find twister-out-* -path "*/${board//\//_}/*" -name micrort-bindings.rs -print -quit)
	if [[ -z $bindings ]]; then
		skip "clippy, Zephyr port, $board" "no build left its bindings"
	elif [[ ! -d $(rustc --print target-libdir --target "$target") ]]; then
		skip "clippy, Zephyr port, $board" "rustup has no $target, and clippy cannot build core"
	else
		run check "clippy, Zephyr port, $board" 600 env MICRORT_BINDINGS="$PWD/$bindings" \
			cargo clippy --package micrort --package micrort-zephyr-sys --lib \
			--features zephyr,panic-handler --target "$target" -- -D warnings
	fi
}

zephyr_tests() {
	local kind first second variant board step
	local -A boards=()
	local all=()

	while IFS=$'\t' read -r kind first second; do
		if [[ $kind == run ]]; then
			boards[$first]+=" $second"
			all+=("$second")
		else
			skip "twister on $first" "$second"
		fi
	done < <(zephyr_boards $quick)

	# Test builds differ in their folder only; without this ccache would tell them apart by it.
	export CCACHE_NOHASHDIR=1 CCACHE_BASEDIR=$MICRORT_DIR
	for variant in "${!boards[@]}"; do
		# shellcheck disable=SC2086 # a list of words
		twister "$variant" ${boards[$variant]}
	done
	for board in "${all[@]}"; do
		clippy_zephyr "$board"
	done
	run tap "refusals" 900 scripts/refusals.sh
	if [[ " ${all[*]} " == *" qemu_cortex_m3 "* ]]; then
		run tap "proofs" 900 scripts/proofs.sh
		run tap "images" 900 scripts/images.sh
		run tap "bench" 900 scripts/bench.sh --check benches/figures.json
	else
		for step in proofs images bench; do
			skip "$step" "qemu_cortex_m3 cannot be built"
		done
	fi
}

no_zephyr_tests() {
	local name

	say "$1: going on without"
	for name in twister refusals proofs images bench; do
		skip "$name" "$1"
	done
}

setup_host
host_tests
fuzz_tests
if ! find_zephyr; then
	no_zephyr_tests "$ZEPHYR_WHY"
elif ! setup_zephyr; then
	no_zephyr_tests "what Zephyr needs could not be installed"
else
	say "$ZEPHYR_FROM"
	zephyr_tests
fi

printf '\n'
exec python3 scripts/totals.py "$record"
