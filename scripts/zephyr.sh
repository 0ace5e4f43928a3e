# shellcheck shell=bash
# Copyright (c) 2026 The micrort authors
# SPDX-License-Identifier: Apache-2.0
#
# Finds a Zephyr that micrort can be built in, or brings one. Sourced after setup.sh.

# find_zephyr exports ZEPHYR_BASE and sets ZEPHYR_FROM, or sets ZEPHYR_WHY (one line) and returns 1.
# shellcheck disable=SC2034 # read by who sources this
ZEPHYR_FROM='' ZEPHYR_WHY='' ZEPHYR_VARIANT=''

zephyr_version() {
	[[ -f $1/VERSION && -f $1/share/zephyr-package/cmake/ZephyrConfig.cmake ]] || return 1
	awk -F= '/^VERSION_MAJOR/ { a = $2 + 0 } /^VERSION_MINOR/ { b = $2 + 0 }
		/^PATCHLEVEL/ { c = $2 + 0 } END { print a "." b "." c }' "$1/VERSION"
}

# Takes the tree $1, found by way of $2, or says why not.
take_zephyr() {
	local version major minor

	version=$(zephyr_version "$1") || return 1
	IFS=. read -r major minor _ <<<"$version"
	if ((major * 100 + minor < 307)); then
		say "$1 is Zephyr $version and micrort needs 3.7: looking further"
		return 1
	fi
	ZEPHYR_BASE=$(cd "$1" && pwd)
	export ZEPHYR_BASE
	ZEPHYR_FROM="Zephyr $version in $ZEPHYR_BASE, found by $2"
	# Outside a workspace Zephyr does not look at EXTRA_ZEPHYR_MODULES.
	if ! west_topdir "$ZEPHYR_BASE" >/dev/null; then
		export ZEPHYR_MODULES="${ZEPHYR_MODULES:+$ZEPHYR_MODULES;}$MICRORT_DIR"
	fi
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
	west=
	trap '[[ -z $west ]] || kill "$west" 2>/dev/null && wait; rm -rf "$part"' EXIT
	trap 'exit 1' INT TERM HUP
	unset ZEPHYR_BASE
	export GIT_TERMINAL_PROMPT=0
	# A copy of the manifest alone: the workspace must not lie around the user's clone.
	mkdir "$part/manifest" &&
		cp "$MICRORT_DIR/west.yml" "$part/manifest/" &&
		cd "$part" &&
		west init -l manifest || exit
	# In the background: bash heeds a signal only after a command in the foreground has ended.
	timeout 1800 west update --narrow -o=--depth=1 &
	west=$!
	wait "$west" &&
		west= &&
		west config zephyr.base zephyr &&
		cd / &&
		mv "$part" "$1"
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
	if ! take_zephyr "$workspace/zephyr" "west.yml"; then
		ZEPHYR_WHY="what west brought to $workspace is no Zephyr; remove it and call again"
		return 1
	fi
}

find_zephyr() {
	local base

	if [[ -n ${ZEPHYR_BASE:-} ]]; then
		take_zephyr "$ZEPHYR_BASE" ZEPHYR_BASE && return 0
		say "ZEPHYR_BASE is no Zephyr that can be used"
		unset ZEPHYR_BASE
	fi
	for base in "$MICRORT_DIR" "$PWD"; do
		base=$(west_zephyr "$base") || continue
		take_zephyr "$base" "the west workspace around it" && return 0
	done
	while read -r base; do
		take_zephyr "$base" "CMake's package registry" && return 0
	done < <(registered_zephyrs)
	bring_zephyr
}

# The Arm boards' headers come from a module beside Zephyr, which a partial workspace may lack.
zephyr_has_cmsis() {
	local top path

	[[ ";${ZEPHYR_MODULES:-};${EXTRA_ZEPHYR_MODULES:-};" != */cmsis* ]] || return 0
	top=$(west_topdir "$ZEPHYR_BASE") || return 1
	for path in "$top"/modules/hal/cmsis{,_6} "$(west list -f '{abspath}' cmsis 2>/dev/null)"; do
		[[ ! -f $path/zephyr/module.yml ]] || return 0
	done
	return 1
}

zephyr_sdk_present() {
	[[ -n ${ZEPHYR_SDK_INSTALL_DIR:-} ]] ||
		compgen -G "$HOME/.cmake/packages/Zephyr-sdk/*" >/dev/null ||
		compgen -G "$HOME/zephyr-sdk-*" >/dev/null || compgen -G "/opt/zephyr-sdk-*" >/dev/null
}

# What matrix.py says of each board here; --quick is handed on.
zephyr_boards() {
	local args=("$@")

	! zephyr_has_cmsis || args+=(--modules cmsis)
	! zephyr_sdk_present || args+=(--sdk)
	python3 "$MICRORT_DIR/scripts/matrix.py" boards "${args[@]}"
}

# The toolchain $1 of scripts/matrix.yaml for the commands that follow.
use_toolchain() {
	local gcc

	export ZEPHYR_TOOLCHAIN_VARIANT=$1
	if [[ $1 == gnuarmemb && -z ${GNUARMEMB_TOOLCHAIN_PATH:-} ]]; then
		gcc=$(command -v arm-none-eabi-gcc)
		GNUARMEMB_TOOLCHAIN_PATH=$(dirname "$(dirname "$gcc")")
		export GNUARMEMB_TOOLCHAIN_PATH
	fi
}

# Finds Zephyr with all that qemu_cortex_m3 needs and sets ZEPHYR_VARIANT to its toolchain, or sets
# ZEPHYR_WHY and returns 1.
choose_toolchain() {
	local kind first second

	find_zephyr || return 1
	if ! setup_zephyr; then
		ZEPHYR_WHY="what Zephyr needs could not be installed"
		return 1
	fi
	IFS=$'\t' read -r kind first second < <(zephyr_boards --quick)
	if [[ $kind != run ]]; then
		ZEPHYR_WHY="no $first: $second"
		return 1
	fi
	ZEPHYR_VARIANT=$first
}

# Runs scripts/$1.py on the folder build/$1, with qemu_cortex_m3's toolchain; the rest is handed on.
exec_with_zephyr() {
	local name=$1
	shift

	setup_host
	choose_toolchain || die "$ZEPHYR_WHY"
	say "$ZEPHYR_FROM"
	use_toolchain "$ZEPHYR_VARIANT"
	exec python3 "$MICRORT_DIR/scripts/$name.py" "$MICRORT_DIR/build/$name" "$@"
}
