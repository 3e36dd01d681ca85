#pragma once

#include <string>
#include <string_view>

/// Where a letter becomes several, or another than everywhere, when its case is changed: what Java does beyond the
/// mapping letter by letter, which is DuckDB's.
namespace rocketlink::planner::functions {

/// With the letters that become several in upper case: `ß` is `SS`.
[[nodiscard]] std::string before_upper(std::string_view text);

/// With a capital sigma at the end of a word as the small one that stands there, and a dotted capital I as two
/// characters.
[[nodiscard]] std::string before_lower(std::string_view text);

}  // namespace rocketlink::planner::functions
