#include "planner/query.h"

#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>

#include "planner/casts.h"
#include "planner/expressions.h"
#include "planner/failure.h"
#include "planner/operators.h"
#include "planner/syntax.h"

namespace rocketlink::planner {
namespace {

using nlohmann::json;

constexpr std::size_t kMostViews = 64;  // on top of each other; more are refused

[[noreturn]] void needs_state(std::size_t offset, std::string_view what) {
  unsupported(offset, fmt::format("{} needs state over the stream, which the native runner does not keep", what));
}

/// Where the first of some words stands in the query, else its begin. DuckDB's tree does not tell of clauses; as such a
/// clause is refused wherever it stands, the first will do.
std::size_t place_of(const Rewritten& query, std::size_t offset, std::initializer_list<std::string_view> words) {
  const auto& tokens = query.tokens;
  const auto found = std::find_if(tokens.begin(), tokens.end(), [&](const Token& token) {
    return std::any_of(words.begin(), words.end(), [&](std::string_view word) { return token.is_word(word); });
  });
  return found == tokens.end() ? offset : offset + found->begin;
}

Query over(const Query& source, Scope& scope) {
  Query out;
  out.source = "(" + source.sql() + ")";
  out.scanned = source.scanned;
  for (std::size_t i = 0; i < source.columns.size(); ++i) {
    const Expression& value = source.columns[i].value;
    scope.columns.push_back({source.columns[i].name, value.type, fmt::format("c{}", i), value.null_literal});
  }
  return out;
}

void rename(Scope& scope, const json& names, std::size_t offset) {
  if (names.empty()) return;
  if (names.size() != scope.columns.size()) {
    fail(offset, fmt::format("{} has {} columns, but {} names are given for them", scope.relation, scope.columns.size(),
                             names.size()));
  }
  for (std::size_t i = 0; i < names.size(); ++i) scope.columns[i].name = names[i];
}

}  // namespace

std::string Query::sql() const {
  std::string out = "SELECT ";
  for (std::size_t i = 0; i < columns.size(); ++i) {
    out += fmt::format("{}{} AS c{}", i == 0 ? "" : ", ", columns[i].value.sql, i);
  }
  if (!source.empty()) out += " FROM " + source;
  if (!condition.empty()) out += " WHERE " + condition;
  return out;
}

Query QueryPlanner::plan(std::string_view query, std::size_t query_offset) {
  Text text{rewrite(query, query_offset), query_offset};
  const json tree = read_syntax(context_.connection, text.rewritten, query, query_offset);
  return node(tree.at("node"), text, {});
}

Query QueryPlanner::node(const json& node, const Text& text, Names names) {
  if (node.at("type") == "SET_OPERATION_NODE") {
    const bool all = node.at("setop_type") == "UNION" && node.value("setop_all", false);
    const std::size_t at = place_of(text.rewritten, text.offset, {"UNION", "INTERSECT", "EXCEPT", "MINUS"});
    if (!all) needs_state(at, fmt::format("{} of two queries", node.at("setop_type").get<std::string>()));
    unsupported(at, "UNION ALL is not done by the native runner: give each query an INSERT INTO of its own");
  }
  if (node.at("type") != "SELECT_NODE") {
    unsupported(text.offset, fmt::format("a query of this form ({}) is not done by the native runner",
                                         node.at("type").get<std::string>()));
  }
  for (const json& entry : node.at("cte_map").at("map")) {
    const json& value = entry.at("value");
    names.push_back({entry.at("key"), &value.at("query").at("node"), value.at("aliases")});
  }
  refuse_stateful(node, text);
  return select(node, text, names);
}

void QueryPlanner::refuse_stateful(const json& node, const Text& text) const {
  const auto refuse = [&](std::initializer_list<std::string_view> words, std::string_view what) {
    needs_state(place_of(text.rewritten, text.offset, words), what);
  };
  if (!node.at("group_expressions").empty() || !node.at("group_sets").empty()) refuse({"GROUP"}, "GROUP BY");
  if (!node.at("having").is_null()) refuse({"HAVING"}, "HAVING");
  if (!node.at("qualify").is_null()) refuse({"QUALIFY"}, "QUALIFY");
  for (const json& modifier : node.at("modifiers")) {
    const std::string type = modifier.at("type");
    if (type == "DISTINCT_MODIFIER") refuse({"DISTINCT"}, "SELECT DISTINCT");
    if (type == "ORDER_MODIFIER") refuse({"ORDER"}, "ORDER BY");
    refuse({"LIMIT", "OFFSET", "FETCH"}, "LIMIT, OFFSET or FETCH");
  }
  if (!node.at("sample").is_null()) {
    unsupported(place_of(text.rewritten, text.offset, {"TABLESAMPLE"}), "TABLESAMPLE is not done by the native runner");
  }
}

Query QueryPlanner::select(const json& node, const Text& text, const Names& names) {
  const json& list = node.at("select_list");
  const json& table = node.at("from_table");
  Scope scope;
  Query out = from(table, text, names, scope);
  ExpressionPlanner expressions(context_, text.rewritten, text.offset, scope);
  for (const json& item : list) {
    const std::size_t at = expressions.offset(item, text.offset);
    if (item.at("class") == "STAR") {
      const std::string relation = item.value("relation_name", "");
      if (out.source.empty()) fail(at, "SELECT * needs a FROM");
      if (!relation.empty() && relation != scope.relation) {
        fail(at,
             fmt::format("there is no table '{}' here; the one that is read is called '{}'", relation, scope.relation),
             ErrorCode::kNotFound);
      }
      for (const ScopeColumn& column : scope.columns) {
        Expression value;
        value.sql = column.sql;
        value.type = column.type;
        value.null_literal = column.null_literal;
        value.offset = at;
        out.columns.push_back({column.name, value});
      }
      continue;
    }
    Expression value = expressions.plan(item);
    if (value.interval) unsupported(at, "a column of an INTERVAL type is not done by the native runner");
    std::string name = item.value("alias", "");
    if (name.empty() && item.at("class") == "COLUMN_REF") name = item.at("column_names").back();
    if (name.empty()) name = fmt::format("EXPR${}", out.columns.size());
    out.columns.push_back({std::move(name), std::move(value)});
  }
  if (const json& where = node.at("where_clause"); !where.is_null()) {
    if (out.source.empty()) fail(expressions.offset(where, text.offset), "WHERE needs a FROM");
    out.condition = as_condition(context_, expressions.plan(where), "the condition after WHERE").sql;
  }
  return out;
}

Query QueryPlanner::from(const json& table, const Text& text, const Names& names, Scope& scope) {
  const std::string type = table.at("type");
  const auto position = table.value("query_location", ~std::uint64_t{0});
  const std::size_t at = position == ~std::uint64_t{0} ? text.offset : text.offset + text.rewritten.original(position);
  const std::string alias = table.value("alias", "");
  if (type == "EMPTY") return {};
  if (!table.value("sample", json()).is_null()) unsupported(at, "TABLESAMPLE is not done by the native runner");
  Query out;
  if (type == "BASE_TABLE") {
    const std::string name = table.at("table_name");
    if (!table.value("schema_name", "").empty()) {
      fail(at, fmt::format("tables have no catalog or database in front of their names here; write `{}`", name));
    }
    out = this->table(name, at, text, names, scope);
    scope.relation = alias.empty() ? name : alias;
  } else if (type == "SUBQUERY") {
    out = over(node(table.at("subquery").at("node"), text, names), scope);
    scope.relation = alias;
  } else if (type == "EXPRESSION_LIST") {
    out = values(table, text, scope);
    scope.relation = alias;
  } else if (type == "JOIN") {
    needs_state(at, "a join");
  } else if (type == "TABLE_FUNCTION") {
    unsupported(at, "a table function (UNNEST, TUMBLE, LATERAL …) is not done by the native runner");
  } else {
    unsupported(at, fmt::format("FROM of this form ({}) is not done by the native runner", type));
  }
  rename(scope, table.value("column_name_alias", json::array()), at);
  return out;
}

Query QueryPlanner::table(const std::string& name, std::size_t at, const Text& text, Names names, Scope& scope) {
  for (std::size_t i = names.size(); i-- > 0;) {
    if (names[i].name != name) continue;
    const Named named = names[i];
    names.resize(i);  // it sees those before it
    Query out = over(node(*named.query, text, std::move(names)), scope);
    scope.relation = name;
    rename(scope, named.columns, at);
    return out;
  }
  if (const auto view = catalog_.view(name)) {
    if (++depth_ > kMostViews) fail(at, fmt::format("view '{}' is built on views more than {} deep", name, kMostViews));
    Query out = over(plan(view->query, view->query_offset), scope);
    --depth_;
    return out;
  }
  const auto relation = catalog_.relation(name);
  if (!relation) {
    fail(at,
         fmt::format("unknown table '{}'{}; it must be created before (names are case-sensitive)", name,
                     did_you_mean(name, catalog_.names())),
         ErrorCode::kNotFound);
  }
  Query out;
  out.source = relation->duckdb_name;
  out.scanned = name;
  const std::vector<Column>& columns = relation->schema->columns;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    scope.columns.push_back({columns[i].name, columns[i].type, fmt::format("c{}", i), false});
  }
  return out;
}

Query QueryPlanner::values(const json& table, const Text& text, Scope& scope) {
  const Scope nothing;
  ExpressionPlanner expressions(context_, text.rewritten, text.offset, nothing);
  std::vector<Expressions> rows;
  for (const json& row : table.at("values")) {
    Expressions values;
    for (const json& value : row) values.push_back(expressions.plan(value));
    rows.push_back(std::move(values));
  }
  const std::size_t width = rows.empty() ? 0 : rows.front().size();
  for (std::size_t column = 0; column < width; ++column) {
    Expressions all;
    all.reserve(rows.size());
    for (const Expressions& row : rows) all.push_back(row[column]);
    const bool nulls = std::all_of(all.begin(), all.end(), [](const Expression& value) { return value.null_literal; });
    const DataType type = nulls ? DataType{} : common_type_of(all, "the values of a column", all.front().offset);
    for (Expressions& row : rows) {
      const std::size_t at = row[column].offset;
      if (!row[column].null_literal && is_character(type.kind)) continue;  // a text stays as long as it is
      row[column] = convert(context_, row[column], type);
      row[column].offset = at;
    }
    scope.columns.push_back({fmt::format("EXPR${}", column), type, fmt::format("c{}", column), nulls});
  }
  Query out;
  out.source = "(VALUES ";
  for (std::size_t i = 0; i < rows.size(); ++i) {
    out.source += i == 0 ? "(" : ", (";
    for (std::size_t j = 0; j < rows[i].size(); ++j) out.source += (j == 0 ? "" : ", ") + rows[i][j].sql;
    out.source += ")";
  }
  out.source += ") AS v(";
  for (std::size_t j = 0; j < width; ++j) out.source += fmt::format("{}c{}", j == 0 ? "" : ", ", j);
  out.source += ")";
  return out;
}

}  // namespace rocketlink::planner
