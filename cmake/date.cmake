# Howard Hinnant's date as a static library, which Debian does not package: scripts/setup puts Debian's source of it here.
set(DATE_DIR "${PROJECT_SOURCE_DIR}/build/deps/date" CACHE PATH "Folder with src/tz.cpp and include/date")
if(NOT EXISTS "${DATE_DIR}/src/tz.cpp")
  message(FATAL_ERROR "The sources of date are not in ${DATE_DIR}: run scripts/setup --flink first, or set -DDATE_DIR=")
endif()
add_library(date_tz_static STATIC "${DATE_DIR}/src/tz.cpp")
target_include_directories(date_tz_static SYSTEM PUBLIC "${DATE_DIR}/include")
# As Debian builds it: the system's own zone files, never a download.
target_compile_definitions(date_tz_static PUBLIC USE_OS_TZDB=1 HAS_REMOTE_API=0 AUTO_DOWNLOAD=0)
