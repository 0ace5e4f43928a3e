# Copyright (c) 2026 The micrort authors
# SPDX-License-Identifier: Apache-2.0

# Links the index of the image's strings, which is made from the image: Zephyr's own way of more than
# one pass, as for the interrupt table.

set(MICRORT_QSTR_INDEX ${PROJECT_BINARY_DIR}/micrort_qstr_index.c CACHE INTERNAL "")
set(MICRORT_QSTR_INDEX_SCRIPT ${CMAKE_CURRENT_LIST_DIR}/qstr_index.py CACHE INTERNAL "")
set_property(GLOBAL APPEND PROPERTY GENERATED_KERNEL_SOURCE_FILES ${MICRORT_QSTR_INDEX})

# In Zephyr's folder, where the passes are, after they have come into being.
function(micrort_qstr_index)
  add_custom_command(OUTPUT ${MICRORT_QSTR_INDEX}
    COMMAND ${PYTHON_EXECUTABLE} ${MICRORT_QSTR_INDEX_SCRIPT}
            --kernel $<TARGET_FILE:${ZEPHYR_LINK_STAGE_EXECUTABLE}> --output ${MICRORT_QSTR_INDEX}
    DEPENDS ${ZEPHYR_LINK_STAGE_EXECUTABLE} ${MICRORT_QSTR_INDEX_SCRIPT}
    COMMENT "Generating ${MICRORT_QSTR_INDEX}"
    VERBATIM)
  # Zephyr 3.7 links native_sim in one pass, and gives only that one the option.
  if(CONFIG_NATIVE_LIBRARY)
    target_link_libraries(${ZEPHYR_FINAL_EXECUTABLE} $<TARGET_PROPERTY:linker,partial_linking>)
  endif()
endfunction()
cmake_language(DEFER DIRECTORY ${ZEPHYR_BASE} CALL micrort_qstr_index)
