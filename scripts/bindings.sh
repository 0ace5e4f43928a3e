#!/usr/bin/env bash
# Copyright (c) 2026 The micrort authors
# SPDX-License-Identifier: Apache-2.0
#
# scripts/bindings.sh FOLDER...: of the builds in these folders, whether bindgen made what a build without libclang
# takes (zephyr-sys/bindings). Prints a line "ok - NAME" or "not ok - NAME" for each board.

set -euo pipefail

declare -A boards=()
failed=0
while IFS= read -r -d '' made; do
	cache=$(dirname "$(dirname "$made")")/CMakeCache.txt
	if [[ ! -f $cache ]]; then
		echo "not ok - $made: no CMakeCache.txt"
		failed=1
		continue
	fi
	board=$(sed -n 's/^CACHED_BOARD:[A-Z]*=//p' "$cache")$(sed -n 's/^BOARD_QUALIFIERS:[A-Z]*=//p' "$cache")
	before=$(sed -n 's/^MICRORT_BINDINGS_MADE_BEFORE:[A-Z]*=//p' "$cache")
	boards[$board]+=$(diff "${before:-/dev/null}" "$made" 2>&1 || true)
done < <(find "$@" -name micrort-bindings.rs -print0)

for board in "${!boards[@]}"; do
	if [[ -z ${boards[$board]} ]]; then
		echo "ok - bindings of $board"
	else
		echo "not ok - bindings of $board"
		printf '%s\n' "${boards[$board]}"
		failed=1
	fi
done
if ((${#boards[@]} == 0)); then
	echo "not ok - no build has bindings"
	failed=1
fi
exit "$failed"
