#pragma once

#include <fmt/format.h>

#include <charconv>
#include <cstdint>

#include "rocketlink/type_names.h"
#include "sql/actions/lexical.h"
#include "sql/type_names.h"
#include "sql/words.h"

/// Makes a DataType of what was read.
namespace rocketlink::sql::grammar {

/// The number that was read last, within a range.
inline std::int32_t number_within(const Builder& b, std::int32_t least, std::int32_t most, std::string_view what) {
  const std::string& text = b.number.text;
  std::int32_t value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (problem != std::errc{} || value < least || value > most) {
    throw Failure{b.number.offset,
                  fmt::format("{} must be between {} and {}, not {}", what, least, most, shortened(text))};
  }
  return value;
}

template <TypeKind Kind, Text... Words>
struct Action<TypeName<Kind, Words...>> {
  static void apply0(Builder& b) { b.type = type_name(Kind).type(); }
};

template <>
struct Action<Varying> {
  static void apply0(Builder& b) { b.type = varying(b.type.kind); }
};

template <>
struct Action<WithLocalTimeZone> {
  static void apply0(Builder& b) { b.type.kind = TypeKind::kTimestampLtz; }
};

template <>
struct Action<TypeLength> {
  static void apply0(Builder& b) { b.type.precision = number_within(b, 1, kUnboundedLength, "the type's length"); }
};

template <>
struct Action<FractionDigits> {
  static void apply0(Builder& b) { b.type.precision = number_within(b, 0, 9, "the type's precision"); }
};

template <>
struct Action<Precision> {
  static void apply0(Builder& b) { b.type.precision = number_within(b, 1, 38, "the precision of DECIMAL"); }
};

template <>
struct Action<Scale> {
  static void apply0(Builder& b) { b.type.scale = number_within(b, 0, b.type.precision, "the scale of DECIMAL"); }
};

template <>
struct Action<ForeignType> {
  template <class Input>
  static void apply(const Input& in, Builder& b) {
    b.fail_refused(in.begin(),
                   "type {} is not done by the native engine; take a VARCHAR, or run the script with --flink");
  }
};

template <>
struct Action<UnknownType> {
  template <class Input>
  static void apply(const Input& in, Builder& b) {
    throw Failure{b.offset(in.begin()), unknown_type_text(in.string_view())};
  }
};

}  // namespace rocketlink::sql::grammar
