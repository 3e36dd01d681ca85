#include "planner/functions/json_path.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

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

// As BigDecimal.toString writes the number that JSON has as `raw`.
std::string big_decimal_text(const std::string& raw) {
  const bool negative = raw.front() == '-';
  const std::size_t e = raw.find_first_of("eE");
  std::string digits;
  std::int64_t scale = 0;
  bool fraction = false;
  for (const char c :
       std::string_view(raw).substr(negative ? 1 : 0, e == std::string::npos ? e : e - (negative ? 1 : 0))) {
    if (c == '.') {
      fraction = true;
      continue;
    }
    digits += c;
    scale += fraction ? 1 : 0;
  }
  if (e != std::string::npos) {
    std::int64_t exponent = 0;
    const std::size_t begin = e + (raw[e + 1] == '+' ? 2 : 1);
    std::from_chars(raw.data() + begin, raw.data() + raw.size(), exponent);
    scale -= exponent;
  }
  const std::size_t zeros = std::min(digits.find_first_not_of('0'), digits.size() - 1);
  digits.erase(0, zeros);
  const bool zero = digits == "0";
  const std::string sign = negative && !zero ? "-" : "";
  const auto count = static_cast<std::int64_t>(digits.size());
  const std::int64_t exponent = count - 1 - scale;
  if (scale >= 0 && exponent >= -6) {
    if (scale == 0) return sign + digits;
    if (count <= scale) digits.insert(0, static_cast<std::size_t>(scale - count + 1), '0');
    digits.insert(digits.size() - static_cast<std::size_t>(scale), ".");
    return sign + digits;
  }
  if (count > 1) digits.insert(1, ".");
  return fmt::format("{}{}E{:+}", sign, digits, exponent);
}

/// Follows a document's events and remembers what stands at a path. Of keys that are there twice the last counts.
class Finder : public nlohmann::json_sax<nlohmann::json> {
 public:
  Finder(const JsonPath& path, JsonFinding& found) : path_(path), found_(found) {}

  bool null() override { return value(JsonFinding::Kind::kNull, {}); }
  bool boolean(bool value_in) override { return value(JsonFinding::Kind::kScalar, value_in ? "true" : "false"); }
  bool number_integer(std::int64_t number) override {
    return value(JsonFinding::Kind::kScalar, fmt::to_string(number));
  }
  bool number_unsigned(std::uint64_t number) override {
    return value(JsonFinding::Kind::kScalar, fmt::to_string(number));
  }
  bool number_float(double, const std::string& raw) override {
    return value(JsonFinding::Kind::kScalar, big_decimal_text(raw));
  }
  bool string(std::string& text) override { return value(JsonFinding::Kind::kScalar, text); }
  bool binary(nlohmann::json::binary_t&) override { return false; }
  bool start_object(std::size_t) override { return open(false); }
  bool start_array(std::size_t) override { return open(true); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }
  bool key(std::string& name) override {
    Level& level = levels_.back();
    const auto* wanted = level.on_path ? step<std::string>() : nullptr;
    level.child_on_path = wanted != nullptr && *wanted == name;
    if (level.child_on_path) found_ = {};
    return true;
  }
  bool parse_error(std::size_t, const std::string&, const nlohmann::json::exception&) override { return false; }

 private:
  struct Level {
    bool is_array = false;
    bool on_path = false;
    bool child_on_path = false;
    std::int64_t index = -1;
  };
  // The step that leads from the current level, if it is of that kind.
  template <class T>
  [[nodiscard]] const T* step() const {
    return levels_.size() <= path_.steps.size() ? std::get_if<T>(&path_.steps[levels_.size() - 1]) : nullptr;
  }
  // Whether the value that begins here is on the path.
  bool begins_on_path() {
    if (levels_.empty()) return true;
    Level& level = levels_.back();
    if (!level.is_array) return level.child_on_path;
    ++level.index;
    const auto* wanted = level.on_path ? step<std::int64_t>() : nullptr;
    return wanted != nullptr && *wanted == level.index;
  }
  bool value(JsonFinding::Kind kind, std::string text) {
    if (begins_on_path() && levels_.size() == path_.steps.size()) found_ = {kind, std::move(text)};
    return true;
  }
  bool open(bool is_array) {
    const bool on_path = begins_on_path();
    if (on_path && levels_.size() == path_.steps.size()) found_ = {JsonFinding::Kind::kContainer, {}};
    levels_.push_back({is_array, on_path && levels_.size() < path_.steps.size()});
    return true;
  }
  bool close() {
    levels_.pop_back();
    return true;
  }

  const JsonPath& path_;
  JsonFinding& found_;
  std::vector<Level> levels_;
};

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

JsonFinding find_json(std::string_view document, const JsonPath& path) {
  JsonFinding found;
  Finder finder(path, found);
  if (!nlohmann::json::sax_parse(document, &finder)) return {JsonFinding::Kind::kInvalid, {}};
  return found;
}

}  // namespace rocketlink::planner::functions
