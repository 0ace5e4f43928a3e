#!/usr/bin/env bash
# Copyright (c) 2026 The micrort authors
# SPDX-License-Identifier: Apache-2.0
#
# Plays the demonstration, words that no command takes, and the tour on qemu_cortex_m3 and on the host port, and
# compares what the two answer (scripts/transcripts.py).

set -euo pipefail

# shellcheck source=scripts/setup.sh
source "$(dirname "${BASH_SOURCE[0]}")/setup.sh"

cd "$MICRORT_DIR"
folder=build/transcripts
mkdir -p "$folder"
cat samples/console/demo.txt tests/console/bad_input.txt samples/console/tour.txt >"$folder/script.txt"
scripts/demo.sh --script "$folder/script.txt" >"$folder/board.txt"
scripts/demo.sh --host --script "$folder/script.txt" >"$folder/host.txt"
exec python3 scripts/transcripts.py "$folder/script.txt" "$folder/board.txt" "$folder/host.txt"
