#include "planner/type_text.h"

#include <fmt/format.h>

#include <charconv>

#include "planner/failure.h"
#include "planner/types.h"
#include "rocketlink/type_names.h"

namespace rocketlink::planner {
namespace {

class Reader {
 public:
  Reader(const std::vector<Token>& tokens, std::size_t& at, std::size_t query_offset)
      : tokens_(tokens), at_(at), query_offset_(query_offset) {}

  DataType read() {
    const std::size_t begin = at_;
    const TypeName* const name = known_name();
    if (name == nullptr) {
      const std::string text = at_ < tokens_.size() ? tokens_[at_].text : "nothing";
      fail(offset(at_), fmt::format("'{}' is no type that the native runner knows; it knows {}", text, kTypeList),
           ErrorCode::kUnsupported);
    }
    ++at_;
    DataType type = name->type();
    if (type.kind == TypeKind::kDouble) (void)word("PRECISION");
    if ((type.kind == TypeKind::kChar || type.kind == TypeKind::kBinary) && word("VARYING")) type = varying(type.kind);
    if (name->arguments != TypeArguments::kNone && symbol("(")) read_arguments(type, name->arguments);
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

  [[nodiscard]] const TypeName* known_name() const {
    if (at_ >= tokens_.size()) return nullptr;
    for (const TypeName& name : type_names()) {
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

  void read_arguments(DataType& type, TypeArguments arguments) {
    switch (arguments) {
      case TypeArguments::kLength:
        type.precision = number(1, kUnboundedLength, "the length");
        break;
      case TypeArguments::kFraction:
        type.precision = number(0, 9, "the number of fraction digits");
        break;
      case TypeArguments::kDecimal:
        type.precision = number(1, kMaxPrecision, "the precision of DECIMAL");
        if (symbol(",")) type.scale = number(0, type.precision, "the scale of DECIMAL");
        break;
      case TypeArguments::kNone:
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
