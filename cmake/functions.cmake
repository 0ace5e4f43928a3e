# Copyright (c) 2026 The micrort authors
# SPDX-License-Identifier: Apache-2.0

# micrort_functions(NAME SOURCE PATTERN) makes NAME/functions.inc in the build folder and sets
# NAME_FOLDER to its folder: a line FUNCTION(f) for each function whose name matches PATTERN among
# those that the headers of SOURCE declare in this configuration.
function(micrort_functions name source pattern)
  set(folder ${CMAKE_CURRENT_BINARY_DIR}/${name})
  set(script ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/functions.py)
  add_library(${name} OBJECT ${source})
  target_link_libraries(${name} PRIVATE zephyr_interface)
  target_compile_options(${name} PRIVATE -E)
  # Those that are not public, too.
  target_include_directories(${name} PRIVATE
    ${ZEPHYR_BASE}/kernel/include ${ARCH_DIR}/${ARCH}/include)
  add_dependencies(${name} zephyr_generated_headers)
  add_custom_command(OUTPUT ${folder}/functions.inc
    COMMAND ${PYTHON_EXECUTABLE} ${script} ${folder}/functions.inc ${pattern} $<TARGET_OBJECTS:${name}>
    DEPENDS ${script} ${name} $<TARGET_OBJECTS:${name}>
    VERBATIM)
  add_custom_target(${name}_list DEPENDS ${folder}/functions.inc)
  set(${name}_FOLDER ${folder} PARENT_SCOPE)
endfunction()
