# Copyright (c) 2026 The micrort authors
# SPDX-License-Identifier: Apache-2.0

# micrort_rust_application(NAME [ARGUMENT...]) links the crate NAME of this folder, a static library that has micrort as
# one of its crates, into the image. The arguments are cargo's. An application that uses zephyr-lang-rust leaves this
# to rust_cargo_application().
function(micrort_rust_application name)
  set(cargo_dir ${CMAKE_CURRENT_BINARY_DIR}/cargo)
  # Without the file cargo makes it.
  if(EXISTS ${CMAKE_CURRENT_SOURCE_DIR}/Cargo.lock)
    list(PREPEND ARGN --locked)
  endif()
  set(archive ${cargo_dir}/${MICRORT_RUST_TARGET}/release/lib${name}.a)
  add_custom_command(OUTPUT ${archive}
    COMMAND ${CMAKE_COMMAND} -E env --unset=RUSTFLAGS DOTCONFIG=${DOTCONFIG}
            ${CARGO} build --quiet --release --target ${MICRORT_RUST_TARGET}
            --target-dir ${cargo_dir} ${ARGN}
            --manifest-path ${CMAKE_CURRENT_SOURCE_DIR}/Cargo.toml
    DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/Cargo.toml micrort_bindings
    DEPFILE ${cargo_dir}/${MICRORT_RUST_TARGET}/release/lib${name}.d
    VERBATIM)
  add_custom_target(${name}_archive DEPENDS ${archive})
  add_library(${name} STATIC IMPORTED GLOBAL)
  set_target_properties(${name} PROPERTIES IMPORTED_LOCATION ${archive})
  add_dependencies(${name} ${name}_archive)
  add_dependencies(app ${name}_archive)
  # The C glue of the module needs the library, too.
  target_link_libraries(app PRIVATE ${name})
  target_link_libraries(micrort PUBLIC ${name})
endfunction()
