#include "sql/script.h"

#include <fmt/format.h>

#include "sql/excerpt.h"

namespace rocketlink::sql {

Error Script::error(std::size_t offset, std::string_view text, ErrorCode code) const {
  const Excerpt place = excerpt(text_, offset);
  return {code, fmt::format("{}:{}:{}: {}\n{}\n{}", name_, place.line, place.column, text, place.source, place.mark)};
}

}  // namespace rocketlink::sql
