# Copyright (c) 2026 The micrort authors
# SPDX-License-Identifier: Apache-2.0

# Functions of Zephyr's that micrort stands in front of (docs/architecture.md, "Interception").

# What stands in front is found by its name and knows its caller: not what is left after link-time
# optimization.
set(not_lto $<$<BOOL:${CONFIG_LTO}>:-fno-lto>)

set(checks ${CMAKE_CURRENT_BINARY_DIR}/interception.ld)
file(WRITE ${checks} "")
zephyr_linker_sources(SECTIONS ${checks})

# The link ends with the sentence where the condition, of the linker's language, does not hold.
function(micrort_check_link condition sentence)
  file(APPEND ${checks} "ASSERT(${condition}, \"micrort: ${sentence}\")\n")
endfunction()

function(micrort_check_interception condition function)
  micrort_check_link(${condition}
    "${function}() of this image is not micrort's: see Interception in docs/architecture.md")
endfunction()

# micrort_intercept(FILE NAME...) has FILE, a path in Zephyr's tree, define each function NAME as
# micrort_real_NAME; micrort defines NAME. Every caller then calls micrort's in every kind of link.
# Calls inside FILE keep calling its own, so whatever FILE lets others call must be intercepted.
# A NAME that FILE does not have is left alone; of the others micrort's sources know by
# MICRORT_INTERCEPTS_NAME. The linker checks that no NAME is in an image without the real one behind it,
# so a function that moves to a file that is not named here stops the build.
function(micrort_intercept file)
  set(text "")
  if(EXISTS ${ZEPHYR_BASE}/${file})
    file(READ ${ZEPHYR_BASE}/${file} text)
  endif()
  set(renamed "")
  foreach(function ${ARGN})
    micrort_check_interception("!DEFINED(${function}) || DEFINED(micrort_real_${function})" ${function})
    # The entry of a system call is in a file that FILE includes.
    string(REPLACE z_mrsh_ "" call ${function})
    if(text MATCHES "[ *]${function}\\(|/${call}_mrsh\\.c>")
      list(APPEND renamed ${function}=micrort_real_${function})
      zephyr_library_compile_definitions(MICRORT_INTERCEPTS_${function})
    endif()
  endforeach()
  if(NOT renamed)
    return()
  endif()
  set(folder ${ZEPHYR_BASE}/${file})
  while(NOT EXISTS ${folder}/CMakeLists.txt)
    cmake_path(GET folder PARENT_PATH folder)
  endwhile()
  # When all of Zephyr's libraries are there; the kernel comes after modules. The file is of its folder's
  # library or of Zephyr's main one.
  cmake_language(EVAL CODE "cmake_language(DEFER DIRECTORY [[${ZEPHYR_BASE}]] CALL set_property
    SOURCE [[${ZEPHYR_BASE}/${file}]] DIRECTORY [[${folder}]] [[${ZEPHYR_BASE}]]
    APPEND PROPERTY COMPILE_DEFINITIONS [[${renamed}]])")
endfunction()

# The same for functions of a library that was built before: the linker passes their callers.
function(micrort_wrap)
  foreach(function ${ARGN})
    zephyr_ld_options(-Wl,--wrap=${function})
    # With --wrap a script finds the library's by the second name, without it by the first.
    micrort_check_interception("!(DEFINED(${function}) || DEFINED(__real_${function})) || DEFINED(__wrap_${function})" ${function})
  endforeach()
endfunction()

# Adds a source of the calling folder's to the kernel's archive.
function(micrort_add_to_kernel source)
  cmake_language(EVAL CODE "cmake_language(DEFER DIRECTORY [[${ZEPHYR_BASE}]] CALL
    target_sources kernel PRIVATE [[${CMAKE_CURRENT_SOURCE_DIR}/${source}]])")
  # Its options are those of the kernel's files.
  cmake_language(EVAL CODE "cmake_language(DEFER DIRECTORY [[${ZEPHYR_BASE}]] CALL
    set_source_files_properties [[${CMAKE_CURRENT_SOURCE_DIR}/${source}]] DIRECTORY
    [[${ZEPHYR_BASE}/kernel]] PROPERTIES
    COMPILE_OPTIONS [[${not_lto}]]
    COMPILE_DEFINITIONS [[$<TARGET_PROPERTY:micrort,COMPILE_DEFINITIONS>]])")
endfunction()

# An archive that is not linked whole: nothing comes into an image for being intercepted that it does
# not allocate with.
function(micrort_add_on_demand)
  add_library(micrort_on_demand STATIC ${ARGN})
  target_link_libraries(micrort_on_demand PRIVATE zephyr_interface)
  target_compile_options(micrort_on_demand PRIVATE ${not_lto})
  add_dependencies(micrort_on_demand zephyr_generated_headers)
  zephyr_library_link_libraries(micrort_on_demand)
endfunction()
