#!/usr/bin/env bash
# Copyright (c) 2026 The micrort authors
# SPDX-License-Identifier: Apache-2.0
#
# Builds C programs for the host port and runs them: the example of docs/host.md, and the toy runtime of
# tests/runtime. Prints a line for each case.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

folder=target/host_c
mkdir -p "$folder"

# program NAME FEATURES SOURCE...
program() {
	local name=$1 features=$2

	shift 2
	cargo rustc --quiet --release --locked --lib --features "$features" --crate-type staticlib
	cc -std=gnu11 -O1 -g -Wall -Wextra -Werror -D_GNU_SOURCE \
		-Itests/runtime/host -Ihost -Iinclude -Itests/common -o "$folder/$name" "$@" \
		host/host.c glue/{exception,heap}.c target/release/libmicrort.a -lm
	timeout 120 "$folder/$name"
}

sed -n '/^```c$/,/^```$/{/^```/!p}' docs/host.md >"$folder/hello.c"
[[ $(program hello host-c-api "$folder/hello.c") == "hello, world" ]]
echo "ok - the example of docs/host.md"
host=(tests/runtime/host/{main,api,signals}.c)
host+=(tests/runtime/src/second.c tests/common/trace.c)
program thread host-c-api "${host[@]}"
program poll host-c-api,host-executor-poll "${host[@]}" tests/runtime/src/{programs,toy}.c
