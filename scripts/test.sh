#!/usr/bin/env bash
# Copyright (c) 2026 The micrort authors
# SPDX-License-Identifier: Apache-2.0
#
# Runs every check of micrort, on this machine and on every board of scripts/matrix.yaml that it can
# build, with every Zephyr that is found, and ends with a line of totals.
#
#   scripts/test.sh                    every scenario but the thorough ones, on its integration_platforms
#   scripts/test.sh --all              every scenario on all boards and all Zephyrs that it allows: for hours
#   scripts/test.sh --quick            the host and qemu_cortex_m3
#   scripts/test.sh --zephyr VERSION   with this Zephyr only, like 3.7 or 4.1.99

set -euo pipefail

# shellcheck source=scripts/setup.sh
source "$(dirname "${BASH_SOURCE[0]}")/setup.sh"
# shellcheck source=scripts/zephyr.sh
source "$MICRORT_DIR/scripts/zephyr.sh"

quick='' wanted='' twister_args=(--integration --exclude-tag thorough)
while (($#)); do
	case $1:${2:-} in
	--quick:*) quick=--quick ;;
	--all:*) twister_args=() ;;
	--zephyr:[0-9]*)
		wanted=$2
		shift
		;;
	*) die "usage: scripts/test.sh [--quick | --all] [--zephyr VERSION]" ;;
	esac
	shift
done

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
	local seed tests
	run check "cargo fmt" 120 cargo fmt --all --check
	run check "no circle of imports" 60 python3 scripts/imports.py
	# It exists only inside a Zephyr build; clippy_zephyr sees to it.
	run check "clippy, host port" 900 \
		cargo clippy --workspace --exclude micrort-zephyr-sys --all-targets \
		--features micrort/internals -- -D warnings
	run check "clippy, host port, poll executor" 900 \
		cargo clippy --features host-executor-poll --all-targets -- -D warnings
	run check "clippy, host port, C API" 900 cargo clippy --features host-c-api -- -D warnings
	run check "cargo doc" 600 env RUSTDOCFLAGS="-D warnings" cargo doc --no-deps --package micrort
	run cargo "host tests" 1200 cargo test --workspace --exclude micrort-zephyr-sys \
		--features micrort/internals
	run tap "console of the host port" 300 \
		python3 scripts/host_console.py target/debug/examples/console
	run cargo "host tests, poll executor" 900 cargo test --features host-executor-poll --test poll
	run tap "C programs on the host port" 600 scripts/host_c.sh
	# loom replaces the locks of the library, so its build must not mix with the ordinary one.
	run cargo "models (loom)" 1200 env RUSTFLAGS="--cfg loom" CARGO_TARGET_DIR=target/loom \
		cargo test --release --test loom
	if have_nightly && cargo +nightly miri --version >/dev/null 2>&1 </dev/null &&
		timeout 600 cargo +nightly miri setup >"$logs/miri-setup.log" 2>&1 </dev/null; then
		# Another seed, another order of the threads and other stale values of relaxed atomics; the
		# queue's tests are of one thread. Tests leak their tasks: a task lives for ever.
		tests=(--test queue --test heap_lock --test exception)
		for seed in 0 1 2 3; do
			run cargo "miri, seed $seed" 600 env CARGO_TARGET_DIR=target/miri \
				MIRIFLAGS="-Zmiri-ignore-leaks -Zmiri-seed=$seed" \
				cargo +nightly miri test --features internals "${tests[@]}"
			tests=(--test heap_lock --test exception)
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
	local variant=$1 board output args=("${twister_args[@]}")
	# For this run alone: elsewhere it is the wish of the caller.
	local -x ZEPHYR_TOOLCHAIN_VARIANT
	shift
	for board in "$@"; do
		args+=(-p "$board")
	done
	output=$MICRORT_DIR/twister-out-$ZEPHYR_VERSION-${variant//\//-}
	use_toolchain "$variant"
	# The files of x86_64 and RISC-V boards name none of the toolchains that are Debian's compilers.
	[[ $variant != host && $variant != cross-compile/* ]] || args+=(--force-toolchain)
	run twister "twister ($variant, Zephyr $ZEPHYR_VERSION)" 3300 \
		python3 "$ZEPHYR_BASE/scripts/twister" -T tests -T samples "${args[@]}" \
		-x=EXTRA_ZEPHYR_MODULES="$MICRORT_DIR" \
		--outdir "$output" --clobber-output \
		--disable-warnings-as-errors --timeout-multiplier 2 -j 2
}

# The Zephyr port is checked against the bindings of a build for each board.
clippy_zephyr() {
	local board=$1 bindings target name
	name="clippy, Zephyr $ZEPHYR_VERSION, $board"
	target=$(python3 scripts/matrix.py target "$board")
	# 4.x puts the name of the SoC into the folder's, behind the board's.
	bindings=$(find twister-out-"$ZEPHYR_VERSION"-* -path "*/${board//\//_}[/_]*" -name micrort-bindings.rs \
		-print -quit)
	if [[ -z $bindings ]]; then
		skip "$name" "no build left its bindings"
	elif [[ ! -d $(rustc --print target-libdir --target "$target") ]]; then
		skip "$name" "rustup has no $target, and clippy cannot build core"
	else
		run check "$name" 600 env MICRORT_BINDINGS="$PWD/$bindings" \
			cargo clippy --package micrort --package micrort-zephyr-sys --lib \
			--features zephyr,panic-handler --target "$target" -- -D warnings
	fi
}

# The tests for the Zephyr in use.
zephyr_tests() {
	local kind first second variant board step on="Zephyr $ZEPHYR_VERSION"
	local figures=benches/figures-$ZEPHYR_VERSION.json
	local -A boards=()
	local all=()

	while IFS=$'\t' read -r kind first second; do
		if [[ $kind == run ]]; then
			boards[$first]+=" $second"
			all+=("$second")
		else
			skip "twister on $first, $on" "$second"
		fi
	done < <(python3 scripts/matrix.py boards $quick)

	# Test builds differ in their folder only; without this ccache would tell them apart by it.
	export CCACHE_NOHASHDIR=1 CCACHE_BASEDIR=$MICRORT_DIR
	for variant in "${!boards[@]}"; do
		# shellcheck disable=SC2086 # a list of words
		twister "$variant" ${boards[$variant]}
	done
	for board in "${all[@]}"; do
		clippy_zephyr "$board"
	done
	run tap "refusals, $on" 900 scripts/refusals.sh
	for step in transcripts proofs images bench; do
		if [[ " ${all[*]} " != *" qemu_cortex_m3 "* ]]; then
			skip "$step, $on" "qemu_cortex_m3 cannot be built"
		elif [[ $step == bench && ! -f $figures ]]; then
			skip "$step, $on" "no figures to compare with"
		elif [[ $step == bench ]]; then
			run tap "$step, $on" 900 scripts/bench.sh --check "$figures"
		else
			run tap "$step, $on" 900 "scripts/$step.sh"
		fi
	done
}

no_zephyr_tests() {
	local name

	say "$1: going on without"
	for name in twister refusals transcripts proofs images bench; do
		skip "$name" "$1"
	done
}

setup_host
# Before the host's tests, because who asks for a Zephyr that is not there shall not wait for them.
if ! find_zephyrs "$wanted"; then
	[[ -z $wanted ]] || die "$ZEPHYR_WHY"
fi
host_tests
fuzz_tests
if ((${#ZEPHYRS[@]} == 0)); then
	no_zephyr_tests "$ZEPHYR_WHY"
elif ! setup_zephyr; then
	no_zephyr_tests "what Zephyr needs could not be installed"
else
	for version in "${ZEPHYRS[@]}"; do
		use_zephyr "$version"
		say "$ZEPHYR_FROM"
		zephyr_tests
	done
fi

printf '\n'
exec python3 scripts/totals.py "$record"
