#pragma once

#include <cstddef>
#include <string>
#include <string_view>

/// A place of a script, shown to a person.
namespace rocketlink::sql {

struct Excerpt {
  std::size_t line = 1;    ///< from 1
  std::size_t column = 1;  ///< from 1, in code points
  std::string source;      ///< the line, cut around the place when it is long, secrets masked
  std::string mark;        ///< blanks, or tabs where the line has them, and ^
};

[[nodiscard]] Excerpt excerpt(std::string_view text, std::size_t offset);

}  // namespace rocketlink::sql
