#include "planner/functions/json_path.h"

#include <fmt/format.h>

#include <charconv>

#include "planner/tokens.h"

namespace rocketlink::planner::functions {
namespace {

bool is_blank(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

bool take_mode(std::string_view& text, bool& lax) {
  for (const std::string_view mode : {"lax", "strict"}) {
    if (text.size() <= mode.size() || lower(text.substr(0, mode.size())) != mode || !is_blank(text[mode.size()]))
      continue;
    text.remove_prefix(mode.size());
    lax = mode == "lax";
    return true;
  }
  return false;
}

}  // namespace

std::optional<JsonPath> JsonPath::read(std::string_view text, std::string& problem) {
  JsonPath out;
  problem = fmt::format(
      "the JSON path '{}' cannot be used; the native runner knows names and indexes, such as "
      "'lax $.a.b[0][''c d'']'",
      text);
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  if (take_mode(text, out.lax)) {
    while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  }
  if (text.empty() || text.front() != '$') return std::nullopt;
  text.remove_prefix(1);
  while (!text.empty()) {
    if (text.front() == '.') {
      const std::size_t end = text.find_first_of(".[", 1);
      const std::string_view name = text.substr(1, end == std::string_view::npos ? end : end - 1);
      if (name.empty() || name.find_first_of("*()?@ '\"") != std::string_view::npos) return std::nullopt;
      out.steps.emplace_back(std::string(name));
      text = end == std::string_view::npos ? std::string_view() : text.substr(end);
      continue;
    }
    if (text.size() < 3 || text.front() != '[') return std::nullopt;
    const char quote = text[1];
    if (quote == '\'' || quote == '"') {
      const std::size_t end = text.find(quote, 2);
      if (end == std::string_view::npos || end + 1 >= text.size() || text[end + 1] != ']') return std::nullopt;
      const std::string_view name = text.substr(2, end - 2);
      if (name.find('\\') != std::string_view::npos) return std::nullopt;
      out.steps.emplace_back(std::string(name));
      text.remove_prefix(end + 2);
      continue;
    }
    const std::size_t end = text.find(']');
    std::int64_t index = 0;
    if (end == std::string_view::npos ||
        std::from_chars(text.data() + 1, text.data() + end, index).ptr != text.data() + end || index < 0) {
      return std::nullopt;
    }
    out.steps.emplace_back(index);
    text.remove_prefix(end + 1);
  }
  return out;
}

}  // namespace rocketlink::planner::functions
