#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "planner/context.h"
#include "planner/expression.h"
#include "planner/rewrite.h"
#include "planner/scope.h"

namespace rocketlink::planner {

/// A planned query: `columns` are expressions over `source` (a FROM item, empty: no FROM) where `condition` (empty:
/// none) holds.
struct Query {
  struct Column {
    std::string name;
    Expression value;
  };
  std::vector<Column> columns;
  std::string source;
  std::string condition;
  std::string scanned;

  /// As a SELECT whose columns are called c0, c1, …
  [[nodiscard]] std::string sql() const;
};

/// Plans whole queries: SELECT and VALUES without state.
class QueryPlanner {
 public:
  QueryPlanner(Context& context, const Catalog& catalog) : context_(context), catalog_(catalog) {}

  [[nodiscard]] Query plan(std::string_view query, std::size_t query_offset);

 private:
  struct Text {
    Rewritten rewritten;
    std::size_t offset;
  };
  /// A query of WITH, by name; `outer` are those before it.
  struct Named {
    std::string name;
    const nlohmann::json* query;
    std::vector<std::string> columns;
  };
  using Names = std::vector<Named>;

  [[nodiscard]] Query node(const nlohmann::json& node, const Text& text, Names names);
  [[nodiscard]] Query select(const nlohmann::json& node, const Text& text, const Names& names);
  [[nodiscard]] Query from(const nlohmann::json& table, const Text& text, const Names& names, Scope& scope);
  [[nodiscard]] Query table(const std::string& name, std::size_t offset, const Text& text, Names names, Scope& scope);
  [[nodiscard]] Query values(const nlohmann::json& table, const Text& text, Scope& scope);
  void refuse_stateful(const nlohmann::json& node, const Text& text) const;

  Context& context_;
  const Catalog& catalog_;
  std::size_t depth_ = 0;
};

}  // namespace rocketlink::planner
