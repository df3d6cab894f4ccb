# SPDX-License-Identifier: GPL-3.0-or-later
# fugato_embed(target header name=file ...) builds the texts of files into a target: of each,
# `const std::string_view fugato::assets::<name>`, which `header` declares. This script, run while building, writes them.
if(CMAKE_SCRIPT_MODE_FILE)
  file(READ "${FILE}" text)
  file(WRITE "${OUTPUT}" "#include \"${HEADER}\"\n#pragma GCC diagnostic ignored \"-Woverlength-strings\"\n"
       "const std::string_view fugato::assets::${NAME} = R\"embed~(${text})embed~\";\n")
  return()
endif()

function(fugato_embed target header)
  foreach(pair IN LISTS ARGN)
    string(REGEX MATCH "^([a-z_]+)=(.+)$" matched "${pair}")
    set(name "${CMAKE_MATCH_1}")
    set(file "${CMAKE_MATCH_2}")
    set(output "${CMAKE_BINARY_DIR}/embedded/${name}.cpp")
    add_custom_command(OUTPUT "${output}" VERBATIM
      COMMAND "${CMAKE_COMMAND}" "-DFILE=${file}" "-DOUTPUT=${output}" "-DHEADER=${header}" "-DNAME=${name}"
              -P "${CMAKE_SOURCE_DIR}/cmake/EmbedFiles.cmake"
      DEPENDS "${file}" "${CMAKE_SOURCE_DIR}/cmake/EmbedFiles.cmake" COMMENT "Embedding ${name}")
    target_sources(${target} PRIVATE "${output}")
  endforeach()
endfunction()
