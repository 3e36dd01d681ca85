#pragma once

#include <nlohmann/json.hpp>

#include "planner/context.h"
#include "planner/expression.h"
#include "planner/rewrite.h"
#include "planner/scope.h"

namespace rocketlink::planner {

/// From nodes of DuckDB's tree to typed expressions.
class ExpressionPlanner {
 public:
  ExpressionPlanner(Context& context, const Rewritten& query, std::size_t query_offset, const Scope& scope)
      : context_(context), query_(query), query_offset_(query_offset), scope_(scope) {}

  [[nodiscard]] Expression plan(const nlohmann::json& node);

  /// Where a node begins in the script; `otherwise` when the parser did not say.
  [[nodiscard]] std::size_t offset(const nlohmann::json& node, std::size_t otherwise) const;

 private:
  [[nodiscard]] Expression column(const nlohmann::json& node);
  [[nodiscard]] Expression constant(const nlohmann::json& node);
  [[nodiscard]] Expression number(std::size_t position);
  [[nodiscard]] Expression comparison(const nlohmann::json& node);
  [[nodiscard]] Expression is_truth_value(const nlohmann::json& node);
  [[nodiscard]] Expression op(const nlohmann::json& node);
  [[nodiscard]] Expression negation(const nlohmann::json& node);
  [[nodiscard]] Expression in_list(const nlohmann::json& node, bool negated);
  [[nodiscard]] Expression between(const nlohmann::json& node);
  [[nodiscard]] Expression case_when(const nlohmann::json& node);
  [[nodiscard]] Expression type_cast(const nlohmann::json& node);
  void refuse_overflow(const Expression& number, const Expression& decimal) const;
  [[nodiscard]] Expression function(const nlohmann::json& node);
  [[nodiscard]] Expression operator_call(const std::string& name, const nlohmann::json& node);
  [[nodiscard]] Expression like(const nlohmann::json& node, bool negated);
  [[nodiscard]] Expressions plan_all(const nlohmann::json& nodes);
  [[nodiscard]] DataType type_of_marker(const nlohmann::json& node);

  Context& context_;
  const Rewritten& query_;
  std::size_t query_offset_;
  const Scope& scope_;
  std::size_t last_ = 0;  // the last known offset, for nodes without one
};

}  // namespace rocketlink::planner
