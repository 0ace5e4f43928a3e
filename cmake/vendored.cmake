# Copyright (c) 2026 The micrort authors
# SPDX-License-Identifier: Apache-2.0

# Sets micrort_vendored to what makes cargo take crates from the folder MICRORT_VENDOR_DIR alone.

set(micrort_vendored "")
if(MICRORT_VENDOR_DIR)
  set(micrort_vendored --offline --config "source.crates-io.replace-with='vendored'"
    --config "source.vendored.directory='${MICRORT_VENDOR_DIR}'")
endif()
