#include "planner/functions/json_document.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

namespace rocketlink::planner::functions {
namespace {

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

constexpr int kMostLevels = 1000;                       // Jackson's limits
constexpr std::size_t kLongestNumberCharacters = 1000;  ///< a longer one is no JSON, as Jackson has it

bool is_json_digit(char c) {
  return c >= '0' && c <= '9';
}

void append_utf8(std::uint32_t code, std::string& out) {
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    out += static_cast<char>(0xC0 | (code >> 6));
    out += static_cast<char>(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    out += static_cast<char>(0xE0 | (code >> 12));
    out += static_cast<char>(0x80 | ((code >> 6) & 0x3F));
    out += static_cast<char>(0x80 | (code & 0x3F));
  } else {
    out += static_cast<char>(0xF0 | (code >> 18));
    out += static_cast<char>(0x80 | ((code >> 12) & 0x3F));
    out += static_cast<char>(0x80 | ((code >> 6) & 0x3F));
    out += static_cast<char>(0x80 | (code & 0x3F));
  }
}

/// Goes through a document once, and keeps what stands at the path.
class Finder {
 public:
  Finder(std::string_view document, const JsonPath& path) : text_(document), path_(path) {}

  JsonFinding run() {
    if (!value(0, true, 0)) return {JsonFinding::Kind::kInvalid, {}};
    if (root_is_null_) return {JsonFinding::Kind::kNothing, {}};
    return std::move(found_);
  }

 private:
  using Kind = JsonFinding::Kind;

  [[nodiscard]] char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  void skip_blanks() {
    while (peek() == ' ' || peek() == '\t' || peek() == '\n' || peek() == '\r') ++at_;
  }
  bool take(char c) {
    if (peek() != c) return false;
    ++at_;
    return true;
  }

  // A value with `step` steps of the path above it; `on_path` when these lead here.
  bool value(std::size_t step, bool on_path, int level) {
    skip_blanks();
    const bool wanted = on_path && step == path_.steps.size();
    switch (peek()) {
      case '{':
      case '[':
        if (level == kMostLevels) return false;
        if (wanted) found_ = {Kind::kContainer, {}};
        return text_[at_] == '{' ? object(step, on_path && !wanted, level + 1)
                                 : array(step, on_path && !wanted, level + 1);
      case '"':
        if (!wanted) return string(nullptr);
        found_ = {Kind::kScalar, {}};
        return string(&found_.text);
      case 't':
        return word("true", Kind::kScalar, wanted);
      case 'f':
        return word("false", Kind::kScalar, wanted);
      case 'n':
        root_is_null_ = level == 0;
        return word("null", Kind::kNull, wanted);
      default:
        return number(wanted, level == 0);
    }
  }

  bool object(std::size_t step, bool on_path, int level) {
    const auto* name = on_path ? std::get_if<std::string>(&path_.steps[step]) : nullptr;
    ++at_;
    skip_blanks();
    if (take('}')) return true;
    std::string key;
    do {
      skip_blanks();
      key.clear();
      if (!string(name == nullptr ? nullptr : &key)) return false;
      skip_blanks();
      if (!take(':')) return false;
      const bool next_on_path = name != nullptr && key == *name;
      if (next_on_path) found_ = {};
      if (!value(step + 1, next_on_path, level)) return false;
      skip_blanks();
    } while (take(','));
    return take('}');
  }

  bool array(std::size_t step, bool on_path, int level) {
    const auto* wanted = on_path ? std::get_if<std::int64_t>(&path_.steps[step]) : nullptr;
    ++at_;
    skip_blanks();
    if (take(']')) return true;
    std::int64_t index = 0;
    do {
      if (!value(step + 1, wanted != nullptr && *wanted == index, level)) return false;
      ++index;
      skip_blanks();
    } while (take(','));
    return take(']');
  }

  bool word(std::string_view wanted_word, Kind kind, bool wanted) {
    if (text_.substr(at_, wanted_word.size()) != wanted_word) return false;
    at_ += wanted_word.size();
    const char next = peek();
    const bool goes_on = is_json_digit(next) || (next >= 'a' && next <= 'z') || (next >= 'A' && next <= 'Z') ||
                         next == '_' || static_cast<signed char>(next) < 0;
    if (goes_on) return false;
    if (wanted) found_ = {kind, kind == Kind::kNull ? std::string() : std::string(wanted_word)};
    return true;
  }

  bool digits() {
    if (!is_json_digit(peek())) return false;
    while (is_json_digit(peek())) ++at_;
    return true;
  }
  bool number(bool wanted, bool root) {
    const std::size_t begin = at_;
    take('-');
    const bool zero = peek() == '0';
    const std::size_t first = at_;
    if (!digits() || (zero && at_ - first > 1)) return false;
    bool whole = true;
    if (take('.')) {
      whole = false;
      if (!digits()) return false;
    }
    if (peek() == 'e' || peek() == 'E') {
      whole = false;
      ++at_;
      if (!take('+')) take('-');
      const std::size_t exponent = at_;
      if (!digits() || at_ - exponent > 9) return false;
    }
    const std::string raw(text_.substr(begin, at_ - begin));
    if (raw.size() > kLongestNumberCharacters) return false;
    // A number that is all of the document ends with it or with a blank.
    if (root && at_ < text_.size() && std::string_view(" \t\n\r").find(peek()) == std::string_view::npos) return false;
    if (wanted) found_ = {Kind::kScalar, whole ? (raw == "-0" ? "0" : raw) : big_decimal_text(raw)};
    return true;
  }

  std::optional<std::uint32_t> hexadecimal() {
    if (text_.size() - at_ < 4) return std::nullopt;
    std::uint32_t code = 0;
    const char* end = text_.data() + at_ + 4;
    if (std::from_chars(text_.data() + at_, end, code, 16).ptr != end) return std::nullopt;
    at_ += 4;
    return code;
  }

  // Its content is appended to `out` where one is given.
  bool string(std::string* out) {
    if (!take('"')) return false;
    while (true) {
      const std::size_t begin = at_;
      while (at_ < text_.size() && text_[at_] != '"' && text_[at_] != '\\' &&
             static_cast<unsigned char>(text_[at_]) >= 0x20)
        ++at_;
      if (out != nullptr) out->append(text_.substr(begin, at_ - begin));
      if (take('"')) return true;
      if (!take('\\')) return false;
      if (!escape(out)) return false;
    }
  }
  bool escape(std::string* out) {
    constexpr std::string_view kNames = "\"\\/bfnrt";
    constexpr std::string_view kValues = "\"\\/\b\f\n\r\t";
    const char c = peek();
    ++at_;
    if (c == 'u') return unicode(out);
    const std::size_t known = kNames.find(c);
    if (c == '\0' || known == std::string_view::npos) return false;
    if (out != nullptr) out->push_back(kValues[known]);
    return true;
  }
  bool unicode(std::string* out) {
    const auto code = hexadecimal();
    if (!code) return false;
    if (out == nullptr) return true;
    if (*code < 0xD800 || *code > 0xDFFF) {
      append_utf8(*code, *out);
      return true;
    }
    if (*code < 0xDC00 && text_.substr(at_, 2) == "\\u") {
      const std::size_t behind = at_;
      at_ += 2;
      const auto low = hexadecimal();
      if (!low) return false;
      if (*low >= 0xDC00 && *low <= 0xDFFF) {
        append_utf8(0x10000 + ((*code - 0xD800) << 10) + (*low - 0xDC00), *out);
        return true;
      }
      at_ = behind;
    }
    out->push_back('?');
    return true;
  }

  std::string_view text_;
  const JsonPath& path_;
  std::size_t at_ = 0;
  bool root_is_null_ = false;
  JsonFinding found_;
};

}  // namespace

JsonFinding find_json(std::string_view document, const JsonPath& path) {
  return Finder(document, path).run();
}

}  // namespace rocketlink::planner::functions
