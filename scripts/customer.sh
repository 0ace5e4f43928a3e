#!/usr/bin/env bash
# Copyright (c) 2026 The micrort authors
# SPDX-License-Identifier: Apache-2.0
#
# What a vendor and his customers do: makes a package in two folders and compares the bytes, then builds and runs a
# suite of each control with it, on a machine without Rust, libclang and network. Twister's folder is
# twister-out-customer. In its scenarios Kconfig differs; one is for another CPU.

set -euo pipefail

# shellcheck source=scripts/zephyr.sh
source "$(dirname "${BASH_SOURCE[0]}")/zephyr.sh"

LIBRARIES=(thumbv7m-none-eabi thumbv8m.main-none-eabi)
SCENARIOS=(
	micrort.schedule.poll
	micrort.schedule.work_queue
	micrort.heap_lock.system
	micrort.kbd_shell
	micrort.exceptions.opt_level_3
	micrort.memory.arena
	micrort.names.arena
	micrort.shell.options
)

setup_host
choose_toolchain '' || die "$ZEPHYR_WHY"
rm -rf "$MICRORT_DIR/twister-out-customer"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# A clone elsewhere, with crates of its own.
"$MICRORT_DIR/scripts/package.sh" --targets "${LIBRARIES[@]}" --output "$work/one"
mkdir "$work/a clone"
(
	cd "$MICRORT_DIR"
	git ls-files -z | while IFS= read -r -d '' file; do
		[[ ! -e $file ]] || cp --parents -t "$work/a clone" "$file"
	done
)
GIT_DIR=$(git -C "$MICRORT_DIR" rev-parse --absolute-git-dir) GIT_WORK_TREE="$work/a clone" GIT_OPTIONAL_LOCKS=0 \
	CARGO_HOME=$work/cargo "$work/a clone/scripts/package.sh" --targets "${LIBRARIES[@]}" --output "$work/two"
archives=("$work"/{one,two}/*.tar.xz)
if ! cmp "${archives[@]}"; then
	diff -rq "$work/one" "$work/two" || true
	die "two packages of one source differ"
fi
if grep -rlF -e "$MICRORT_DIR" -e "$HOME/" -e "$work" -e "$(rustc --print sysroot)" \
	-e "${CARGO_HOME:-$HOME/.cargo}" "$work/one"/micrort-*/; then
	die "these files of the package name a folder of the machine that made it"
fi

mkdir "$work/sdk"
tar -C "$work/sdk" -xf "${archives[0]}"
module=$(echo "$work"/sdk/micrort-*)

arguments=()
for scenario in "${SCENARIOS[@]}"; do
	arguments+=(-s "$scenario")
done
# PATH with all commands but Rust's.
mkdir "$work/bin"
tr : '\n' <<<"$PATH" | tac | while read -r dir; do
	find -L "$dir" -mindepth 1 -maxdepth 1 -type f -executable -exec ln -sf -t "$work/bin" {} + 2>/dev/null || true
done
rm -f "$work"/bin/{cargo,rustc,rustup,bindgen,clang,llvm-config}*
# The interpreter of the Python environment, which links to another one, must find it.
path=$MICRORT_VENV/bin:$work/bin
offline=()
if unshare -rn true 2>/dev/null; then
	offline=(unshare -rn)
else
	say "a network cannot be taken away here"
fi
environment=(PATH="$path" HOME="$work/home" CARGO_HOME="$work/none" LIBCLANG_PATH="$work/none"
	CCACHE_DIR="${CCACHE_DIR:-$HOME/.cache/ccache}")
# Outside a workspace Zephyr has its modules from there.
[[ -z ${ZEPHYR_MODULES:-} ]] || environment+=(ZEPHYR_MODULES="${ZEPHYR_MODULES//$MICRORT_DIR/$module}")
for name in ZEPHYR_BASE ZEPHYR_TOOLCHAIN_VARIANT GNUARMEMB_TOOLCHAIN_PATH ZEPHYR_SDK_INSTALL_DIR; do
	[[ -z ${!name:-} ]] || environment+=("$name=${!name}")
done
env -i "${environment[@]}" \
	"${offline[@]}" python3 "$ZEPHYR_BASE/scripts/twister" -T "$module/tests" "${arguments[@]}" \
	-p qemu_cortex_m3 -p mps2/an521/cpu0 -x=EXTRA_ZEPHYR_MODULES="$module" \
	--outdir "$MICRORT_DIR/twister-out-customer" --clobber-output \
	--disable-warnings-as-errors --timeout-multiplier 2 -j 2
