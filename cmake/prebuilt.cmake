# Copyright (c) 2026 The micrort authors
# SPDX-License-Identifier: Apache-2.0

# The Rust library that was built before, as the target micrort_rust: that of the CPU in this module's folder
# lib, or the one that CONFIG_MICRORT_PREBUILT_PATH names. Sets MICRORT_PREBUILT if there is one. No Rust is
# looked for then.

set(MICRORT_PREBUILT FALSE)
if(NOT CONFIG_MICRORT_PREBUILT)
  return()
endif()

set(folder "${CONFIG_MICRORT_PREBUILT_PATH}")
if(folder STREQUAL "")
  set(folder ${CMAKE_CURRENT_LIST_DIR}/../lib/${MICRORT_LIBRARY})
  if(NOT EXISTS ${folder}/libmicrort.a)
    return()
  endif()
endif()
get_filename_component(folder "${folder}" ABSOLUTE BASE_DIR ${APPLICATION_SOURCE_DIR})

set(manifest ${folder}/libmicrort.json)
foreach(file ${folder}/libmicrort.a ${manifest})
  if(NOT EXISTS ${file})
    message(FATAL_ERROR "micrort: ${file} is missing. CONFIG_MICRORT_PREBUILT_PATH names a folder with both "
      "files; with CONFIG_MICRORT_PREBUILT=n the library is compiled, which needs Rust.")
  endif()
endforeach()
file(READ ${manifest} manifest)
foreach(member library version abi sha256)
  string(JSON prebuilt_${member} ERROR_VARIABLE error GET "${manifest}" ${member})
  if(error)
    message(FATAL_ERROR "micrort: ${folder}/libmicrort.json has no '${member}'.")
  endif()
endforeach()

file(SHA256 ${folder}/libmicrort.a sha256)

if(NOT prebuilt_library STREQUAL MICRORT_LIBRARY)
  message(FATAL_ERROR "micrort: the library in ${folder} is for ${prebuilt_library}; the CPU and the float ABI of "
    "this build need ${MICRORT_LIBRARY}.")
endif()
if(NOT prebuilt_version STREQUAL MICRORT_VERSION OR NOT prebuilt_abi STREQUAL MICRORT_ABI)
  message(FATAL_ERROR "micrort: the library in ${folder} is of version ${prebuilt_version} (ABI ${prebuilt_abi}), "
    "this module of ${MICRORT_VERSION} (ABI ${MICRORT_ABI}).")
endif()
if(NOT prebuilt_sha256 STREQUAL sha256)
  message(FATAL_ERROR "micrort: ${folder}/libmicrort.a is damaged: its SHA-256 is not that of libmicrort.json.")
endif()
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${folder}/libmicrort.a ${folder}/libmicrort.json)

add_library(micrort_rust STATIC IMPORTED GLOBAL)
set_target_properties(micrort_rust PROPERTIES IMPORTED_LOCATION ${folder}/libmicrort.a)
set(MICRORT_PREBUILT TRUE)
set(MICRORT_ERRNO_OF_BINDINGS TRUE)
