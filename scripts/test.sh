#!/usr/bin/env bash
# Copyright (c) 2026 The micrort authors
# SPDX-License-Identifier: Apache-2.0
#
# Runs every check of micrort, on this machine and on every board of scripts/matrix.yaml that it can
# build, with every Zephyr that is found, and ends with a line of totals.
#
#   scripts/test.sh                    every scenario but the thorough ones, on its integration_platforms;
#                                      those with the tag one_zephyr on the first Zephyr only
#   scripts/test.sh --all              every scenario on all boards and all Zephyrs that it allows, models without
#                                      bounds, more seeds of miri's, fuzz targets for ten minutes each: for hours
#   scripts/test.sh --quick            the host and qemu_cortex_m3
#   scripts/test.sh --zephyr VERSION   with this Zephyr only, like 3.7 or 4.1.99

set -euo pipefail

# shellcheck source=scripts/zephyr.sh
source "$(dirname "${BASH_SOURCE[0]}")/zephyr.sh"

quick='' all='' wanted='' twister_args=(--integration --exclude-tag thorough)
while (($#)); do
	case $1:${2:-} in
	--quick:*) quick=--quick ;;
	--all:*) all=1 twister_args=() ;;
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
unset MAKEFLAGS RUSTFLAGS CARGO_ENCODED_RUSTFLAGS CARGO_BUILD_TARGET CARGO_TARGET_DIR

# run KIND NAME SECONDS COMMAND...: one step, recorded for totals.py with its log or with $output.
# The step is a job with a process group of its own, so that whatever it started ends with it.
run() {
	local kind=$1 name=$2 seconds=$3 status=0 begin=$SECONDS log pipe tee step
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
	printf -- '-- %s: %d s\n' "$name" $((SECONDS - begin))
	printf '%s\t%s\t%s\t%s\n' "$kind" "$name" "$status" "${output:-$log}" >>"$record"
}

# beside FIRST SECOND: the steps of both at once, those of the first printed when all are over.
beside() {
	local first
	"$1" >"$logs/$1.log" 2>&1 &
	first=$!
	trap 'kill "$first" 2>/dev/null' EXIT
	"$2"
	wait "$first" || true
	trap - EXIT
	cat "$logs/$1.log"
}

skip() {
	printf 'skip\t%s\t%s\n' "$1" "$2" >>"$record"
}

# The Zephyr port for the Rust target $1, with the bindings $2, and the features $3.
clippy_zephyr() {
	local features=zephyr,panic-handler${3:+,$3}

	setup_rust_targets "$1"
	if [[ -d $(rustc --print target-libdir --target "$1") ]]; then
		run check "clippy, Zephyr port, $1${3:+, $3}" 600 env MICRORT_BINDINGS="$PWD/zephyr-sys/bindings/$2.rs" \
			cargo clippy --package micrort --package micrort-zephyr-sys --lib \
			--features "$features" --target "$1" -- -D warnings
	else
		skip "clippy, Zephyr port, $1" "rustup has no $1, and clippy cannot build core"
	fi
}

# Both ports with the oldest Rust that Cargo.toml names.
oldest_rust() {
	local version target=thumbv7m-none-eabi

	version=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml)
	if [[ -d $(rustc "+$version" --print target-libdir --target "$target" 2>/dev/null) ]]; then
		: # No look at the network.
	elif ! command -v rustup >/dev/null || ! timeout 300 rustup toolchain install "$version" --profile minimal \
		--target "$target" >"$logs/oldest-rust.log" 2>&1 </dev/null; then
		skip "Rust $version" "no rustup, or it cannot bring that version"
		return
	fi
	run check "Rust $version, host port" 600 cargo "+$version" check --lib --features internals,host-c-api \
		--target-dir target/oldest
	run check "Rust $version, host port, embassy" 600 cargo "+$version" check --lib --features embassy-time \
		--target-dir target/oldest
	run check "Rust $version, Zephyr port" 600 env MICRORT_BINDINGS="$PWD/zephyr-sys/bindings/arm.rs" \
		cargo "+$version" rustc --release --lib --crate-type staticlib --features zephyr,panic-handler \
		--target "$target" --target-dir target/oldest
}

host_tests() {
	run check "cargo fmt" 120 cargo fmt --all --check
	run check "no circle of imports" 60 python3 scripts/imports.py
	# It has bindings instead of Zephyr's headers; clippy_zephyr sees to it.
	run check "clippy, host port" 900 \
		cargo clippy --workspace --exclude micrort-zephyr-sys --all-targets \
		--features micrort/internals -- -D warnings
	run check "clippy, host port, poll executor" 900 \
		cargo clippy --features host-executor-poll --all-targets -- -D warnings
	run check "clippy, host port, embassy" 900 \
		cargo clippy --features embassy-time --all-targets -- -D warnings
	run check "clippy, host port, C API" 900 cargo clippy --features host-c-api -- -D warnings
	clippy_zephyr thumbv6m-none-eabi arm
	clippy_zephyr thumbv7m-none-eabi arm
	clippy_zephyr thumbv7m-none-eabi arm embassy-time,critical-section
	clippy_zephyr thumbv8m.main-none-eabi arm
	clippy_zephyr riscv32imac-unknown-none-elf riscv32
	clippy_zephyr riscv64imac-unknown-none-elf 64
	clippy_zephyr x86_64-unknown-none 64
	clippy_zephyr x86_64-unknown-linux-gnu linux
	oldest_rust
	run check "cargo doc" 600 env RUSTDOCFLAGS="-D warnings" cargo doc --no-deps --package micrort \
		--features embassy-time
	run cargo "host tests" 1200 cargo test --workspace --exclude micrort-zephyr-sys \
		--features micrort/internals
	run tap "console of the host port" 300 \
		python3 scripts/host_console.py target/debug/examples/console
	run check "tour of the host port" 120 scripts/demo.sh --tour --fast --host
	run cargo "host tests, poll executor" 900 cargo test --features host-executor-poll --test poll
	run cargo "host tests, embassy" 900 cargo test --features embassy-time --lib --test embassy
	run cargo "examples of the documentation, embassy" 900 cargo test --features embassy-time --doc embassy
	run tap "C programs on the host port" 600 scripts/host_c.sh
}

# What explores orders of threads and inputs.
explorations() {
	local seed tests

	# loom replaces the locks of the library, so its build must not mix with the ordinary one.
	run cargo "models (loom)" 1200 env ${all:+LOOM_ALL=1} RUSTFLAGS="--cfg loom" CARGO_TARGET_DIR=target/loom \
		cargo test --release --test loom
	if have_nightly && cargo +nightly miri --version >/dev/null 2>&1 </dev/null &&
		timeout 600 cargo +nightly miri setup >"$logs/miri-setup.log" 2>&1 </dev/null; then
		# Another seed, another order of the threads and other stale values of relaxed atomics; the
		# queue's tests are of one thread. Tests leak their tasks: a task lives for ever.
		tests=(--test queue --test heap_lock --test exception)
		for seed in 0 1 2 3 ${all:+4 5 6 7}; do
			run cargo "miri, seed $seed" 600 env CARGO_TARGET_DIR=target/miri \
				MIRIFLAGS="-Zmiri-ignore-leaks -Zmiri-seed=$seed" \
				cargo +nightly miri test --features internals "${tests[@]}"
			tests=(--test heap_lock --test exception)
		done
	else
		skip "miri" "no nightly toolchain with miri and rust-src"
	fi
	fuzz_tests
}

fuzz_tests() {
	local target seconds=10

	[[ -z $all ]] || seconds=600
	mkdir -p "$MICRORT_CACHE"
	if ! setup_cargo_fuzz; then
		skip "fuzz" "no nightly toolchain, or cargo-fuzz cannot be installed"
		return
	fi
	for target in fuzz/fuzz_targets/*.rs; do
		target=$(basename "$target" .rs)
		mkdir -p "target/fuzz/corpus/$target"
		run check "fuzz, $target" 900 cargo +nightly fuzz run --target-dir target/fuzz "$target" \
			"target/fuzz/corpus/$target" -- -max_total_time=$seconds -verbosity=0 \
			-artifact_prefix=target/fuzz/
	done
}

# One run of twister for the toolchain $1 on the boards that follow.
twister() {
	local variant=$1 board output args=("${twister_args[@]}")
	# What these scenarios show is micrort's alone.
	if [[ -z $all && $ZEPHYR_VERSION != "${ZEPHYRS[0]}" ]]; then
		args+=(--exclude-tag one_zephyr)
	fi
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
	# Clang has no C library of its own, and Debian's no ld.bfd for Arm. Its tag bears what a compiler can change.
	[[ $variant != llvm ]] || args+=(--tag compiler -x=CONFIG_LLVM_USE_LLD=y -x=CONFIG_MINIMAL_LIBC=y)
	run twister "twister ($variant, Zephyr $ZEPHYR_VERSION)" 3300 \
		python3 "$ZEPHYR_BASE/scripts/twister" -T tests -T samples "${args[@]}" \
		-x=EXTRA_ZEPHYR_MODULES="$MICRORT_DIR" \
		-x=CMAKE_PROJECT_Zephyr-Kernel_INCLUDE_BEFORE="$MICRORT_DIR/scripts/without_run_id.cmake" \
		--outdir "$output" --clobber-output \
		--disable-warnings-as-errors --timeout-multiplier 2 -j 2
}

# The tests for the Zephyr in use.
zephyr_tests() {
	local kind first second variant on="Zephyr $ZEPHYR_VERSION"
	local figures=benches/figures-$ZEPHYR_VERSION.json
	local -A boards=()
	local built=()

	while IFS=$'\t' read -r kind first second; do
		if [[ $kind == run ]]; then
			boards[$first]+=" $second"
			built+=("$second")
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
	run tap "bindings, $on" 60 scripts/bindings.sh twister-out-"$ZEPHYR_VERSION"-*
	# Much of both keeps one core busy only.
	beside m3_tests builds
}

# What builds, or refuses to.
builds() {
	# What one Zephyr shows as well as another is shown on the first.
	if [[ $ZEPHYR_VERSION != "${ZEPHYRS[0]}" ]]; then
		run tap "refusals, $on" 1800 scripts/refusals.sh --again
	else
		run tap "refusals, $on" 1800 scripts/refusals.sh
		customer_tests
	fi
}

# What qemu_cortex_m3 alone shows.
m3_tests() {
	local step

	for step in transcripts proofs images bench; do
		if [[ " ${built[*]} " != *" qemu_cortex_m3 "* ]]; then
			skip "$step, $on" "qemu_cortex_m3 cannot be built"
		elif [[ $step == bench && ! -f $figures ]]; then
			skip "$step, $on" "no figures to compare with"
		elif [[ $step == bench ]]; then
			run tap "$step, $on" 1800 scripts/bench.sh --check "$figures"
		else
			run tap "$step, $on" 1800 "scripts/$step.sh"
		fi
	done
}

# A package, and builds with it as a customer of a vendor's makes them.
customer_tests() {
	local output=$MICRORT_DIR/twister-out-customer on="Zephyr $ZEPHYR_VERSION"

	if [[ " ${built[*]} " == *" qemu_cortex_m3 "* ]]; then
		run twister "a customer's builds, $on" 1800 scripts/customer.sh
	else
		skip "a customer's builds, $on" "qemu_cortex_m3 cannot be built"
	fi
}

no_zephyr_tests() {
	local name

	say "$1: going on without"
	for name in documentation twister bindings refusals "a customer's builds" transcripts proofs images bench; do
		skip "$name" "$1"
	done
}

setup_host
# Before the host's tests, because who asks for a Zephyr that is not there shall not wait for them.
if ! find_zephyrs "$wanted"; then
	[[ -z $wanted ]] || die "$ZEPHYR_WHY"
fi
beside explorations host_tests
if ((${#ZEPHYRS[@]} == 0)); then
	no_zephyr_tests "$ZEPHYR_WHY"
elif ! setup_zephyr; then
	no_zephyr_tests "what Zephyr needs could not be installed"
else
	# Not before: on a machine without Zephyr the run is to be short.
	run check "documentation" 600 scripts/docs.sh
	for version in "${ZEPHYRS[@]}"; do
		use_zephyr "$version"
		say "$ZEPHYR_FROM"
		zephyr_tests
	done
fi

printf '\n'
exec python3 scripts/totals.py "$record"
