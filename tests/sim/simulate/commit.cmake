# Writes OUTPUT, with the commit that SOURCE is at, where that has changed.
cmake_minimum_required(VERSION 3.22)

execute_process(COMMAND git describe --always --abbrev=12 --dirty --exclude=* WORKING_DIRECTORY ${SOURCE}
                OUTPUT_VARIABLE commit OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
if(NOT commit)
  set(commit "unknown")
endif()
file(CONFIGURE OUTPUT ${OUTPUT} CONTENT "#include \"sim/simulate/commit.h\"

namespace rocketlink::sim {
const char* const kCommit = \"@commit@\";
}
" @ONLY)
