// Copyright (c) 2026 The micrort authors
// SPDX-License-Identifier: Apache-2.0

//! Structs that C has, too.

/// Does not compile where a struct of the library's has not the layout of C's: its size and alignment, and
/// the places of the members that are named.
macro_rules! same_layout {
    ($ours:ty, $in_c:ty $(, $field:ident)*) => {
        const _: () = {
            assert!(size_of::<$ours>() == size_of::<$in_c>());
            assert!(align_of::<$ours>() == align_of::<$in_c>());
            $(assert!(core::mem::offset_of!($ours, $field) == core::mem::offset_of!($in_c, $field));)*
        };
    };
}
