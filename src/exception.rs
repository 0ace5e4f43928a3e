// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! Exceptions, and the emergency buffer that keeps them where the heap cannot (design: *the rest of the module*).
