#!/bin/sh
# Copyright (c) 2026 The micrort authors
# SPDX-License-Identifier: Apache-2.0
#
# scripts/embassy.py tells what this does, and its options.

exec "$(dirname "$0")/zephyr.sh" embassy "$@"
