#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "rocketlink/types.h"

namespace rocketlink::row {

/// All that is wrong with a table's columns, each a sentence that names the column and what is allowed; empty when
/// nothing is. Checked: ranges of precision and scale, metadata keys of the source and their types, at least one
/// column.
[[nodiscard]] std::vector<std::string> source_schema_problems(const Schema& schema);

/// The same for a sink: of its own metadata it writes `keys` and `tags` only; VIRTUAL columns are left out of account.
/// `partition_field` (empty: none) must be a column that is written.
[[nodiscard]] std::vector<std::string> sink_schema_problems(const Schema& schema, std::string_view partition_field);

/// BINARY or VARBINARY.
[[nodiscard]] constexpr bool is_binary(TypeKind kind) {
  return kind == TypeKind::kBinary || kind == TypeKind::kVarbinary;
}

/// CHAR or VARCHAR.
[[nodiscard]] constexpr bool is_character(TypeKind kind) {
  return kind == TypeKind::kChar || kind == TypeKind::kVarchar;
}

}  // namespace rocketlink::row
