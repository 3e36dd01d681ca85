#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>

#include "rocketlink/type_names.h"

namespace rocketlink {

namespace {

/// Words, numbers and marks of a type's text, one after the other.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text), rest_(text) {}

  Result<DataType> read() {
    const TypeName* const known = find_type_name(word());
    if (known == nullptr) return unsupported();
    DataType type = known->type();
    if ((type.kind == TypeKind::kChar || type.kind == TypeKind::kBinary) && take("VARYING")) type = varying(type.kind);
    if (mark('(')) {
      if (auto read = arguments(type, known->arguments); !read) return std::move(read).error();
    }
    if (type.kind == TypeKind::kDouble) (void)take("PRECISION");
    if (type.kind == TypeKind::kTimestamp && take("WITH")) {
      if (!take("LOCAL") || !take("TIME") || !take("ZONE")) return unsupported();
      type.kind = TypeKind::kTimestampLtz;
    } else if ((type.kind == TypeKind::kTimestamp || type.kind == TypeKind::kTime) && take("WITHOUT")) {
      if (!take("TIME") || !take("ZONE")) return unsupported();
    }
    if (take("NOT")) {
      if (!take("NULL")) return unsupported();
      type.nullable = false;
    }
    skip_blanks();
    if (!rest_.empty()) return unsupported();
    return type;
  }

 private:
  [[nodiscard]] Error unsupported() const {
    return {ErrorCode::kUnsupported,
            fmt::format("type {} is none that messages are read into or written from; these are {}", text_, kTypeList)};
  }

  Status arguments(DataType& type, TypeArguments arguments) {
    if (arguments == TypeArguments::kNone) return unsupported();
    const bool decimal = arguments == TypeArguments::kDecimal;
    const bool fraction = arguments == TypeArguments::kFraction;
    const auto first = number(fraction ? 0 : 1, decimal ? 38 : fraction ? 9 : kUnboundedLength);
    if (!first) return wrong_number();
    type.precision = *first;
    if (decimal && mark(',')) {
      const auto scale = number(0, type.precision);
      if (!scale) return wrong_number();
      type.scale = *scale;
    }
    if (!mark(')')) return wrong_number();
    return {};
  }

  [[nodiscard]] Error wrong_number() const {
    return {
        ErrorCode::kInvalidArgument,
        fmt::format("type {} has a number that does not fit: lengths are 1 to {}, the precision of DECIMAL is 1 to 38 "
                    "and its scale 0 to that, times have 0 to 9 digits of a second",
                    text_, kUnboundedLength)};
  }

  void skip_blanks() { rest_.remove_prefix(std::min(rest_.find_first_not_of(" \t\n"), rest_.size())); }

  /// In capitals; empty when no word comes next.
  std::string word() {
    skip_blanks();
    std::string out;
    for (const char c : rest_) {
      const bool small = c >= 'a' && c <= 'z';
      if (!small && !(c >= 'A' && c <= 'Z') && c != '_') break;
      out.push_back(small ? static_cast<char>(c - 'a' + 'A') : c);
    }
    rest_.remove_prefix(out.size());
    return out;
  }

  bool take(std::string_view wanted) {
    const std::string_view before = rest_;
    if (word() == wanted) return true;
    rest_ = before;
    return false;
  }

  bool mark(char wanted) {
    skip_blanks();
    if (!rest_.starts_with(wanted)) return false;
    rest_.remove_prefix(1);
    return true;
  }

  std::optional<std::int32_t> number(std::int32_t least, std::int32_t most) {
    skip_blanks();
    std::int32_t value = 0;
    const auto [end, problem] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), value);
    if (problem != std::errc{} || value < least || value > most) return std::nullopt;
    rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
    return value;
  }

  std::string_view text_;
  std::string_view rest_;
};

}  // namespace

Result<DataType> parse_type(std::string_view text) {
  return Reader(text).read();
}

}  // namespace rocketlink
