#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "planner/expression.h"

namespace rocketlink::planner {

/// A column of a relation that a query reads.
struct ScopeColumn {
  std::string name;
  DataType type;
  std::string sql;
  bool null_literal = false;  ///< NULL in every row, of no type yet
};

/// What column names mean in a SELECT.
struct Scope {
  std::string relation;  ///< the name or alias that may qualify columns; empty: none
  std::vector<ScopeColumn> columns;
};

/// The column that `parts` (`column`, or `relation`, `column`) names. Throws Failure when there is none or several.
[[nodiscard]] const ScopeColumn& find_column(const Scope& scope, const std::vector<std::string>& parts,
                                             std::size_t offset);

/// "; did you mean 'x'?" when one of `known` is near, else nothing.
[[nodiscard]] std::string did_you_mean(std::string_view name, const std::vector<std::string>& known);

}  // namespace rocketlink::planner
