#!/usr/bin/env bash
# Copyright (c) 2026 The micrort authors
# SPDX-License-Identifier: Apache-2.0
#
# Runs tests/storm again and again, with every executor, on every board of its own that this machine can
# build and on two CPUs, and keeps a record in build/storm. It may be stopped at any time; the same command goes on.
#
#   scripts/storm.sh                     the record as a table
#   scripts/storm.sh --functions N       until N accepted functions have run: 100000000 for a night
#   scripts/storm.sh --only TEXT ...     of the images that have TEXT in their name
#   scripts/storm.sh --write             and docs/storm.md is filled with the table

set -euo pipefail

# shellcheck source=scripts/setup.sh
source "$(dirname "${BASH_SOURCE[0]}")/setup.sh"
# shellcheck source=scripts/zephyr.sh
source "$MICRORT_DIR/scripts/zephyr.sh"

exec_with_zephyr storm "$@"
