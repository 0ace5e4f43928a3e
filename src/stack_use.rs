// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! How much of a stack is used (design: *the rest of the module*).
