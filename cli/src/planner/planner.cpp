#include "planner/planner.h"

#include <fmt/format.h>

#include <algorithm>

#include "planner/casts.h"
#include "planner/failure.h"
#include "planner/functions/functions.h"
#include "planner/literals.h"
#include "planner/operators.h"
#include "planner/query.h"
#include "planner/scope.h"
#include "planner/types.h"
#include "rocketlink/row/time_zone.h"

namespace rocketlink::planner {
namespace {

std::string schema_text(const std::vector<OutputColumn>& columns) {
  std::string out = "[";
  for (const OutputColumn& column : columns) {
    out += fmt::format("{}{}: {}", out.size() == 1 ? "" : ", ", column.name, to_string(column.type));
  }
  return out + "]";
}

/// What a query's columns are written to.
class Sink {
 public:
  Sink(const Target& target, std::size_t query_offset) : target_(target), query_offset_(query_offset) {
    for (const Column& column : target.schema->columns) {
      if (!column.is_virtual) persisted_.push_back(&column);
    }
    order();
  }

  /// For each persisted column which of the query's it gets, if any.
  [[nodiscard]] const std::vector<std::optional<std::size_t>>& sources() const { return sources_; }
  [[nodiscard]] const std::vector<const Column*>& persisted() const { return persisted_; }

  void check_count(const Query& query) const {
    const std::size_t wanted = target_.columns.empty() ? persisted_.size() : target_.columns.size();
    if (query.columns.size() == wanted) return;
    fail(query_offset_,
         fmt::format("the query gives {} column(s), {} '{}' takes {}; {}\n  Query schema: {}\n  Sink schema:  {}",
                     query.columns.size(), target_.columns.empty() ? "table" : "the list of columns behind table",
                     target_.name, wanted,
                     query.columns.size() < wanted && target_.columns.empty()
                         ? fmt::format("name those that it gives, INSERT INTO {} (…), or add the others", target_.name)
                         : "they must be as many",
                     query_schema(query), sink_schema()));
  }

  [[noreturn]] void incompatible(const Query& query, const Column& column, std::size_t source,
                                 const Expression& value) const {
    const bool explicitly = casts_explicitly(value.type, column.type);
    DataType wanted = column.type;
    wanted.nullable = true;
    fail(value.offset,
         fmt::format(
             "column '{}' of table '{}' is {}, but the query gives {} for it (column {}); {}\n  Query schema: {}\n"
             "  Sink schema:  {}",
             column.name, target_.name, to_string(wanted), to_string(value.type), source + 1,
             explicitly ? fmt::format("CAST it: CAST(… AS {})", to_string(wanted)) : "there is no cast between the two",
             query_schema(query), sink_schema()));
  }

 private:
  // From the names in INSERT INTO t (…), or all in order.
  void order() {
    sources_.resize(persisted_.size());
    if (target_.columns.empty()) {
      for (std::size_t i = 0; i < persisted_.size(); ++i) sources_[i] = i;
      return;
    }
    for (std::size_t i = 0; i < target_.columns.size(); ++i) {
      const std::string& name = target_.columns[i];
      const auto found = std::find_if(persisted_.begin(), persisted_.end(),
                                      [&](const Column* column) { return column->name == name; });
      const std::size_t at = i < target_.column_offsets.size() ? target_.column_offsets[i] : query_offset_;
      if (found == persisted_.end()) unknown(name, at);
      auto& source = sources_[static_cast<std::size_t>(found - persisted_.begin())];
      if (source) fail(at, fmt::format("column '{}' is named twice in INSERT INTO '{}'", name, target_.name));
      source = i;
    }
    for (std::size_t i = 0; i < persisted_.size(); ++i) {
      if (!sources_[i] && !persisted_[i]->type.nullable) {
        fail(query_offset_, fmt::format("column '{}' of table '{}' is NOT NULL, so INSERT INTO must give it a value",
                                        persisted_[i]->name, target_.name));
      }
    }
  }

  [[noreturn]] void unknown(const std::string& name, std::size_t at) const {
    std::vector<std::string> names;
    names.reserve(persisted_.size());
    for (const Column* column : persisted_) names.push_back(column->name);
    const auto& all = target_.schema->columns;
    const bool is_virtual = std::any_of(all.begin(), all.end(), [&](const Column& c) { return c.name == name; });
    fail(at,
         is_virtual ? fmt::format("column '{}' of table '{}' is VIRTUAL and cannot be written", name, target_.name)
                    : fmt::format("table '{}' has no column '{}'{}; it takes {}", target_.name, name,
                                  did_you_mean(name, names), fmt::join(names, ", ")),
         ErrorCode::kNotFound);
  }

  static std::string query_schema(const Query& query) {
    std::vector<OutputColumn> columns;
    columns.reserve(query.columns.size());
    for (const Query::Column& column : query.columns) columns.push_back({column.name, column.value.type});
    return schema_text(columns);
  }
  [[nodiscard]] std::string sink_schema() const {
    std::vector<OutputColumn> columns;
    columns.reserve(persisted_.size());
    for (const Column* column : persisted_) columns.push_back({column->name, column->type});
    return schema_text(columns);
  }

  const Target& target_;
  std::size_t query_offset_;
  std::vector<const Column*> persisted_;
  std::vector<std::optional<std::size_t>> sources_;
};

// What a column writes: the query's value with the sink's type. Whoever writes rows looks for NULL in NOT NULL columns.
Expression written(Context& context, const Expression& value, const Column& column) {
  Expression out = folded(value);
  // What Flink computes when it plans has the length and the digits of its type.
  if (value.constant && !value.null_literal && value.type.kind == TypeKind::kTime) {
    out.sql = fmt::format("rl_cut_time({}, {})", out.sql, value.type.precision);
  }
  if (value.constant && !value.null_literal && is_timestamp(value.type.kind) && value.type.precision < 3) {
    out.sql = fmt::format("rl_cut_moment({}, {})", out.sql, value.type.precision);
  }
  if (value.constant && !value.text && !value.null_literal && value.type.kind == TypeKind::kChar) {
    out.sql = fmt::format("rl_pad_text({}, {})", out.sql, value.type.precision);
  }
  out = convert(context, out, column.type);
  out.sql = fmt::format("CAST({} AS {})", out.sql, duck::type_name(column.type));
  return out;
}

Plan plan_insert(Context& context, const Catalog& catalog, std::string_view query_text, std::size_t query_offset,
                 const Target& target) {
  const Sink sink(target, query_offset);
  Query query = QueryPlanner(context, catalog).plan(query_text, query_offset);
  sink.check_count(query);
  Plan plan;
  plan.scanned = query.scanned;
  std::vector<Query::Column> columns;
  for (std::size_t i = 0; i < sink.persisted().size(); ++i) {
    const Column& column = *sink.persisted()[i];
    const auto source = sink.sources()[i];
    const Expression value = source ? query.columns[*source].value : null_literal();
    if (!value.null_literal && !casts_implicitly(value.type, column.type)) {
      sink.incompatible(query, column, *source, value);
    }
    columns.push_back({column.name, written(context, value, column)});
    plan.types.push_back(column.type);
  }
  query.columns = std::move(columns);
  plan.duckdb_sql = query.sql();
  return plan;
}

}  // namespace

Planner::Outcome Planner::plan(std::string_view query, std::size_t query_offset, const Target& target) {
  Outcome outcome;
  try {
    Context context{connection_, session_};
    outcome.plan = plan_insert(context, catalog_, query, query_offset, target);
    outcome.plan->warnings = std::move(context.warnings);
  } catch (const Failure& failure) {
    outcome.error = PlanError{failure.error, failure.offset};
  } catch (const nlohmann::json::exception& broken) {
    outcome.error =
        PlanError{Error(ErrorCode::kInternal, fmt::format("the query's tree is not as expected: {}", broken.what())),
                  query_offset};
  }
  return outcome;
}

Status register_functions(duck::Connection& connection, const Session& session) {
  auto zone = row::TimeZone::find(session.local_time_zone);
  if (!zone) return zone.error();
  functions::Settings settings;
  settings.zone = *zone;
  functions::Registrar registrar(connection.handle(), settings);
  functions::register_conversions(registrar);
  functions::register_number_functions(registrar);
  functions::register_text_functions(registrar);
  functions::register_binary_functions(registrar);
  functions::register_time_functions(registrar);
  functions::register_json_functions(registrar);
  if (!registrar.failed().empty()) {
    return Error(ErrorCode::kInternal, fmt::format("DuckDB does not take the function {}", registrar.failed()));
  }
  // A condition stays where the query has it: what is evaluated after another condition may fail where that one does
  // not hold.
  return connection.run("SET disabled_optimizers = 'filter_pushdown,filter_pullup,reorder_filter'");
}

}  // namespace rocketlink::planner
