// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! What memory is used for (design: *the rest of the module*).
