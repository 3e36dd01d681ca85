#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "rocketlink/types.h"

namespace rocketlink {

/// What may stand in brackets behind a type's name.
enum class TypeArguments : std::uint8_t { kNone, kLength, kFraction, kDecimal };

/// A name of a type, in capitals; synonyms are names of their own.
struct TypeName {
  std::string_view text;
  TypeKind kind;
  TypeArguments arguments = TypeArguments::kNone;
  std::int32_t precision = 0;  ///< when none is written

  /// The type as the name alone means it: DECIMAL is DECIMAL(10, 0), TIMESTAMP is TIMESTAMP(6), VARCHAR holds any
  /// length (Flink's documents say 1, its DDL does otherwise, and the vendor's jobs rely on it).
  [[nodiscard]] DataType type() const { return {.kind = kind, .precision = precision}; }
};

/// All names that there are.
[[nodiscard]] std::span<const TypeName> type_names();
/// The name with this text, in capitals; null when there is none.
[[nodiscard]] const TypeName* find_type_name(std::string_view text);
/// The first name of a kind.
[[nodiscard]] const TypeName& type_name(TypeKind kind);
/// CHAR VARYING and BINARY VARYING, without a length.
[[nodiscard]] DataType varying(TypeKind kind);

/// The names as errors list them.
inline constexpr std::string_view kTypeList =
    "BOOLEAN, TINYINT, SMALLINT, INT, BIGINT, FLOAT, DOUBLE, DECIMAL, CHAR, VARCHAR, STRING, BINARY, VARBINARY, BYTES, "
    "DATE, TIME, TIMESTAMP and TIMESTAMP_LTZ";

}  // namespace rocketlink
