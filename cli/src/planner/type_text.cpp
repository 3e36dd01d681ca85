#include "planner/type_text.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <optional>

#include "planner/failure.h"

namespace rocketlink::planner {
namespace {

enum class Arguments : std::uint8_t { kNone, kLength, kFraction, kDecimal };

struct Name {
  std::string_view text;
  TypeKind kind;
  Arguments arguments = Arguments::kNone;
  std::int32_t precision = 0;  // when not given
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
    Name{"DECIMAL", TypeKind::kDecimal, Arguments::kDecimal, 10},
    Name{"DEC", TypeKind::kDecimal, Arguments::kDecimal, 10},
    Name{"NUMERIC", TypeKind::kDecimal, Arguments::kDecimal, 10},
    Name{"CHAR", TypeKind::kChar, Arguments::kLength, 1},
    Name{"CHARACTER", TypeKind::kChar, Arguments::kLength, 1},
    Name{"VARCHAR", TypeKind::kVarchar, Arguments::kLength, kUnboundedLength},
    Name{"STRING", TypeKind::kVarchar, Arguments::kNone, kUnboundedLength},
    Name{"BINARY", TypeKind::kBinary, Arguments::kLength, 1},
    Name{"VARBINARY", TypeKind::kVarbinary, Arguments::kLength, kUnboundedLength},
    Name{"BYTES", TypeKind::kVarbinary, Arguments::kNone, kUnboundedLength},
    Name{"DATE", TypeKind::kDate},
    Name{"TIME", TypeKind::kTime, Arguments::kFraction, 0},
    Name{"TIMESTAMP", TypeKind::kTimestamp, Arguments::kFraction, 6},
    Name{"TIMESTAMP_LTZ", TypeKind::kTimestampLtz, Arguments::kFraction, 6},
};

class Reader {
 public:
  Reader(const std::vector<Token>& tokens, std::size_t& at, std::size_t query_offset)
      : tokens_(tokens), at_(at), query_offset_(query_offset) {}

  DataType read() {
    const std::size_t begin = at_;
    const Name* name = known_name();
    if (name == nullptr) {
      const std::string text = at_ < tokens_.size() ? tokens_[at_].text : "nothing";
      fail(offset(at_),
           fmt::format("'{}' is no type that the native runner knows; it knows BOOLEAN, TINYINT, SMALLINT, "
                       "INT, BIGINT, FLOAT, DOUBLE, DECIMAL, CHAR, VARCHAR, STRING, BINARY, VARBINARY, "
                       "BYTES, DATE, TIME, TIMESTAMP, TIMESTAMP_LTZ",
                       text),
           ErrorCode::kUnsupported);
    }
    ++at_;
    DataType type{name->kind, name->precision, 0, true};
    Arguments arguments = name->arguments;
    if (type.kind == TypeKind::kDouble) (void)word("PRECISION");
    if (type.kind == TypeKind::kChar && name->text == "CHARACTER" && word("VARYING")) {
      type = DataType{TypeKind::kVarchar, kUnboundedLength, 0, true};
    }
    if (arguments != Arguments::kNone && symbol("(")) read_arguments(type, arguments);
    if (type.kind == TypeKind::kTimestamp || type.kind == TypeKind::kTime) read_zone(type, begin);
    if (word("NOT")) {
      if (!word("NULL")) fail(offset(at_), "NULL expected after NOT");
      type.nullable = false;
    }
    return type;
  }

 private:
  [[nodiscard]] std::size_t offset(std::size_t at) const {
    if (at < tokens_.size()) return query_offset_ + tokens_[at].begin;
    return query_offset_ + (tokens_.empty() ? 0 : tokens_.back().end);
  }

  [[nodiscard]] const Name* known_name() const {
    if (at_ >= tokens_.size()) return nullptr;
    for (const Name& name : kNames) {
      if (tokens_[at_].is_word(name.text)) return &name;
    }
    return nullptr;
  }

  bool word(std::string_view text) {
    const bool found = at_ < tokens_.size() && tokens_[at_].is_word(text);
    if (found) ++at_;
    return found;
  }

  bool symbol(std::string_view text) {
    const bool found = at_ < tokens_.size() && tokens_[at_].is_symbol(text);
    if (found) ++at_;
    return found;
  }

  std::int32_t number(std::int32_t low, std::int32_t high, std::string_view what) {
    std::int32_t value = -1;
    if (at_ < tokens_.size() && tokens_[at_].kind == TokenKind::kNumber) {
      const std::string& text = tokens_[at_].text;
      if (std::from_chars(text.data(), text.data() + text.size(), value).ptr != text.data() + text.size()) value = -1;
    }
    if (value < low || value > high) {
      fail(offset(at_), fmt::format("{} must be a number from {} to {}", what, low, high));
    }
    ++at_;
    return value;
  }

  void read_arguments(DataType& type, Arguments arguments) {
    switch (arguments) {
      case Arguments::kLength:
        type.precision = number(1, kUnboundedLength, "the length");
        break;
      case Arguments::kFraction:
        type.precision = number(0, 9, "the number of fraction digits");
        break;
      case Arguments::kDecimal:
        type.precision = number(1, 38, "the precision of DECIMAL");
        if (symbol(",")) type.scale = number(0, type.precision, "the scale of DECIMAL");
        break;
      case Arguments::kNone:
        break;
    }
    if (!symbol(")")) fail(offset(at_), "')' expected to end the type");
  }

  void read_zone(DataType& type, std::size_t begin) {
    if (word("WITHOUT")) {
      if (!word("TIME") || !word("ZONE")) fail(offset(at_), "TIME ZONE expected after WITHOUT");
    } else if (word("WITH")) {
      if (!word("LOCAL") || !word("TIME") || !word("ZONE") || type.kind == TypeKind::kTime) {
        fail(offset(begin), "of the types with a time zone only TIMESTAMP(p) WITH LOCAL TIME ZONE is there",
             ErrorCode::kUnsupported);
      }
      type.kind = TypeKind::kTimestampLtz;
    }
  }

  const std::vector<Token>& tokens_;
  std::size_t& at_;
  std::size_t query_offset_;
};

}  // namespace

DataType read_type(const std::vector<Token>& tokens, std::size_t& at, std::size_t query_offset) {
  return Reader(tokens, at, query_offset).read();
}

}  // namespace rocketlink::planner
