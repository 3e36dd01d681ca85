#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "rocketlink/types.h"

namespace rocketlink::planner {

/// INTERVAL '…' unit: months, or milliseconds.
struct Interval {
  std::int64_t months = 0;
  std::int64_t millis = 0;
  bool is_months = false;
};

/// A typed expression and what it is in DuckDB.
struct Expression {
  std::string sql;  ///< an operand as it stands: a name, a literal, a call, or in parentheses
  DataType type;
  std::size_t offset = 0;               ///< of the guilty token, in the script
  bool null_literal = false;            ///< NULL, which has no type yet
  bool fallible = false;                ///< may end the job for some row
  bool constant = false;                ///< of literals alone, so Flink computes it when it plans
  std::optional<std::string> text;      ///< the value of a string literal
  std::optional<std::int64_t> integer;  ///< the value of an integer literal
  std::optional<Interval> interval;     ///< instead of everything else
};

using Expressions = std::vector<Expression>;

/// How `value` is written as a literal of DuckDB.
[[nodiscard]] std::string text_literal(std::string_view value);

}  // namespace rocketlink::planner
