#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace rocketlink::flink {

/// A statement of a script as written, without the ; behind it.
struct Statement {
  std::string_view text;
  std::size_t offset = 0;  ///< in the script
};

/// Cuts a script of any Flink SQL into statements, as Flink's own SQL client does: at each ; that is in no string, name
/// or comment, a statement set (… BEGIN … END) being one. What else the statements say is left to Flink.
[[nodiscard]] std::vector<Statement> split_script(std::string_view script);

/// Whether a statement of split_script is a query, whose rows would be its result.
[[nodiscard]] bool is_query(std::string_view statement);

/// Where `line` and `column` (both from 1, columns in code points) of a text stand; the text's end when it is shorter.
[[nodiscard]] std::size_t offset_of(std::string_view text, std::size_t line, std::size_t column);

}  // namespace rocketlink::flink
