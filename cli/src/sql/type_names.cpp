#include "sql/type_names.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "rocketlink/type_names.h"
#include "sql/words.h"

namespace rocketlink::sql {

namespace {

/// Types of Flink that are known and refused by name.
constexpr std::array<std::string_view, 3> kForeign{"ARRAY", "MAP", "ROW"};

/// What other databases call it.
constexpr std::array<std::pair<std::string_view, std::string_view>, 24> kElsewhere{{
    {"BIGDECIMAL", "DECIMAL"},
    {"BLOB", "BYTES"},
    {"BOOL", "BOOLEAN"},
    {"BYTE", "TINYINT"},
    {"BYTEA", "BYTES"},
    {"CLOB", "STRING"},
    {"DATETIME", "TIMESTAMP"},
    {"FLOAT4", "FLOAT"},
    {"FLOAT8", "DOUBLE"},
    {"INT16", "SMALLINT"},
    {"INT2", "SMALLINT"},
    {"INT32", "INT"},
    {"INT4", "INT"},
    {"INT64", "BIGINT"},
    {"INT8", "BIGINT"},
    {"JSON", "STRING"},
    {"LONG", "BIGINT"},
    {"NUMBER", "DECIMAL"},
    {"NVARCHAR", "VARCHAR"},
    {"REAL", "FLOAT"},
    {"SHORT", "SMALLINT"},
    {"TEXT", "STRING"},
    {"TIMESTAMPTZ", "TIMESTAMP_LTZ"},
    {"VARCHAR2", "VARCHAR"},
}};

}  // namespace

std::string unknown_type_text(std::string_view name) {
  const std::string upper = upper_case(name);
  const auto elsewhere =
      std::find_if(kElsewhere.begin(), kElsewhere.end(), [&](const auto& pair) { return pair.first == upper; });
  std::string text = fmt::format("'{}' is no type of Flink SQL", shortened(name));
  if (elsewhere != kElsewhere.end()) return fmt::format("{}; {} is what it is called there", text, elsewhere->second);
  std::vector<std::string_view> names(kForeign.begin(), kForeign.end());
  for (const TypeName& known : type_names()) names.push_back(known.text);
  if (const auto near = near_word(name, names)) return fmt::format("{}; did you mean {}?", text, *near);
  return fmt::format("{}; there are {}", text, kTypeList);
}

}  // namespace rocketlink::sql
