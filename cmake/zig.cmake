# Links shared libraries for machines whose C library is as old as glibc 2.28. Debian's own linker ties what it makes to its glibc's
# newest symbols; zig, which scripts/setup puts here, brings along what the older ones look like. The compiler, its C++ library
# and all others stay Debian's. What these want of a newer glibc is in jni/src/glibc.cpp, or the linker names it.
set(ZIG "${PROJECT_SOURCE_DIR}/build/deps/zig/ziglang/zig" CACHE FILEPATH "The program zig")
if(NOT EXISTS "${ZIG}")
  message(FATAL_ERROR "zig is not at ${ZIG}: run scripts/setup --flink first, or set -DZIG=")
endif()
set(libraries_of_gcc "")
foreach(library libstdc++.a libgcc_eh.a libgcc.a)
  execute_process(COMMAND ${CMAKE_CXX_COMPILER} -print-file-name=${library} OUTPUT_VARIABLE path OUTPUT_STRIP_TRAILING_WHITESPACE
                  COMMAND_ERROR_IS_FATAL ANY)
  string(APPEND libraries_of_gcc " \"${path}\"")
endforeach()
# -rtlib=none: no libgcc of zig's own, in which there is a memcpy too, slower than the one of glibc that knows the processor.
string(CONCAT CMAKE_CXX_CREATE_SHARED_LIBRARY
  "\"${CMAKE_COMMAND}\" -E env \"ZIG_GLOBAL_CACHE_DIR=${PROJECT_BINARY_DIR}/zig\" \"${ZIG}\" cc -target x86_64-linux-gnu.2.28 -O2 -rtlib=none "
  "-shared <LINK_FLAGS> <SONAME_FLAG><TARGET_SONAME> -o <TARGET> <OBJECTS> <LINK_LIBRARIES>${libraries_of_gcc}")
