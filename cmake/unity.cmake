# With ROCKETLINK_UNITY the sources of a folder are compiled as one: in half the time, as most of it goes into what headers bring.
# A folder is one namespace, in which names without linkage then have to differ.
function(rocketlink_unity target)
  if(ROCKETLINK_UNITY AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    target_compile_options(${target} PRIVATE -Wno-subobject-linkage) # takes the sources in the one file for headers
  endif()
  set_target_properties(${target} PROPERTIES UNITY_BUILD ${ROCKETLINK_UNITY} UNITY_BUILD_MODE GROUP)
  foreach(source IN LISTS ARGN)
    cmake_path(GET source PARENT_PATH folder)
    cmake_path(RELATIVE_PATH folder BASE_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR})
    string(MAKE_C_IDENTIFIER "${folder}" group)
    set_source_files_properties(${source} PROPERTIES UNITY_GROUP ${group})
  endforeach()
endfunction()
