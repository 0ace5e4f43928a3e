#!/usr/bin/env bash
# Copyright (c) 2026 The micrort authors
# SPDX-License-Identifier: Apache-2.0
#
# Installs what the host tests and the Zephyr builds need, and leaves alone what is there. Run it
# by itself, or source it for the functions. Where rights are missing it prints the command and stops.

set -euo pipefail

MICRORT_DIR=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
MICRORT_CACHE=${XDG_CACHE_HOME:-$HOME/.cache}/micrort

say() {
	printf 'micrort: %s\n' "$*" >&2
}

die() {
	say "$@"
	exit 1
}

# Debian package | what shows that it is there, however it was installed.
HOST_PACKAGES=(
	"git|command -v git"
	"gcc|command -v cc"
	"libc6-dev|echo '#include <stdio.h>' | cc -E -"
	"python3|command -v python3"
)
ZEPHYR_PACKAGES=(
	"python3-venv|python3 -c 'import ensurepip, venv'"
	"cmake|command -v cmake"
	"ninja-build|command -v ninja"
	"device-tree-compiler|command -v dtc"
	"gperf|command -v gperf"
	"ccache|command -v ccache"
	"g++|command -v g++"
	"gcc-arm-none-eabi|command -v arm-none-eabi-gcc"
	"libnewlib-arm-none-eabi|test -e \"\$(arm-none-eabi-gcc -print-file-name=libc.a)\""
	"picolibc-arm-none-eabi|test -e \"\$(arm-none-eabi-gcc -print-file-name=picolibc.specs)\""
	"qemu-system-arm|command -v qemu-system-arm"
	"qemu-system-x86|command -v qemu-system-x86_64"
	"gcc-riscv64-unknown-elf|command -v riscv64-unknown-elf-gcc"
	"qemu-system-misc|command -v qemu-system-riscv32"
	"clang|command -v clang"
	"lld|command -v ld.lld"
	"llvm|command -v llvm-objcopy"
	"libclang-dev|compgen -G '/usr/lib/llvm-*/lib/libclang*.so*'"
)

package_present() {
	local package=${1%%|*} test=${1#*|}

	(eval "$test") >/dev/null 2>&1 ||
		dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q ' installed$'
}

# Without a registry at hand this returns 1; without rights it ends the script.
install_packages() {
	local entry missing=() root=() log=$MICRORT_CACHE/apt.log

	for entry in "$@"; do
		package_present "$entry" || missing+=("${entry%%|*}")
	done
	if ((${#missing[@]} == 0)); then
		return 0
	fi
	if ! command -v apt-get >/dev/null; then
		die "install what these Debian packages hold, then call again: ${missing[*]}"
	fi
	if ((EUID != 0)); then
		root=(sudo -n)
		if ! sudo -n true 2>/dev/null; then
			say "packages are missing, and installing them needs rights. Run this, then call again:"
			die "sudo apt-get update && sudo apt-get install -y ${missing[*]}"
		fi
	fi
	say "installing ${missing[*]}"
	mkdir -p "$MICRORT_CACHE"
	# --foreground: apt-get stops for ever when it may not set the terminal. Without what is merely
	# recommended: a desktop for QEMU is not needed, and with it apt may find no way past what is there.
	if ! timeout --foreground 300 "${root[@]}" apt-get -q update </dev/null >"$log" 2>&1 ||
		! timeout --foreground 1200 "${root[@]}" env DEBIAN_FRONTEND=noninteractive \
			apt-get -q install -y --no-install-recommends "${missing[@]}" </dev/null >>"$log" 2>&1; then
		say "apt-get could not install ${missing[*]}; see $log"
		return 1
	fi
}

# Makes MICRORT_VENV, a virtual environment with what requirements.txt lists. A clone with another list,
# whose tests may be running, has another one. It is made anew when the interpreter has changed, and stamped last,
# so that an interrupted one is not taken for whole.
setup_python() {
	local requirements=$MICRORT_DIR/scripts/requirements.txt log=$MICRORT_CACHE/pip.log stamp want

	MICRORT_VENV=$MICRORT_CACHE/venv-$(md5sum <"$requirements" | cut -c 1-8)
	stamp=$MICRORT_VENV/micrort.stamp
	want=$(python3 --version)
	if [[ ! -f $stamp || $(<"$stamp") != "$want" ]]; then
		say "making a Python environment in $MICRORT_VENV"
		mkdir -p "$MICRORT_CACHE"
		if ! python3 -m venv --clear "$MICRORT_VENV" >"$log" 2>&1 ||
			! timeout 900 "$MICRORT_VENV/bin/pip" install --no-input --disable-pip-version-check \
				-r "$requirements" </dev/null >>"$log" 2>&1; then
			say "pip could not install what $requirements lists; see $log"
			return 1
		fi
		printf '%s\n' "$want" >"$stamp"
	fi
	case :$PATH: in
	*:$MICRORT_VENV/bin:*) ;;
	*) export PATH=$MICRORT_VENV/bin:$PATH ;;
	esac
}

require_rust() {
	command -v cargo >/dev/null ||
		die "no cargo: install Rust (rustup, or Debian's packages rustc and cargo), then call again"
}

# rustup_add target|component NAME...: for what is there already, rustup does not look at the network.
rustup_add() {
	! command -v rustup >/dev/null || timeout 300 rustup "$1" add "${@:2}" </dev/null >/dev/null 2>&1
}

# Failure is quiet: the module's CMakeLists.txt can build core from rust-src, and says what is
# missing where it cannot.
setup_rust_targets() {
	local target

	for target in "$@"; do
		rustup_add target "$target" || rustup_add component rust-src || true
	done
}

# rustup would fetch a whole toolchain for a mere `cargo +nightly`; only one that is there counts.
have_nightly() {
	command -v rustup >/dev/null && rustup toolchain list 2>/dev/null | grep -q '^nightly'
}

# cargo-fuzz, where nightly is there to run it; returns 1 where it is not to be had.
setup_cargo_fuzz() {
	have_nightly || return 1
	export PATH=$PATH:$MICRORT_CACHE/cargo/bin
	command -v cargo-fuzz >/dev/null ||
		timeout 900 cargo install --quiet --locked --root "$MICRORT_CACHE/cargo" cargo-fuzz \
			</dev/null >"$MICRORT_CACHE/cargo-fuzz.log" 2>&1
}

setup_host() {
	install_packages "${HOST_PACKAGES[@]}" || exit 1
	require_rust
	rustup_add component rustfmt clippy || true
	if have_nightly; then
		rustup_add component --toolchain nightly miri rust-src || true
	fi
}

setup_zephyr() {
	install_packages "${ZEPHYR_PACKAGES[@]}" && setup_python || return 1
	local targets
	mapfile -t targets < <(python3 "$MICRORT_DIR/scripts/matrix.py" targets)
	setup_rust_targets "${targets[@]}"
	# For the filter of tests/heap_lock.
	if [[ -e $(arm-none-eabi-gcc -print-file-name=picolibc.specs 2>/dev/null) ]]; then
		export GNUARMEMB_HAS_PICOLIBC=y
	fi
}

if [[ ${BASH_SOURCE[0]} == "$0" ]]; then
	setup_host
	setup_zephyr
	say "set up"
fi
