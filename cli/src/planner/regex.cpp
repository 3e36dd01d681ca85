#include "planner/regex.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "planner/casts.h"
#include "planner/failure.h"
#include "planner/tokens.h"
#include "planner/types.h"

namespace rocketlink::planner {
namespace {

struct Pattern {
  std::string sql;
  std::int64_t groups = 0;
  bool matches_nothing = false;  ///< the empty text
};

// The pattern with Java's meaning for RE2: what both read differently is written out, or refused.
class Translator {
 public:
  Translator(const std::string& pattern, std::size_t offset) : pattern_(pattern), offset_(offset) {}

  std::string run() {
    while (at_ < pattern_.size()) {
      const char c = pattern_[at_];
      if (c == '\\') {
        escape(false);
      } else if (c == '[') {
        character_class();
      } else if (c == '.') {
        out_ += "[^\\n\\r\\x{85}\\x{2028}\\x{2029}]";
        ++at_;
      } else if (c == '(') {
        group();
      } else {
        out_ += c;
        ++at_;
      }
    }
    return out_;
  }
  [[nodiscard]] std::int64_t groups() const { return groups_; }

 private:
  [[noreturn]] void refuse(std::string_view what) const {
    unsupported(offset_, fmt::format("{} in a regular expression is not done by the native runner", what));
  }

  void escape(bool in_class) {
    if (at_ + 1 >= pattern_.size()) fail(offset_, "the regular expression ends with a lone backslash");
    const char c = pattern_[at_ + 1];
    if (c == 'Q' && !in_class) return quoted();
    if (c == 'p' || c == 'P') return property(in_class);
    if (c == 'u' && hexadecimal(2, 4)) return;
    if (c >= '1' && c <= '9') refuse("a back reference");
    if (c == 'k') refuse("a named back reference");
    if (c == 's' || c == 'S') {
      const std::string_view blanks = " \\t\\n\\x{0B}\\f\\r";
      if (c == 'S' && in_class) refuse("\\S in a class");
      out_ += in_class ? std::string(blanks) : fmt::format("[{}{}]", c == 'S' ? "^" : "", blanks);
    } else if (std::string_view("vVhHRXZGcueE0N").find(c) != std::string_view::npos) {
      refuse(fmt::format("\\{}", c));
    } else {
      out_ += pattern_.substr(at_, 2);
    }
    at_ += 2;
  }

  // \Q…\E: as it stands.
  void quoted() {
    const std::size_t begin = at_ + 2;
    const std::size_t end = std::min(pattern_.find("\\E", begin), pattern_.size());
    for (std::size_t i = begin; i < end; ++i) {
      if (std::string_view("\\.+*?()[]{}|^$").find(pattern_[i]) != std::string_view::npos) out_ += '\\';
      out_ += pattern_[i];
    }
    at_ = std::min(end + 2, pattern_.size());
  }

  // \uFFFF
  bool hexadecimal(std::size_t begin, std::size_t digits) {
    const std::string code = pattern_.substr(at_ + begin, digits);
    if (code.size() != digits || code.find_first_not_of("0123456789abcdefABCDEF") != std::string::npos) return false;
    if ((code[0] == 'd' || code[0] == 'D') && code[1] >= '8') return false;  // half of a wide one
    out_ += fmt::format("\\x{{{}}}", code);
    at_ += begin + digits;
    return true;
  }

  // \p{Upper} and the like are POSIX's classes, of ASCII; RE2 has the categories of Unicode.
  void property(bool in_class) {
    static constexpr std::array<std::string_view, 13> kPosix = {"Lower", "Upper",  "ASCII", "Alpha", "Digit",
                                                                "Alnum", "Punct",  "Graph", "Print", "Blank",
                                                                "Cntrl", "XDigit", "Space"};
    const std::size_t end = pattern_.find('}', at_);
    if (at_ + 2 < pattern_.size() && pattern_[at_ + 2] == '{' && end != std::string::npos) {
      const std::string name = pattern_.substr(at_ + 3, end - at_ - 3);
      if (std::find(kPosix.begin(), kPosix.end(), name) != kPosix.end()) {
        const std::string set = fmt::format("[:{}{}:]", pattern_[at_ + 1] == 'P' ? "^" : "", lower(name));
        out_ += in_class ? set : "[" + set + "]";
        at_ = end + 1;
        return;
      }
    }
    out_ += pattern_.substr(at_, 2);
    at_ += 2;
  }

  void character_class() {
    out_ += pattern_[at_++];
    if (at_ < pattern_.size() && pattern_[at_] == '^') out_ += pattern_[at_++];
    bool first = true;
    for (; at_ < pattern_.size(); first = false) {
      const char c = pattern_[at_];
      if (c == ']' && !first) {
        out_ += pattern_[at_++];
        return;
      }
      if (c == '[') refuse("a class within a class");
      if (pattern_.compare(at_, 2, "&&") == 0) refuse("an intersection of classes");
      if (c == '\\') {
        escape(true);
      } else {
        out_ += c;
        ++at_;
      }
    }
    fail(offset_, "the regular expression has a '[' without ']'");
  }

  void group() {
    const std::string_view rest = std::string_view(pattern_).substr(at_);
    if (rest.starts_with("(?<") && rest.size() > 3 && rest[3] != '=' && rest[3] != '!') {
      out_ += "(?P<";
      at_ += 3;
      ++groups_;
      return;
    }
    if (rest.starts_with("(?") && !rest.starts_with("(?:")) {
      if (rest.starts_with("(?i)")) {
        out_ += "(?i)";
        at_ += 4;
        return;
      }
      refuse(fmt::format("'{}…'", rest.substr(0, 3)));
    }
    if (!rest.starts_with("(?")) ++groups_;
    out_ += pattern_[at_++];
    if (rest.starts_with("(?:")) {
      out_ += "?:";
      at_ += 2;
    }
  }

  const std::string& pattern_;
  std::size_t offset_;
  std::string out_;
  std::size_t at_ = 0;
  std::int64_t groups_ = 0;
};

Pattern read_pattern(Context& context, const Expression& pattern) {
  if (!pattern.text) {
    unsupported(pattern.offset, "a regular expression that is not a string literal is not done by the native runner");
  }
  Translator translator(*pattern.text, pattern.offset);
  Pattern out;
  out.sql = text_literal(translator.run());
  out.groups = translator.groups();
  const auto probe = context.connection.text(fmt::format("SELECT regexp_matches('', {})", out.sql));
  if (!probe) {
    unsupported(pattern.offset, fmt::format("the regular expression '{}' is not understood by the native runner ({})",
                                            *pattern.text, probe.error().text));
  }
  out.matches_nothing = *probe == "true";
  return out;
}

Expression result(const Expression& text, std::string sql, DataType type) {
  Expression out;
  out.sql = std::move(sql);
  out.type = type;
  out.fallible = text.fallible;
  return out;
}

Expression subject(Context& context, const Expression& value) {
  return value.null_literal ? convert(context, value, text_type()) : value;
}

}  // namespace

Expression build_regexp(Context& context, const FunctionCall& call) {
  const Expression text = subject(context, call.arguments[0]);
  const Pattern pattern = read_pattern(context, call.arguments[1]);
  const bool empty = call.arguments[1].text->empty();  // which Flink never finds
  return result(text, fmt::format("(regexp_matches({}, {}){})", text.sql, pattern.sql, empty ? " AND FALSE" : ""),
                boolean_type(text.type.nullable));
}

Expression build_regexp_extract(Context& context, const FunctionCall& call) {
  const Expression text = subject(context, call.arguments[0]);
  const Pattern pattern = read_pattern(context, call.arguments[1]);
  std::int64_t group = 0;
  if (call.arguments.size() == 3) {
    if (!call.arguments[2].integer) {
      unsupported(call.arguments[2].offset, "a group number that is not a literal is not done by the native runner");
    }
    group = *call.arguments[2].integer;
  }
  if (group < 0 || group > pattern.groups) return result(text, "CAST(NULL AS VARCHAR)", text_type());
  if (group > 9) unsupported(call.arguments[2].offset, "more than 9 groups are not done by the native runner");
  return result(text,
                fmt::format("(CASE WHEN regexp_matches({0}, {1}) THEN regexp_extract({0}, {1}, {2}) END)", text.sql,
                            pattern.sql, group),
                text_type());
}

Expression build_regexp_replace(Context& context, const FunctionCall& call) {
  const Expression text = subject(context, call.arguments[0]);
  const Pattern pattern = read_pattern(context, call.arguments[1]);
  if (pattern.matches_nothing) {
    unsupported(call.arguments[1].offset,
                "REGEXP_REPLACE with a pattern that matches the empty text is not done by the native runner");
  }
  const Expression& by = call.arguments[2];
  if (!by.text) {
    unsupported(by.offset, "REGEXP_REPLACE by something that is not a string literal is not done by the native runner");
  }
  std::string quoted;
  for (const char c : *by.text) quoted += c == '\\' ? "\\\\" : std::string(1, c);
  return result(text, fmt::format("regexp_replace({}, {}, {}, 'g')", text.sql, pattern.sql, text_literal(quoted)),
                text_type());
}

}  // namespace rocketlink::planner
