// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! How much checking and reporting is done (design: *the rest of the module*).
