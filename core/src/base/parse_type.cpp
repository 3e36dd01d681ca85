#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <string>

#include "rocketlink/types.h"

namespace rocketlink {

namespace {

struct Name {
  std::string_view text;
  TypeKind kind;
  std::int32_t precision = 0;  ///< when none is written
};

constexpr std::array kNames = {
    Name{"BOOLEAN", TypeKind::kBoolean},
    Name{"TINYINT", TypeKind::kTinyInt},
    Name{"SMALLINT", TypeKind::kSmallInt},
    Name{"INT", TypeKind::kInteger},
    Name{"INTEGER", TypeKind::kInteger},
    Name{"BIGINT", TypeKind::kBigInt},
    Name{"FLOAT", TypeKind::kFloat},
    Name{"DOUBLE", TypeKind::kDouble},
    Name{"DECIMAL", TypeKind::kDecimal, 10},
    Name{"DEC", TypeKind::kDecimal, 10},
    Name{"NUMERIC", TypeKind::kDecimal, 10},
    Name{"CHAR", TypeKind::kChar, 1},
    Name{"VARCHAR", TypeKind::kVarchar, kUnboundedLength},
    Name{"STRING", TypeKind::kVarchar, kUnboundedLength},
    Name{"BINARY", TypeKind::kBinary, 1},
    Name{"VARBINARY", TypeKind::kVarbinary, kUnboundedLength},
    Name{"BYTES", TypeKind::kVarbinary, kUnboundedLength},
    Name{"DATE", TypeKind::kDate},
    Name{"TIME", TypeKind::kTime, 0},
    Name{"TIMESTAMP", TypeKind::kTimestamp, 6},
    Name{"TIMESTAMP_LTZ", TypeKind::kTimestampLtz, 6},
};

/// Words, numbers and marks of a type's text, one after the other.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text), rest_(text) {}

  Result<DataType> read() {
    const std::string name = word();
    const auto* known = std::find_if(kNames.begin(), kNames.end(), [&](const Name& n) { return n.text == name; });
    if (known == kNames.end()) return unsupported();
    DataType type{.kind = known->kind, .precision = known->precision};
    if (mark('(')) {
      if (auto read = arguments(type); !read) return std::move(read).error();
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
    return {
        ErrorCode::kUnsupported,
        fmt::format("type {} is none that messages are read into or written from; these are BOOLEAN, TINYINT, "
                    "SMALLINT, INT, BIGINT, FLOAT, DOUBLE, DECIMAL, CHAR, VARCHAR, STRING, BINARY, VARBINARY, BYTES, "
                    "DATE, TIME, TIMESTAMP and TIMESTAMP_LTZ",
                    text_)};
  }

  Status arguments(DataType& type) {
    const bool decimal = type.kind == TypeKind::kDecimal;
    const bool length =
        type.precision == kUnboundedLength || type.kind == TypeKind::kChar || type.kind == TypeKind::kBinary;
    const bool fraction =
        type.kind == TypeKind::kTime || type.kind == TypeKind::kTimestamp || type.kind == TypeKind::kTimestampLtz;
    if (!decimal && !length && !fraction) return unsupported();
    const auto first = number(fraction ? 0 : 1, decimal ? 38 : length ? kUnboundedLength : 9);
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
