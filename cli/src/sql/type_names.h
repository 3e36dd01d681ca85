#pragma once

#include <string>
#include <string_view>

#include "rocketlink/types.h"

namespace rocketlink::sql {

/// A type as its name alone means it: DECIMAL is DECIMAL(10, 0), TIMESTAMP is TIMESTAMP(6), VARCHAR holds any length
/// (Flink's documents say 1, its DDL does otherwise, and the vendor's jobs rely on it).
[[nodiscard]] DataType type_without_arguments(TypeKind kind);

/// That there is no type `name`, with the type that is meant where that can be guessed.
[[nodiscard]] std::string unknown_type_text(std::string_view name);

}  // namespace rocketlink::sql
