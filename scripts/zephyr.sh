#!/usr/bin/env bash
# Copyright (c) 2026 The micrort authors
# SPDX-License-Identifier: Apache-2.0
#
# Finds the Zephyrs that micrort can be built in, or brings one. Sourced, it has the functions, and
# setup.sh's.
#
#   scripts/zephyr.sh NAME ...    runs scripts/NAME.py on the folder build/NAME, with all that qemu_cortex_m3 needs

set -euo pipefail

# shellcheck source=scripts/setup.sh
source "$(dirname "${BASH_SOURCE[0]}")/setup.sh"

# find_zephyrs sets ZEPHYRS to the versions found, the main one first; use_zephyr makes one of them
# ZEPHYR_BASE. What fails sets ZEPHYR_WHY (one line) and returns 1.
# shellcheck disable=SC2034 # read by who sources this
ZEPHYRS=() ZEPHYR_VERSION='' ZEPHYR_FROM='' ZEPHYR_WHY=''
# By version.
declare -A ZEPHYR_TREES=() ZEPHYR_FINDERS=()
CALLERS_MODULES=${ZEPHYR_MODULES:-}

zephyr_version() {
	[[ -f $1/VERSION && -f $1/share/zephyr-package/cmake/ZephyrConfig.cmake ]] || return 1
	awk -F= '/^VERSION_MAJOR/ { a = $2 + 0 } /^VERSION_MINOR/ { b = $2 + 0 }
		/^PATCHLEVEL/ { c = $2 + 0 } END { print a "." b "." c }' "$1/VERSION"
}

# Takes the trees of its input, one a line, found by way of $1. Of each version the first is kept.
take_zephyrs() {
	local base version major minor

	while read -r base; do
		if ! version=$(zephyr_version "$base"); then
			# The registry may name trees that are long gone.
			[[ $1 != ZEPHYR_BASE ]] || say "$base, of ZEPHYR_BASE, is no Zephyr: looking further"
			continue
		fi
		IFS=. read -r major minor _ <<<"$version"
		if ((major * 100 + minor < 307)); then
			say "$base is Zephyr $version and micrort needs 3.7: looking further"
		elif [[ -z ${ZEPHYR_TREES[$version]:-} ]]; then
			ZEPHYR_TREES[$version]=$(cd "$base" && pwd)
			ZEPHYR_FINDERS[$version]=$1
		fi
	done
}

# Makes version $1 of ZEPHYRS the one for the commands that follow.
use_zephyr() {
	ZEPHYR_VERSION=$1
	export ZEPHYR_BASE=${ZEPHYR_TREES[$1]} ZEPHYR_MODULES=$CALLERS_MODULES
	ZEPHYR_FROM="Zephyr $1 in $ZEPHYR_BASE, found by ${ZEPHYR_FINDERS[$1]}"
	# Outside a workspace Zephyr does not look at EXTRA_ZEPHYR_MODULES.
	if ! west_topdir "$ZEPHYR_BASE" >/dev/null && [[ ";$ZEPHYR_MODULES;" != *";$MICRORT_DIR;"* ]]; then
		ZEPHYR_MODULES+=${ZEPHYR_MODULES:+;}$MICRORT_DIR
	fi
	[[ -n $ZEPHYR_MODULES ]] || unset ZEPHYR_MODULES
}

west_topdir() {
	local dir=$1

	while [[ ! -f $dir/.west/config ]]; do
		[[ $dir != / && -n $dir ]] || return 1
		dir=$(dirname "$dir")
	done
	printf '%s\n' "$dir"
}

# Prints the Zephyr of the west workspace around the folder $1.
west_zephyr() {
	local top base

	top=$(west_topdir "$1") || return 1
	base=$(git config --file "$top/.west/config" zephyr.base || echo zephyr)
	[[ $base == /* ]] || base=$top/$base
	printf '%s\n' "$base"
}

registered_zephyrs() {
	local entry path

	for entry in "$HOME"/.cmake/packages/Zephyr/*; do
		[[ -f $entry ]] || continue
		path=$(<"$entry")
		printf '%s\n' "${path%/share/zephyr-package/cmake}"
	done
}

# Prints "URL REVISION" of the project zephyr in west.yml.
manifest_zephyr() {
	awk '$1 == "url-base:" { base = $2 } $2 == "name:" { name = $3 }
		$1 == "revision:" && name == "zephyr" { print base "/zephyr", $2 }' "$MICRORT_DIR/west.yml"
}

# $1 the workspace to make, $2 the log. Made beside its place and moved there whole, so that an
# interrupted one never stays.
bring_workspace() (
	part=$(mktemp -d "$1.XXXXXX") || exit
	trap 'kill $(jobs -p) 2>/dev/null && wait; rm -rf "$part"' EXIT
	trap 'exit 1' INT TERM HUP
	unset ZEPHYR_BASE
	export GIT_TERMINAL_PROMPT=0
	# A copy of the manifest alone: the workspace must not lie around the user's clone.
	mkdir "$part/manifest" && cp "$MICRORT_DIR/west.yml" "$part/manifest/" &&
		cd "$part" && west init -l manifest || exit
	# In the background: bash heeds a signal only after a command in the foreground has ended.
	timeout 1800 west update --narrow -o=--depth=1 &
	wait $! && west config zephyr.base zephyr && cd / && mv "$part" "$1"
) </dev/null >"$2" 2>&1

bring_zephyr() {
	local url revision workspace log=$MICRORT_CACHE/west.log

	read -r url revision < <(manifest_zephyr)
	workspace=$MICRORT_CACHE/zephyr-$revision
	if [[ ! -d $workspace ]]; then
		if ! GIT_TERMINAL_PROMPT=0 timeout 20 git ls-remote --exit-code --tags "$url" "$revision" \
			</dev/null >/dev/null 2>&1; then
			ZEPHYR_WHY="no Zephyr on this machine, and $url $revision cannot be reached"
			return 1
		fi
		# west lives in the Python environment.
		if ! install_packages "${ZEPHYR_PACKAGES[0]}" || ! setup_python; then
			ZEPHYR_WHY="no Zephyr on this machine, and west cannot be installed to bring it"
			return 1
		fi
		say "bringing Zephyr $revision to $workspace"
		if ! bring_workspace "$workspace" "$log"; then
			ZEPHYR_WHY="no Zephyr on this machine, and west could not bring it; see $log"
			return 1
		fi
	fi
	take_zephyrs "west.yml" <<<"$workspace/zephyr"
	if ((${#ZEPHYR_TREES[@]} == 0)); then
		ZEPHYR_WHY="what west brought to $workspace is no Zephyr; remove it and call again"
		return 1
	fi
}

# Takes all Zephyrs of the first source that has one. With an argument, like 3.7 or 3.7.1, asks every
# source, and takes the newest of that version.
find_zephyrs() {
	local wanted=${1:-} lts main versions

	read -r _ lts < <(manifest_zephyr)
	lts=${lts#v}
	[[ -z ${ZEPHYR_BASE:-} ]] || take_zephyrs ZEPHYR_BASE < <(tr ';' '\n' <<<"${ZEPHYR_BASE//:/;}")
	unset ZEPHYR_BASE
	((${#ZEPHYR_TREES[@]} && !${#wanted})) ||
		take_zephyrs "the west workspace around it" < <(west_zephyr "$MICRORT_DIR" || west_zephyr "$PWD")
	((${#ZEPHYR_TREES[@]} && !${#wanted})) ||
		take_zephyrs "CMake's package registry" < <(registered_zephyrs)
	if ((${#ZEPHYR_TREES[@]} == 0)) && [[ $lts. == "${wanted:+$wanted.}"* ]]; then
		bring_zephyr || return 1
	fi
	versions=$(printf '%s\n' "${!ZEPHYR_TREES[@]}" | sort -rV)
	# The main one is the LTS that west.yml names, or else the newest.
	main=$(grep -m 1 "^${wanted:-${lts%.*}}\(\.\|$\)" <<<"$versions" || true)
	if [[ -n $wanted ]]; then
		ZEPHYR_WHY="no Zephyr $wanted on this machine; found: ${versions:-none}"
		ZEPHYR_WHY=${ZEPHYR_WHY//$'\n'/, }
		versions=$main
	fi
	# shellcheck disable=SC2086 # lists of words
	mapfile -t ZEPHYRS < <(printf '%s\n' $main $versions | awk 'NF && !seen[$0]++')
	((${#ZEPHYRS[@]}))
}

find_zephyr() {
	find_zephyrs "$@" && use_zephyr "${ZEPHYRS[0]}"
}

# The toolchain $1 of scripts/matrix.yaml for the commands that follow.
use_toolchain() {
	local gcc libgcc abi

	export ZEPHYR_TOOLCHAIN_VARIANT=${1%%/*}
	if [[ $1 == gnuarmemb && -z ${GNUARMEMB_TOOLCHAIN_PATH:-} ]]; then
		gcc=$(command -v arm-none-eabi-gcc)
		GNUARMEMB_TOOLCHAIN_PATH=$(dirname "$(dirname "$gcc")")
		export GNUARMEMB_TOOLCHAIN_PATH
	fi
	unset LDFLAGS
	if [[ $1 == cross-compile/* ]]; then
		export CROSS_COMPILE=${CROSS_COMPILE:-$(command -v riscv64-unknown-elf-gcc | sed 's/gcc$//')}
		# With _zicsr_zifencei behind the machine GCC finds no libgcc for it and takes the one of rv64gc.
		[[ $1 == */rv32* ]] && abi=ilp32 || abi=lp64
		libgcc=$("${CROSS_COMPILE}gcc" -march="${1#*/}" -mabi="$abi" -print-libgcc-file-name)
		export LDFLAGS=-L${libgcc%/*}
	elif [[ $1 == llvm ]]; then
		gcc=$(command -v clang)
		export LLVM_TOOLCHAIN_PATH=${LLVM_TOOLCHAIN_PATH:-$(dirname "$(dirname "$gcc")")}
		# Debian's has no library of the compiler's for Arm: GCC's.
		libgcc=$(arm-none-eabi-gcc -mcpu=cortex-m3 -mthumb -print-libgcc-file-name)
		export LDFLAGS=-L${libgcc%/*}
	fi
}

# Finds Zephyr, of version $1 if that is not empty, with all that qemu_cortex_m3 needs, and uses that board's toolchain.
choose_toolchain() {
	local kind first second

	find_zephyr "$1" || return 1
	if ! setup_zephyr; then
		ZEPHYR_WHY="what Zephyr needs could not be installed"
		return 1
	fi
	IFS=$'\t' read -r kind first second < <(python3 "$MICRORT_DIR/scripts/matrix.py" boards --quick)
	if [[ $kind != run ]]; then
		ZEPHYR_WHY="no $first: $second"
		return 1
	fi
	say "$ZEPHYR_FROM"
	use_toolchain "$first"
}

# CMake keeps the Zephyr that it found first: removes builds in the folder $1 that are of another one.
remove_foreign_builds() {
	{ grep -rLZFx --include=CMakeCache.txt "ZEPHYR_BASE:PATH=$ZEPHYR_BASE" "$1" 2>/dev/null || true; } |
		xargs -0r dirname -z | xargs -0r rm -rf
}

if [[ ${BASH_SOURCE[0]} == "$0" ]]; then
	(($#)) || die "usage: scripts/zephyr.sh NAME [OPTION...]"
	name=$1
	shift
	[[ $name != scale ]] || install_packages "valgrind|command -v valgrind" || die "no valgrind"
	setup_host
	choose_toolchain '' || die "$ZEPHYR_WHY"
	remove_foreign_builds "$MICRORT_DIR/build/$name"
	exec python3 "$MICRORT_DIR/scripts/$name.py" "$MICRORT_DIR/build/$name" "$@"
fi
