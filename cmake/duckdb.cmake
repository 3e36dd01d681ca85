# DuckDB as a static library: scripts/setup puts it (header and archives) into build/deps/duckdb.
set(DUCKDB_DIR "${PROJECT_SOURCE_DIR}/build/deps/duckdb" CACHE PATH "Folder with duckdb.h and libduckdb_static.a")
if(NOT EXISTS "${DUCKDB_DIR}/duckdb.h")
  message(FATAL_ERROR "DuckDB is not in ${DUCKDB_DIR}: run scripts/setup first, or set -DDUCKDB_DIR=")
endif()
find_package(Threads REQUIRED)
# The archives refer to each other in circles, hence one link group.
set(duckdb_archives "")
foreach(part duckdb_static duckdb_generated_extension_loader core_functions_extension icu_extension json_extension
        parquet_extension autocomplete_extension duckdb_fastpforlib duckdb_fmt duckdb_fsst duckdb_hyperloglog duckdb_jemalloc
        duckdb_mbedtls duckdb_miniz duckdb_pg_query duckdb_re2 duckdb_skiplistlib duckdb_utf8proc duckdb_yyjson duckdb_zstd
        tpcds_extension tpch_extension)
  if(EXISTS "${DUCKDB_DIR}/lib${part}.a")
    list(APPEND duckdb_archives "${DUCKDB_DIR}/lib${part}.a")
  endif()
endforeach()
add_library(duckdb INTERFACE)
target_include_directories(duckdb SYSTEM INTERFACE "${DUCKDB_DIR}")
target_link_libraries(duckdb INTERFACE -Wl,--start-group ${duckdb_archives} -Wl,--end-group Threads::Threads dl)
