# Copyright (c) 2026 The micrort authors
# SPDX-License-Identifier: Apache-2.0

# micrort_hash_files(RESULT FILE...) hashes what is in the files.
function(micrort_hash_files result)
  set(hashes "")
  foreach(file ${ARGN})
    file(SHA256 ${file} hash)
    string(APPEND hashes ${hash})
  endforeach()
  string(SHA256 hashes "${hashes}")
  set(${result} ${hashes} PARENT_SCOPE)
endfunction()
