#pragma once

#include <nlohmann/json.hpp>
#include <string_view>

#include "duck/duck.h"
#include "planner/rewrite.h"

namespace rocketlink::planner {

/// DuckDB's tree of a query. Throws Failure, with the place in the script, where the query is no SQL.
[[nodiscard]] nlohmann::json read_syntax(duck::Connection& connection, const Rewritten& rewritten,
                                         std::string_view query, std::size_t query_offset);

}  // namespace rocketlink::planner
