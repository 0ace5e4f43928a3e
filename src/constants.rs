// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! Constants that can be looked up by name (design: *the rest of the module*).
