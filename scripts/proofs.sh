#!/bin/sh
# Copyright (c) 2026 The micrort authors
# SPDX-License-Identifier: Apache-2.0

exec "$(dirname "$0")/zephyr.sh" proofs "$@"
